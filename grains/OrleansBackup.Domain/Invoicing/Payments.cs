using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Money that came in for an invoice, or went back.</summary>
/// <param name="Id">Of the bank's line, so that the same payment is not booked twice.</param>
/// <param name="Amount">Below zero: it went back to the customer.</param>
[GenerateSerializer, Immutable, Alias("payment")]
public sealed record Payment([property: Id(0)] string Id, [property: Id(1)] string Invoice, [property: Id(2)] DateOnly On, [property: Id(3)] Money Amount, [property: Id(4)] string By);

/// <summary>An issued document as the provider's book lists it.</summary>
/// <param name="Owed">Below zero for a credit note.</param>
/// <param name="Corrects">The invoice that a credit note corrects: it lowers what is open of it.</param>
[GenerateSerializer, Immutable, Alias("booked-invoice")]
public sealed record BookedInvoice(
    [property: Id(0)] string Number,
    [property: Id(1)] TenantId Tenant,
    [property: Id(2)] CalendarMonth Month,
    [property: Id(3)] DateOnly IssuedOn,
    [property: Id(4)] DateOnly DueOn,
    [property: Id(5)] Money Owed,
    [property: Id(6)] string Sha256,
    [property: Id(7)] string? Corrects,
    [property: Id(8)] ImmutableArray<int> ReminderDays);

/// <summary>An invoice that is not paid in time.</summary>
/// <param name="Open">What is still owed.</param>
/// <param name="DaysLate">Since the day on which it had to be paid.</param>
/// <param name="Reminder">Which reminder is due by the plan: 1 the first; 0 none yet.</param>
[GenerateSerializer, Immutable, Alias("overdue-invoice")]
public sealed record OverdueInvoice([property: Id(0)] BookedInvoice Invoice, [property: Id(1)] Money Open, [property: Id(2)] int DaysLate, [property: Id(3)] int Reminder);

/// <summary>What is open and what was paid. Pure.</summary>
public static class Payments
{
    /// <summary>What is still owed of an invoice: without what was paid and what was credited.</summary>
    public static Money Open(BookedInvoice invoice, IEnumerable<BookedInvoice> all, IEnumerable<Payment> payments) =>
        invoice.Owed + Money.Sum(all.Where(one => one.Corrects == invoice.Number).Select(one => one.Owed)) - Money.Sum(payments.Where(one => one.Invoice == invoice.Number).Select(one => one.Amount));

    /// <summary>What had to be paid before this day and is not, the longest first.</summary>
    /// <remarks>Source: "facturen dienen binnen 14 dagen te worden voldaan". The day itself is in time.</remarks>
    public static ImmutableArray<OverdueInvoice> Overdue(IReadOnlyCollection<BookedInvoice> all, IReadOnlyCollection<Payment> payments, DateOnly today)
    {
        var (credits, paid) = (all.Where(one => one.Corrects is not null).ToLookup(one => one.Corrects), payments.ToLookup(one => one.Invoice));
        return
        [
            .. from invoice in all
               where invoice.Corrects is null && invoice.Owed > Money.Zero && invoice.DueOn < today
               let open = Open(invoice, credits[invoice.Number], paid[invoice.Number])
               where open > Money.Zero
               let late = today.DayNumber - invoice.DueOn.DayNumber
               orderby late descending, invoice.Number
               select new OverdueInvoice(invoice, open, late, invoice.ReminderDays.Count(day => late >= day)),
        ];
    }
}
