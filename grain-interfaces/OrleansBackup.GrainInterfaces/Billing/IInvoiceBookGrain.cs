using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;

namespace OrleansBackup.GrainInterfaces.Billing;

/// <summary>The provider's book of invoices: gapless numbers per year, payments, what is overdue.</summary>
/// <remarks>Key: <see cref="GrainKeys.Provider"/>.</remarks>
[Alias("invoice-book")]
public interface IInvoiceBookGrain : IGrainWithStringKey
{
    /// <summary>The next number of the year. Safe to repeat: the same cause gets the same number and day again. Whoever asks must already be bound to issue it, or there would be a gap.</summary>
    [Alias("reserve")]
    Task<InvoiceNumber> Reserve(string cause, DateOnly day, CancellationToken cancellation);

    /// <summary>Enters an issued document. Safe to repeat.</summary>
    /// <exception cref="NotPossibleNowException">The number was not reserved, or another document has it.</exception>
    [Alias("book")]
    Task Book(BookedInvoice invoice, CancellationToken cancellation);

    /// <summary>Books a payment. Safe to repeat: the bank's id of it is booked once.</summary>
    /// <exception cref="InvalidRequestException">The amount is nothing, or the same id was booked with other figures.</exception>
    /// <exception cref="NotFoundException">There is no such invoice of this tenant.</exception>
    [Alias("pay")]
    Task Pay(TenantId tenant, Payment payment, CancellationToken cancellation);

    /// <summary>Oldest first; null: of all tenants.</summary>
    [AlwaysInterleave, Alias("list-invoices")]
    Task<ImmutableArray<BookedInvoice>> List(TenantId? tenant, CancellationToken cancellation);

    [AlwaysInterleave, Alias("list-payments")]
    Task<ImmutableArray<Payment>> ListPayments(TenantId? tenant, CancellationToken cancellation);

    /// <summary>What had to be paid before this day and is not; null: of all tenants.</summary>
    [AlwaysInterleave, Alias("list-overdue")]
    Task<ImmutableArray<OverdueInvoice>> ListOverdue(DateOnly today, TenantId? tenant, CancellationToken cancellation);

    /// <summary>After the loss of the database: takes over from the ledger every document and payment that this book does not know, and goes on with the numbers behind them. Safe to repeat.</summary>
    /// <returns>What could not be read, and numbers that are missing.</returns>
    [ResponseTimeout("00:10:00"), Alias("recover")]
    Task<ImmutableArray<string>> Recover(CancellationToken cancellation);

    /// <summary>Enters payments from before the ledger. Safe to repeat.</summary>
    [ResponseTimeout("00:10:00"), Alias("enter-ledger")]
    Task EnterLedger(CancellationToken cancellation);

    /// <summary>What a number was given for; null: it was not given.</summary>
    [AlwaysInterleave, Alias("find-cause")]
    Task<string?> FindCause(string number, CancellationToken cancellation);

    /// <summary>Forgets documents whose legal term is over, with their payments. Safe to repeat. Numbers are never given again.</summary>
    [Alias("forget-documents")]
    Task ForgetDocuments(ImmutableArray<string> numbers, CancellationToken cancellation);
}

/// <summary>A number and the day that the document has with it.</summary>
[GenerateSerializer, Immutable, Alias("invoice-number")]
public sealed record InvoiceNumber([property: Id(0)] string Number, [property: Id(1)] DateOnly Day);
