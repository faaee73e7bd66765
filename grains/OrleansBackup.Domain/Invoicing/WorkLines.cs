using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>The lines for work that the customer pays, at the rate of the day on which it was closed.</summary>
internal static class WorkLines
{
    public const int MinutesPerHour = 60;

    public static ImmutableArray<(Guid Order, InvoiceLine Line)> Of(BillingCase of, ImmutableArray<HeldCharge>.Builder held)
    {
        var lines = ImmutableArray.CreateBuilder<(Guid, InvoiceLine)>();
        foreach (var order in of.Work.Where(order => order is { Closing: not null, Invoice: null }).OrderBy(order => order.Closing!.At).ThenBy(order => order.Id))
        {
            var (closing, day) = (order.Closing!, of.DayOf(order.Closing!.At));
            // Work before the first day or after the last is done on the terms that were nearest.
            var plan = of.Contract.PlanOn(day) ?? (day < of.Contract.Start ? of.Contract.Periods[0] : of.Contract.Periods[^1]).Plan;
            if (day >= of.Month.First || !WorkCharging.Decide(order, plan.Work).Charged || closing.Minutes == 0)
                continue;
            if (!of.Prices.TryGetValue(plan.Billing.PriceList, out var list) || list.On(day) is not { } prices)
            {
                held.Add(new(day, day, $"The price list '{plan.Billing.PriceList}' has no rate for {day:yyyy-MM-dd}."));
                continue;
            }
            var when = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            lines.Add((order.Id, new InvoiceLine(0, LineKind.Work, new($"{order.Description.Nl}, {when}", $"{order.Description.En}, {when}"), day, day, closing.Minutes, QuantityUnit.Minutes,
                prices.SupportHour, MinutesPerHour, InvoiceLine.AmountOf(closing.Minutes, prices.SupportHour, MinutesPerHour), of.Profile.Vat ?? prices.Vat,
                new LineBasis($"{plan.Id}/{plan.Version}", $"{list.Id}/{prices.Version}", null, null, false, order.Id))));
        }

        return lines.ToImmutable();
    }
}
