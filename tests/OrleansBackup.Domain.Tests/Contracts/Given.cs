using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Tests.Contracts;

/// <summary>Contracts on the two plans that are sold.</summary>
internal static class Given
{
    public static readonly WorkingCalendar Netherlands = WorkingCalendar.Netherlands;

    public static readonly ImmutableSortedDictionary<string, string> Prerequisites = ImmutableSortedDictionary<string, string>.Empty.Add("m365-service", "Contract M-1");

    public static string Plan(string id) => PlanFile.Write(PlanFile.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans", $"{id}.json"))));

    public static Contract Contract(string plan, string start, params PlanOverride[] overrides) =>
        Domain.Contracts.Contract.Of(ContractDecisions.Make(Day(start), Plan(plan), [.. overrides], Prerequisites, "Contract 2026-1"));

    public static ContractDecisions On(this Contract contract, string today) => new(contract, Netherlands, Day(today));

    public static DateOnly? End(this Contract contract) => contract.EndOn(Netherlands);

    /// <summary>Notice that came in on a day and was processed on another, or not.</summary>
    public static Contract WithNotice(this Contract contract, string received, string? processed)
    {
        contract = contract.With(contract.On(received).ReceiveNotice(Day(received), "person1@example.nl", "Letter 1"));
        return processed is null ? contract : contract.With(contract.On(processed).ProcessNotice());
    }

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
