using System.Collections.Immutable;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Contracts.Deeds;

/// <summary>How a field of a deed is filled in.</summary>
public enum DeedFieldKind
{
    Text,
    Lines,
    Day,
    Number,

    /// <summary>One of the customer's contacts, by address.</summary>
    Contact,
    Plan,
    Change,
    Check,

    /// <summary>Deviations from the plan, each with its written agreement.</summary>
    Overrides,

    /// <summary>What shows that the customer has what a plan requires.</summary>
    Prerequisites,
}

/// <param name="Required">False: it may stay empty.</param>
public sealed record DeedField(string Name, DeedFieldKind Kind, bool Required = true);

/// <summary>Something that a person at the provider does to a contract: its fields, and what it would be if it were done. Doing it is <see cref="DeedActs"/>.</summary>
/// <param name="Key">In addresses and texts.</param>
/// <param name="Consequence">It may make restore points unrecoverable: their list is computed, and a second person confirms it. Null: it takes nothing away by itself.</param>
/// <param name="Try">The event that it would add to the journal; null: none at once.</param>
internal sealed record Deed(string Key, ImmutableArray<DeedField> Fields, Func<ContractDecisions, FormInput, DateOnly, ContractEvent?>? Try = null, ActKind? Consequence = null)
{
    private static readonly DeedField By = new("by", DeedFieldKind.Contact), Reference = new("reference", DeedFieldKind.Text), Why = new("why", DeedFieldKind.Text);
    private static readonly DeedField On = new("on", DeedFieldKind.Day, false), Users = new("users", DeedFieldKind.Number, false);

    public static readonly ImmutableArray<Deed> All =
    [
        new("make", [new("plan", DeedFieldKind.Plan), new("start", DeedFieldKind.Day), Reference, new("prerequisites", DeedFieldKind.Prerequisites, false), new("overrides", DeedFieldKind.Overrides, false), Users]),
        new("processing-agreement", [new("signed-on", DeedFieldKind.Day, false), new("reference", DeedFieldKind.Text, false)], (_, input, _) => new ProcessingAgreementKept(FieldReader.Day(input["signed-on"]), input["reference"])),
        new("terms", [new("version", DeedFieldKind.Text), new("from", DeedFieldKind.Day), new("document", DeedFieldKind.Text)], (may, input, today) => may.PublishTerms(input["version"], FieldReader.Day(input["from"]) ?? today, input["document"])),
        new("notice", [By, On, Reference], (may, input, today) => may.ReceiveNotice(FieldReader.Day(input["on"]) ?? today, input["by"], input["reference"])),
        new("notice-process", [], (may, _, _) => may.ProcessNotice()),
        new("notice-withdraw", [By, Reference], (may, input, _) => may.WithdrawNotice(input["by"], input["reference"])),
        new("deletion", [new("on", DeedFieldKind.Day), Reference], (may, input, today) => may.AgreeDeletion(FieldReader.Day(input["on"]) ?? today, input["reference"])),
        new("export-secured", [By, Reference], (may, input, _) => may.ConfirmExport(input["by"], input["reference"])),
        new("change", [new("change", DeedFieldKind.Change), new("what", DeedFieldKind.Lines), By, On, Users], (may, input, today) => may.RequestChange(FieldReader.Change(input["change"]) ?? ChangeKind.Other, input["what"], FieldReader.Day(input["on"]) ?? today, input["by"])),
        new("change-close", [new("effective", DeedFieldKind.Day, false), new("outcome", DeedFieldKind.Lines), new("minutes", DeedFieldKind.Number, false)], (may, input, _) => may.CloseChange(FieldReader.Number(input["number"]) ?? 0, FieldReader.Day(input["effective"]), input["outcome"])),
        new("warn", [Why], (may, input, _) => may.WarnOfSuspension(input["why"])),
        new("call-off", [Why], (may, input, _) => may.CallOffSuspension(input["why"])),
        new("freeze", [new("until", DeedFieldKind.Day, false), Why], (may, input, _) => may.DecideFreeze(FieldReader.Day(input["until"]), input["why"])),
        new("lift", [Why], (may, input, _) => may.LiftSuspension(input["why"])),
        new("suspend", [Why], (may, input, _) => may.Suspend(input["why"]), ActKind.Suspend),
        new("plan", [new("plan", DeedFieldKind.Plan), new("from", DeedFieldKind.Day), new("new-term", DeedFieldKind.Check, false), Reference, Why, new("overrides", DeedFieldKind.Overrides, false), Users], null, ActKind.Plan),
        new("end", [Why], null, ActKind.End),
    ];

    public static Deed? Find(string key) => All.FirstOrDefault(deed => deed.Key == key);

    public bool Has(string field) => Fields.Any(one => one.Name == field);
}
