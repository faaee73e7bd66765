using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;

namespace OrleansBackup.Domain.Keeping;

/// <summary>An invoice with everything that happened to it. Kept whole and deleted whole: half of it would show money that nobody owes.</summary>
/// <param name="Last">The day on which something happened last.</param>
/// <param name="Documents">The invoice and its credit notes.</param>
public sealed record InvoiceMatter(TenantId Tenant, DateOnly Last, ImmutableArray<BookedInvoice> Documents, ImmutableArray<Payment> Payments)
{
    /// <summary>All matters of a book, the oldest first. Pure.</summary>
    public static ImmutableArray<InvoiceMatter> Of(IEnumerable<BookedInvoice> booked, IEnumerable<Payment> payments)
    {
        var paid = payments.ToLookup(one => one.Invoice, StringComparer.Ordinal);
        return
        [
            .. from document in booked
               group document by document.Corrects ?? document.Number into matter
               let money = matter.SelectMany(one => paid[one.Number]).ToImmutableArray()
               let last = matter.Select(one => one.IssuedOn).Concat(money.Select(one => one.On)).Max()
               orderby last, matter.Key
               select new InvoiceMatter(matter.First().Tenant, last, [.. matter.OrderBy(one => one.Number, StringComparer.Ordinal)], money),
        ];
    }
}
