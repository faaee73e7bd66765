using System.Collections.Immutable;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Decides what one billing run charges: users of the time that is due and was not charged, what was paid for time that is served on other terms, and work. Pure.</summary>
/// <remarks>
/// A day is charged once: whatever is due and in no <see cref="ChargedPeriod"/> is charged, however it came about: a month that just ended, the year that begins, the rest
/// of a year after a start in it, days on a new plan, a cancellation that was withdrawn. A suspension changes nothing: the contract goes on.
/// Sources: "gebaseerd op het maximale aantal gebruikers in de betreffende maand"; "voor een periode van 12 maanden in rekening gebracht in januari".
/// </remarks>
public static class InvoiceDrafter
{
    public static InvoiceDraft Draft(BillingCase of)
    {
        var (lines, held) = (new List<InvoiceLine>(), ImmutableArray.CreateBuilder<HeldCharge>());
        var charged = Return(of, lines);
        var fresh = new List<ChargedPeriod>();
        foreach (var (range, plan) in DayRange.Runs(of.Contract.Start, Latest(of), day => charged.Covers(day) ? null : Due(of, day)))
            foreach (var piece in plan.Billing.Metric == BillingMetric.MaximumUsersInMonth ? range.ByMonth().Select(one => one.Part) : [range])
                switch (Charge(of, plan, piece, lines))
                {
                    case { Period: { } period }:
                        fresh.Add(period);
                        break;
                    case { Held: { } reason }:
                        held.Add(new(piece.From, piece.Until, reason));
                        break;
                }
        var work = WorkLines.Of(of, held);
        lines.AddRange(work.Select(one => one.Line));
        return new([.. lines], [.. charged, .. fresh], [.. work.Select(one => one.Order)], held.ToImmutable(), TermDays(of));
    }

    /// <summary>The plan by which a day is to have been charged by this run; null: it is not due, or there is no contract on it.</summary>
    private static PlanKey? Due(BillingCase of, DateOnly day)
    {
        if (of.Contract.Periods.FirstOrDefault(period => period.Contains(day)) is not { } period || !of.Contract.IsInForce(day) || day <= of.Profile.ChargedElsewhereUntil)
            return null;
        var (terms, run) = (period.Plan.Billing, of.Month.First);
        var until = (terms.Cycle, terms.InAdvance) switch
        {
            (BillingCycle.Monthly, false) => run.AddDays(-1),
            (BillingCycle.Monthly, true) => of.Month.Last,
            (BillingCycle.Yearly, true) => YearBegin(terms, run).AddYears(1).AddDays(-1),
            // What ended in the course of a year is not kept waiting for its end.
            (BillingCycle.Yearly, false) => (period.Until ?? of.Contract.End) is { } last && last < run ? last : YearBegin(terms, run).AddDays(-1),
            var unknown => throw new InvalidOperationException($"Unknown cycle {unknown}."),
        };
        return day <= until && period.From <= (terms.InAdvance && terms.Cycle == BillingCycle.Yearly ? run : until) ? new PlanKey(period.Plan, terms.Cycle == BillingCycle.Yearly ? YearBegin(terms, day) : default) : null;
    }

    /// <summary>The first day of the billing year that a day is in.</summary>
    private static DateOnly YearBegin(BillingTerms terms, DateOnly day) =>
        new DateOnly(day.Year, terms.Month!.Value, 1) is var begin && begin <= day ? begin : begin.AddYears(-1);

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;

    private static DateOnly Latest(BillingCase of) => Earlier(of.Contract.End ?? DateOnly.MaxValue, of.Month.First.AddYears(1));

    /// <summary>Takes back what was charged for days that are now served on other terms. Days after the end of a contract are no such days: a person decides on those.</summary>
    private static ImmutableArray<ChargedPeriod> Return(BillingCase of, List<InvoiceLine> lines)
    {
        var (charged, plans) = (of.Charged, of.Contract.Periods.Select(plan => (plan.From, Until: plan.Until ?? DateOnly.MaxValue, Terms: ChargedPeriods.TermsOf(plan.Plan.Billing))).ToList());
        foreach (var period in of.Charged)
            foreach (var plan in plans.Where(plan => plan.Terms != period.Terms))
            {
                var range = new DayRange(Later(period.From, plan.From), Earlier(period.Until, Earlier(plan.Until, of.Contract.End ?? DateOnly.MaxValue)));
                if (range.From > range.Until)
                    continue;
                lines.AddRange(UserLines.Of(range, -period.Users, period.UserMonth, period.Vat, LineKind.AdvanceReturned, period.Basis with { TakenFrom = period.Invoice }, wholeMonths: null));
                charged = charged.Without(range.From, range.Until);
            }

        return charged;
    }

    private static (ChargedPeriod? Period, string? Held) Charge(BillingCase of, PlanKey key, DayRange piece, List<InvoiceLine> lines)
    {
        var (plan, terms) = (key.Plan, key.Billing);
        if (!of.Prices.TryGetValue(terms.PriceList, out var list) || list.On(piece.From) is not { } prices)
            return (null, $"The price list '{terms.PriceList}' has no prices for {piece.From:yyyy-MM-dd}.");
        var users = terms.Metric switch
        {
            BillingMetric.MaximumUsersInMonth => of.Usage.Maximum(piece.From, piece.Until, terms.Users),
            BillingMetric.UsersOnInvoiceDay => of.Usage.Last(of.Month.First, terms.Users),
            BillingMetric.AgreedNumber => of.Profile.AgreedUsers is { } agreed ? new UsageMaximum(piece.From, agreed, IsCarried: false) : null,
            var unknown => throw new InvalidOperationException($"Unknown metric {unknown}."),
        };
        if (users is null)
            return (null, terms.Metric == BillingMetric.AgreedNumber ? "No number of users was agreed for this customer." : "Nobody has looked yet at how many users there are.");
        var basis = new LineBasis($"{plan.Id}/{plan.Version}", $"{list.Id}/{prices.Version}", users.Count, users.Day, users.IsCarried, null);
        var vat = of.Profile.Vat ?? prices.Vat;
        if (users.Count > 0)
            lines.AddRange(UserLines.Of(piece, users.Count, prices.UserMonth, vat, terms.InAdvance ? LineKind.UsersInAdvance : LineKind.Users, basis, terms.ProRata ? null : of.Contract));
        return (new(piece.From, piece.Until, users.Count, prices.UserMonth, vat, ChargedPeriods.TermsOf(terms), basis, ""), null);
    }

    private static int TermDays(BillingCase of) => (of.Contract.PlanOn(of.Month.First) ?? of.Contract.Periods[^1].Plan).Payment.TermDays;

    /// <summary>A plan as far as charging sees it: days on equal ones are charged together, but never two billing years, for each has its own price.</summary>
    private sealed class PlanKey(ServicePlan plan, DateOnly year) : IEquatable<PlanKey>
    {
        private readonly (string Terms, bool ProRata, DateOnly Year) _key = (ChargedPeriods.TermsOf(plan.Billing), plan.Billing.ProRata, year);

        public ServicePlan Plan => plan;

        public BillingTerms Billing => plan.Billing;

        public bool Equals(PlanKey? other) => other is not null && other._key == _key;

        public override bool Equals(object? obj) => Equals(obj as PlanKey);

        public override int GetHashCode() => _key.GetHashCode();
    }
}
