using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Consequences;

namespace OrleansBackup.Portal.Pages.Contracts.Deeds;

/// <summary>Reads the form of a deed, and plays it: what of the contract, of the coming invoices and of the restore points would be otherwise. Changes nothing.</summary>
internal sealed class DeedReader(IGrainFactory grains, WorkingCalendar working, PlanCatalog plans, LossReader losses, PortalRequest portal)
{
    public async Task<DeedModel> ReadAsync(string tenant, Deed deed, FormInput input, bool look, string? refused, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var (name, record) = (await grains.Tenant(id).GetName(cancellation), await RecordAsync(id, cancellation));
        if (record is null && deed.Key != "make")
            throw new ProblemException(Problem.NotFound("This tenant has no contract yet: make one first."));
        DeedEffect? effect = null;
        if (look && refused is null)
            try
            {
                effect = await PlayAsync(id, deed, input, record, cancellation);
            }
            catch (Exception problem) when (TextOf(problem) is not null)
            {
                refused = TextOf(problem);
            }
        var contract = record is null ? null : ContractBody.Of(record, working);
        return new DeedModel(new DeedView(
            id, name, deed, contract, [.. plans.All], await ContactsAsync(id, deed, cancellation), [.. plans.All.SelectMany(plan => Paths(JsonDocument.Parse(PlanFile.Write(plan)).RootElement, "")).Distinct().Order(StringComparer.Ordinal)],
            look ? input : Prefilled(deed, input, contract), effect, refused));
    }

    /// <summary>In the words of the service; null: it is an error and no refusal.</summary>
    public static string? TextOf(Exception exception) => exception is ContractRefusedException or PlanProblemException ? exception.Message : Refusals.TextOf(exception);

    private async Task<DeedEffect> PlayAsync(TenantId tenant, Deed deed, FormInput input, ContractRecord? record, CancellationToken cancellation)
    {
        if (record is null)
        {
            var order = ContractReader.Order(FieldReader.Contract(input));
            var made = Contract.Of(ContractDecisions.Make(order.Start, PlanFile.Write(PlanOf(order.Plan)), order.Overrides, order.Prerequisites, order.Reference));
            return new DeedEffect(Facts(null, made, portal.Today), [], Ahead(made, portal.Today, new BillingOutlook { Users = FieldReader.Number(input["users"]), Prices = await PricesAsync(cancellation) }), null);
        }
        var (contract, today, number) = (ContractBody.Read(record), record.Today, FieldReader.Number(input["users"]));
        var after = deed.Consequence == ActKind.Plan ? contract.With(Changed(contract, today, input)) : deed.Try?.Invoke(new ContractDecisions(contract, working, today), input, today) is { } happens ? contract.With(happens) : contract;
        var outlook = await ContractEndpoints.OutlookAsync(tenant, record, null, grains, working, cancellation);
        // Both begin with what was charged until now.
        outlook = outlook.ClosedUntil is not null ? outlook : InvoiceForecast.Played(contract.Timeline(working), today.AddDays(-1), outlook);
        var (now, then) = (Ahead(contract, today, outlook), Ahead(after, today, number is null ? outlook : outlook with { Users = number }));
        Losses? lost = null;
        if (deed.Consequence is { } kind)
            lost = await losses.OfListAsync(tenant, (await ConsequenceEndpoints.Foresee(tenant.ToString(), Order(kind, input), grains, cancellation)).Value!.Csv, cancellation);
        return new DeedEffect(Facts(contract, after, today), [.. now.Where(one => !then.Any(other => Same(one, other)))], [.. then.Where(one => !now.Any(other => Same(one, other)))], lost);
    }

    public static ActRequestBody Order(ActKind kind, FormInput input) => new(kind, input["why"], null, kind == ActKind.Plan ? FieldReader.Plan(input) : null);

    private PlanChanged Changed(Contract contract, DateOnly today, FormInput input)
    {
        var order = ContractReader.Plan(FieldReader.Plan(input), "", toTry: false);
        return new ContractDecisions(contract, working, today).ChangePlan(order.From, PlanFile.Write(PlanOf(order.Plan)), order.Overrides, order.NewTerm, order.Reference);
    }

    private ServicePlan PlanOf(string plan) => plans.Find(plan) ?? throw new ProblemException(Problem.InvalidField("plan", $"No plan '{plan}' is sold. List the plans to see those that are."));

    private ImmutableArray<PreviewEntryBody> Ahead(Contract contract, DateOnly today, BillingOutlook outlook) => PreviewBody.Of(new ContractPreview(working, outlook).Play(contract, today)).Entries;

    private static bool Same(PreviewEntryBody one, PreviewEntryBody other) => (one.Day, one.Kind, one.Plan, one.About, one.Amount) == (other.Day, other.Kind, other.Plan, other.About, other.Amount);

    private ImmutableArray<DeedFact> Facts(Contract? before, Contract after, DateOnly today)
    {
        DeedFact[] all =
        [
            new("plan", null, null, before?.AgreementOn(DateOnly.MaxValue).Plan.Id, after.AgreementOn(DateOnly.MaxValue).Plan.Id),
            new("terms", null, null, before?.TermsOn(DateOnly.MaxValue), after.TermsOn(DateOnly.MaxValue)),
            new("term-until", Term(before, today), Term(after, today)),
            new("end", before?.EndOn(working), after.EndOn(working)), new("destruction", before?.DestructionOn(working), after.DestructionOn(working)),
            new("notice", before?.Notice?.ReceivedOn, after.Notice?.ReceivedOn),
            new("warned", before?.Warning?.Earliest, after.Warning?.Earliest), new("suspension", before?.OpenSuspension?.From, after.OpenSuspension?.From), new("frozen", before?.OpenSuspension?.FrozenUntil, after.OpenSuspension?.FrozenUntil),
            new("processing", before?.ProcessingAgreement?.SignedOn, after.ProcessingAgreement?.SignedOn), new("export", before?.Export?.On, after.Export?.On),
            new("retention", null, null, before?.AgreementOn(DateOnly.MaxValue).Plan.Retention.Keep.ToString(), after.AgreementOn(DateOnly.MaxValue).Plan.Retention.Keep.ToString()),
            new("in-time", null, after.Changes.Length > (before?.Changes.Length ?? 0) ? after.Changes[^1].Asked.Deadline : null),
        ];
        return [.. all.Where(fact => (fact.Before, fact.TextBefore) != (fact.After, fact.TextAfter))];
    }

    private DateOnly? Term(Contract? contract, DateOnly today) => contract is null || today < contract.Start ? contract?.RulesOn(contract.Start, working).TermOn(contract.Start).Until : contract.RulesOn(today, working).TermOn(today).Until;

    private async Task<ContractRecord?> RecordAsync(TenantId tenant, CancellationToken cancellation)
    {
        try
        {
            return await grains.Contract(tenant).Get(cancellation);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyDictionary<string, Domain.Invoicing.PriceList>> PricesAsync(CancellationToken cancellation) =>
        (await grains.PriceBook().List(cancellation)).ToDictionary(list => list.Id, StringComparer.Ordinal);

    private async Task<ImmutableArray<(string, string)>> ContactsAsync(TenantId tenant, Deed deed, CancellationToken cancellation)
    {
        if (!deed.Fields.Any(field => field.Kind == DeedFieldKind.Contact))
            return [];
        var needed = deed.Key == "change" ? ContactAuthority.ChangeScope : ContactAuthority.EndContract;
        return [.. (await grains.NoticeBook(tenant).GetContacts(cancellation)).Where(contact => contact.Authority.Contains(needed)).Select(contact => (contact.Email, contact.Name))];
    }

    /// <summary>What is agreed now stands in the form of another plan, so that it is kept unless somebody takes it out.</summary>
    private static FormInput Prefilled(Deed deed, FormInput input, ContractBody? contract) => (deed.Key, contract) switch
    {
        ("plan", { } present) => FieldReader.WithOverrides(input.With("plan", present.Plan).With("from", Write(present.Today.AddDays(1))), present.Overrides),
        ("terms", { } present) => input.With("from", Write(present.Today.AddDays(30))),
        ("deletion", { DestructionOn: { } on }) => input.With("on", Write(on)),
        ("freeze", { Suspension.FrozenUntil: { } until }) => input.With("until", Write(until)),
        ("change-close", { } present) => input.With("effective", Write(present.Today)),
        _ => input,
    };

    private static string Write(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Paths(JsonElement document, string before) => document.ValueKind != JsonValueKind.Object ? [before]
        : document.EnumerateObject().Where(part => before.Length > 0 || part.Name is not ("id" or "version" or "name")).SelectMany(part => Paths(part.Value, before.Length == 0 ? part.Name : $"{before}.{part.Name}"));
}
