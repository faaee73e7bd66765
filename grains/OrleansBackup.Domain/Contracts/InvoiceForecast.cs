using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Contracts;

/// <summary>A part of a forecast invoice: days of one plan.</summary>
/// <param name="Share">What part of a whole period of the plan's cycle is charged, counted in months and days of a month; below zero: it is given back.</param>
/// <param name="Amount">Without tax, in euros; null: prices or users are not known here.</param>
public sealed record ForecastLine(string Plan, DateOnly From, DateOnly Until, decimal Share, decimal? Amount);

/// <summary>An invoice that is going to be made if everything stays as it is.</summary>
public sealed record ForecastInvoice(DateOnly Day, DateOnly DueOn, ImmutableArray<ForecastLine> Lines)
{
    /// <summary>Null: an amount of a line is not known.</summary>
    public decimal? Amount => Lines.Any(line => line.Amount is null) ? null : Lines.Sum(line => line.Amount);
}

/// <summary>When the invoices of a contract fall, for which days each of them is, and how much it comes to.</summary>
/// <remarks>Pure. It plays the billing runs to come with the same <see cref="InvoiceDrafter"/> that makes the invoices, so it cannot say anything else than what is going to be charged.</remarks>
public static class InvoiceForecast
{
    private const int MonthsOfYear = 12;

    /// <summary>Invoices whose day lies in the given days, oldest first.</summary>
    /// <param name="outlook">Null: dates and shares only.</param>
    public static ImmutableArray<ForecastInvoice> Between(ContractTimeline timeline, DateOnly from, DateOnly until, BillingOutlook? outlook = null) =>
        [.. Runs(timeline, until, outlook ?? new()).Where(run => !run.Draft.Lines.IsEmpty).Select(run => Told(run.Month, run.Draft, timeline, outlook)).Where(one => one.Day >= from && one.Day <= until)];

    /// <summary>How billing stands on a day, if all runs until then were made with what is known of the contract now.</summary>
    public static BillingOutlook Played(ContractTimeline timeline, DateOnly until, BillingOutlook outlook) =>
        Runs(timeline, until, outlook).LastOrDefault() is { Draft: not null } last ? outlook with { Charged = last.Draft.Charged, ClosedUntil = last.Month } : outlook;

    private static IEnumerable<(CalendarMonth Month, InvoiceDraft Draft)> Runs(ContractTimeline timeline, DateOnly until, BillingOutlook outlook)
    {
        var users = outlook.Users ?? 1; // shares are the same for any number
        var (charged, usage, prices) = (outlook.Charged, UsageHistory.Constant(users), PricesFor(timeline, outlook));
        var profile = outlook.Profile ?? new BillingProfile(new("", "", "", "", "", null, null, null, null), "", null, users);
        for (var month = outlook.ClosedUntil?.Next ?? CalendarMonth.Of(timeline.Start); month.First <= until; month = month.Next)
        {
            var draft = InvoiceDrafter.Draft(new BillingCase(month, timeline, usage, charged, [], prices, profile, ContractCalendar.Amsterdam.DayOf));
            charged = draft.ChargedBy("forecast");
            yield return (month, draft with { Charged = charged });
        }
    }

    /// <summary>A list that is not known has a price of one, so that its days are told; their amount is not.</summary>
    private static Dictionary<string, PriceList> PricesFor(ContractTimeline timeline, BillingOutlook outlook) => timeline.Periods.Select(period => period.Plan.Billing.PriceList).Distinct(StringComparer.Ordinal)
        .ToDictionary(id => id, id => outlook.Prices?.GetValueOrDefault(id) ?? new PriceList(id, new("", ""), [new(1, DateOnly.MinValue, Money.Exactly(1m), Money.Zero, VatCode.Standard)]), StringComparer.Ordinal);

    private static ForecastInvoice Told(CalendarMonth month, InvoiceDraft draft, ContractTimeline timeline, BillingOutlook? outlook)
    {
        var day = month.First < timeline.Start ? timeline.Start : month.First;
        return new(day, day.AddDays(draft.TermDays), [.. draft.Lines.Select(line => Told(line, timeline, outlook)).OrderBy(line => line.From)]);
    }

    private static ForecastLine Told(InvoiceLine line, ContractTimeline timeline, BillingOutlook? outlook)
    {
        var (plan, list) = (line.Basis.Plan!.Split('/')[0], line.Basis.Prices!.Split('/')[0]);
        var isYearly = timeline.Periods.First(period => period.Plan.Id == plan).Plan.Billing.Cycle == BillingCycle.Yearly;
        var share = (decimal)line.Quantity / line.Per / line.Basis.Users!.Value / (isYearly ? MonthsOfYear : 1);
        return new(plan, line.From, line.Until, decimal.Round(share, 6), outlook is { Users: not null, Prices: { } known } && known.ContainsKey(list) ? line.Amount.Euros : null);
    }
}
