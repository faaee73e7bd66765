using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Reports;

/// <summary>What the report tells of the invoice: the count of each day with the names behind it, and the figure that is charged. Pure, by the rules of <see cref="InvoiceDrafter"/>.</summary>
public static class BillingBasisRules
{
    /// <param name="usage">Of the month and, where nobody looked in it, of the last before it in which somebody did.</param>
    /// <param name="agreed">The contract's own number of users, for plans that charge by it.</param>
    /// <param name="charged">What earlier invoices charged.</param>
    /// <returns>Null: the contract runs on no day of the month.</returns>
    public static BillingBasis? Of(CalendarMonth month, ContractTimeline contract, ImmutableArray<MonthUsage> usage, int? agreed, ImmutableArray<ChargedPeriod> charged)
    {
        ImmutableArray<DateOnly> days = [.. Enumerable.Range(0, month.Days).Select(month.First.AddDays).Where(contract.IsInForce)];
        if (days.IsEmpty)
            return null;
        var (seen, history, last) = (usage.FirstOrDefault(one => one.Month == month) ?? MonthUsage.Empty(month), new UsageHistory(usage), days[^1]);
        var terms = contract.PlanOn(last)!.Billing;
        ImmutableArray<DayUsage> counted = [.. days.Where(seen.IsObserved).Select(day => seen.On(day, contract.PlanOn(day)!.Billing.Users))];
        // Days that are charged on the same terms are charged together.
        var from = days.Reverse().TakeWhile(day => ChargedPeriods.TermsOf(contract.PlanOn(day)!.Billing) == ChargedPeriods.TermsOf(terms)).Last();
        var (metric, figure) = terms.Metric switch
        {
            BillingMetric.MaximumUsersInMonth => (new BothLanguages("Hoogste aantal gebruikers op een dag van de maand", "Highest number of users on a day of the month"), history.Maximum(from, last, terms.Users)?.Count),
            BillingMetric.UsersOnInvoiceDay => (new BothLanguages("Aantal gebruikers op de dag van de factuur", "Number of users on the day of the invoice"),
                charged.FirstOrDefault(period => period.Contains(last))?.Users ?? history.Last(last, terms.Users)?.Count),
            BillingMetric.AgreedNumber => (new BothLanguages("Afgesproken aantal gebruikers", "Agreed number of users"), agreed),
            var unknown => throw new InvalidOperationException($"Unknown metric {unknown}."),
        };
        return new BillingBasis(metric, [.. counted.Select(day => new DayCount(day.Day, day.Count))], figure ?? 0) { Accounts = Accounts(counted) };
    }

    private static ImmutableArray<CountedAccount> Accounts(ImmutableArray<DayUsage> counted) =>
    [
        .. counted.SelectMany(day => day.Accounts.Where(one => one.Counts).Select(one => (day.Day, one.Account))).GroupBy(one => one.Account.Id, StringComparer.Ordinal)
            .Select(days => new CountedAccount(days.Key, days.Last().Account.Name, days.Last().Account.Address, Spans(days.Select(one => one.Day))))
            .OrderBy(one => one.Name, StringComparer.OrdinalIgnoreCase).ThenBy(one => one.Id, StringComparer.Ordinal),
    ];

    private static ImmutableArray<DaySpan> Spans(IEnumerable<DateOnly> days)
    {
        var spans = ImmutableArray.CreateBuilder<DaySpan>();
        foreach (var day in days)
            if (spans.Count > 0 && spans[^1].Until.AddDays(1) == day)
                spans[^1] = spans[^1] with { Until = day };
            else
                spans.Add(new(day, day));
        return spans.ToImmutable();
    }
}
