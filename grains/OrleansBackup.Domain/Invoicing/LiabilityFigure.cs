using Orleans;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>What a customer paid in the months before a day: where a contract ends liability at that.</summary>
/// <param name="From">The first day that counts.</param>
/// <param name="Day">The last.</param>
/// <param name="Paid">By the dates of payments, with VAT.</param>
/// <param name="Accrued">What was delivered in the same days, without VAT, whenever it was paid: a year that was paid in January is worth something in June.</param>
/// <remarks>Source: "beperkt tot het bedrag dat klant in de laatste 3 maanden heeft betaald"; with a prepaid year that may be nothing, so both figures are given.</remarks>
[GenerateSerializer, Immutable, Alias("liability-figure")]
public sealed record LiabilityFigure([property: Id(0)] DateOnly From, [property: Id(1)] DateOnly Day, [property: Id(2)] Money Paid, [property: Id(3)] Money Accrued)
{
    /// <param name="months">Of the plan: 3.</param>
    public static LiabilityFigure Of(DateOnly day, int months, IEnumerable<Payment> payments, IEnumerable<Invoice> invoices)
    {
        var from = day.AddMonths(-months).AddDays(1);
        var accrued = invoices.Sum(invoice => invoice.Lines.Sum(line => Share(line, from, day)) * (invoice.Kind == DocumentKind.CreditNote ? -1 : 1));
        return new(from, day, Money.Sum(payments.Where(one => one.On >= from && one.On <= day).Select(one => one.Amount)), Money.Round(accrued));
    }

    private static decimal Share(InvoiceLine line, DateOnly from, DateOnly until)
    {
        var (first, last) = (line.From > from ? line.From : from, line.Until < until ? line.Until : until);
        return first > last ? 0m : line.Amount.Euros * (last.DayNumber - first.DayNumber + 1) / (line.Until.DayNumber - line.From.DayNumber + 1);
    }
}
