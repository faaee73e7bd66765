using System.Collections.Immutable;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Contracts;

/// <summary>A part of a forecast invoice: days of one plan.</summary>
/// <param name="Share">What part of a whole period of the plan's cycle these days are; 1 where the plan does not charge by days.</param>
/// <param name="Amount">Without tax, in the currency of the price list; null: prices are not known here.</param>
public sealed record ForecastLine(string Plan, DateOnly From, DateOnly Until, decimal Share, decimal? Amount);

/// <summary>An invoice that is going to be made if everything stays as it is.</summary>
public sealed record ForecastInvoice(DateOnly Day, DateOnly DueOn, ImmutableArray<ForecastLine> Lines)
{
    /// <summary>Null: an amount of a line is not known.</summary>
    public decimal? Amount => Lines.Any(line => line.Amount is null) ? null : Lines.Sum(line => line.Amount);
}

/// <summary>Gives the lines of a forecast their amounts; whoever knows prices and quantities.</summary>
public interface IForecastPrices
{
    /// <param name="users">How many users are expected.</param>
    /// <returns>Null: not known.</returns>
    decimal? AmountOf(ForecastLine line, ServicePlan plan, int users);
}

/// <summary>When the invoices of a contract fall and for which days each of them is.</summary>
/// <remarks>Pure. Every day of the contract stands on exactly one line, whatever plan it is under: a plan that changes inside a month makes two lines on one invoice.</remarks>
public static class InvoiceForecast
{
    /// <summary>Invoices whose day lies in the given days, oldest first.</summary>
    /// <param name="prices">Null: dates and shares only.</param>
    public static ImmutableArray<ForecastInvoice> Between(ContractTimeline timeline, DateOnly from, DateOnly until, IForecastPrices? prices = null, int users = 0) =>
        [.. Lines(timeline, until).Where(one => one.Day >= from && one.Day <= until).GroupBy(one => one.Day).OrderBy(day => day.Key).Select(day => new ForecastInvoice(
            day.Key, day.Key.AddDays(day.Last().Plan.Payment.TermDays),
            [.. day.OrderBy(one => one.Line.From).Select(one => one.Line with { Amount = prices?.AmountOf(one.Line, one.Plan, users) })]))];

    private static IEnumerable<(DateOnly Day, ServicePlan Plan, ForecastLine Line)> Lines(ContractTimeline timeline, DateOnly until)
    {
        foreach (var period in timeline.Periods)
        {
            var (plan, billing) = (period.Plan, period.Plan.Billing);
            for (var from = period.From; from <= until && (period.Until is not { } last || from <= last);)
            {
                var (start, next) = CycleOf(from, billing);
                var end = period.Until is { } stop && stop < next ? stop : next.AddDays(-1);
                var share = billing.ProRata ? decimal.Round((end.DayNumber - from.DayNumber + 1m) / (next.DayNumber - start.DayNumber), 6) : 1m;
                yield return (billing.InAdvance ? from : next, plan, new ForecastLine(plan.Id, from, end, share, null));
                from = end.AddDays(1);
            }
        }
    }

    /// <summary>The first day of the billing period that a day lies in, and that of the next.</summary>
    private static (DateOnly Start, DateOnly Next) CycleOf(DateOnly day, BillingTerms billing)
    {
        if (billing.Cycle == BillingCycle.Monthly)
            return (ContractDays.FirstOfMonth(day), ContractDays.FirstOfMonth(day).AddMonths(1));
        var start = new DateOnly(day.Year, billing.Month ?? 1, 1);
        if (start > day)
            start = start.AddYears(-1);
        return (start, start.AddYears(1));
    }
}
