using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Metering;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Gives the invoices of a preview their amounts: the present price lists, with the versions that are known for days to come.</summary>
public sealed class ForecastPrices(IReadOnlyDictionary<string, PriceList> lists) : IForecastPrices
{
    public decimal? AmountOf(ForecastLine line, ServicePlan plan, int users)
    {
        if (!lists.TryGetValue(plan.Billing.PriceList, out var list) || list.On(line.From) is not { } prices)
            return null;
        // A share of one under a plan that knows no parts: the month in which a contract begins is charged whole.
        var days = plan.Billing.ProRata ? new DayRange(line.From, line.Until) : new DayRange(BillingMonth.Of(line.From).First, BillingMonth.Of(line.Until).Last);
        return Money.Sum(UserLines.Of(days, users, prices.UserMonth, prices.Vat, LineKind.Users, new(null, null, users, null, false, null), wholeMonths: null).Select(one => one.Amount)).Euros;
    }
}
