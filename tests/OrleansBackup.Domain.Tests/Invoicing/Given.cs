using System.Collections.Immutable;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Invoicing;

/// <summary>The plans and prices as they are delivered, and small environments to bill.</summary>
internal static class Given
{
    public static readonly string Accensys = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans", "accensys.json"));

    public static readonly string JpIct = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans", "jp-ict.json"));

    public static readonly BillingParty Provider = new("Voorbeeld Beheer B.V.", "Kade 1", "Utrecht", "3511 AA", "NL", "12345678", "NL123456789B01", "NL91ABNA0417164300", "facturen@example.nl");

    public static readonly BillingProfile Customer = new(new("Klant & Zonen \"<B.V.>\"", "Plein 2", "Zwolle", "8011 AB", "NL", "87654321", "NL987654321B01", null, "boekhouding@example.nl"), "PO 7", null, null);

    public static readonly TenantId Tenant = TenantId.Parse("11111111-2222-3333-4444-555555555555");

    public static ImmutableDictionary<string, PriceList> Prices() => new[] { "accensys", "jp-ict" }
        .Select(id => PriceListFile.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "prices", $"{id}.json")))).ToImmutableDictionary(list => list.Id);

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    public static MeteredAccount Member(string id) => new(id, $"Person {id}", $"{id}@example.nl", true, false, true, "user");

    public static ContractTimeline Contract(string start, string? end, params (string From, string Plan)[] periods) => new(Day(start), end is null ? null : Day(end),
        [.. periods.Select((one, at) => new PlanPeriod(Day(one.From), at + 1 < periods.Length ? Day(periods[at + 1].From).AddDays(-1) : end is null ? null : Day(end), one.Plan))], []);

    /// <summary>So many users on each day of some months.</summary>
    public static UsageHistory Users(string firstMonth, int months, Func<DateOnly, int> count)
    {
        var usage = new List<MonthUsage>();
        var month = BillingMonth.Parse(firstMonth);
        for (var at = 0; at < months; at++, month = month.Next)
        {
            var one = MonthUsage.Empty(month);
            for (var day = month.First; day <= month.Last; day = day.AddDays(1))
                one = one.With(day, Enumerable.Range(1, count(day)).Select(number => Member($"m{number}")));
            usage.Add(one);
        }

        return new(usage);
    }

    public static BillingCase Case(string month, ContractTimeline contract, UsageHistory usage, ImmutableArray<ChargedPeriod>? charged = null, params WorkOrder[] work) =>
        new(BillingMonth.Parse(month), contract, usage, charged ?? [], [.. work], Prices(), Customer, ContractCalendar.Amsterdam.DayOf);

    public static WorkOrder Work(WorkKind kind, string closedOn, int minutes, bool delivered = true) =>
        new(new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, (byte)kind]), kind, "subject", new("Werk", "Work"), null, DateTimeOffset.UnixEpoch)
        {
            Closing = new(ContractCalendar.Amsterdam.At(Day(closedOn), TimeSpan.FromHours(12)), minutes, delivered),
        };

    public static Invoice Issue(InvoiceDraft draft, BillingMonth month, string number = "2026-00001", BillingProfile? profile = null) =>
        Invoice.Of(number, Tenant, month, month.First, draft.TermDays, Provider, profile ?? Customer, draft.Lines, null);

    /// <summary>All runs of some months, each going on from the one before.</summary>
    public static IEnumerable<(BillingMonth Month, InvoiceDraft Draft)> BillingRuns(string from, int months, ContractTimeline contract, UsageHistory usage)
    {
        ImmutableArray<ChargedPeriod> charged = [];
        var month = BillingMonth.Parse(from);
        for (var at = 0; at < months; at++, month = month.Next)
        {
            var draft = InvoiceDrafter.Draft(Case(month.ToString(), contract, usage, charged));
            charged = draft.Charged;
            yield return (month, draft);
        }
    }

    public static BothLanguages Both(string text) => new(text, text);

    public static WorkTerms WorkOf(string plan) => PlanFile.Read(plan).Work;
}
