using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.GrainInterfaces.Billing;

/// <summary>The work that was done for one tenant: opened by whatever causes it, closed with its time, taken over by the next invoice.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId)"/>.</remarks>
[Alias("work-order-book")]
public interface IWorkOrderBookGrain : IGrainWithStringKey
{
    /// <summary>Opens an order. Safe to repeat: the same kind, subject and cause are the same work, whether it still goes on or not.</summary>
    /// <param name="subject">What the work is on, unique for this piece of work: the id of a restore job, of a change request…</param>
    /// <param name="causeReference">Where the cause is recorded, or null.</param>
    /// <exception cref="InvalidRequestException">The subject or the description is missing or too long.</exception>
    [Alias("open")]
    Task<WorkOrder> Open(WorkKind kind, string subject, BothLanguages description, string? causeReference, CancellationToken cancellation);

    /// <summary>Ends the work with the time spent. Safe to repeat with the same figures.</summary>
    /// <param name="delivered">Whether the customer got what it was for; a restore that did not deliver is not charged.</param>
    /// <exception cref="NotFoundException">There is no such order.</exception>
    /// <exception cref="NotPossibleNowException">It was closed with other figures.</exception>
    [Alias("close")]
    Task<WorkOrder> Close(Guid order, int minutes, bool delivered, CancellationToken cancellation);

    /// <summary>A person decides who pays, against the plan's rule or where it has none.</summary>
    /// <exception cref="InvalidRequestException">The reason, who decided, or the agreement that the plan asks for is missing.</exception>
    /// <exception cref="NotPossibleNowException">It is on an invoice already; a credit note corrects that.</exception>
    [Alias("decide")]
    Task<WorkOrder> Decide(Guid order, bool charge, string reason, string? agreement, string by, CancellationToken cancellation);

    /// <summary>All orders, newest first.</summary>
    [AlwaysInterleave, Alias("list-work-orders")]
    Task<ImmutableArray<WorkOrder>> List(CancellationToken cancellation);

    /// <summary>What was closed before this moment and is on no invoice, or already on this one.</summary>
    [AlwaysInterleave, Alias("list-for-invoice")]
    Task<ImmutableArray<WorkOrder>> ListForInvoice(DateTimeOffset closedBefore, string? invoice, CancellationToken cancellation);

    /// <summary>Notes on which invoice these are. Safe to repeat.</summary>
    [Alias("mark-invoiced")]
    Task MarkInvoiced(ImmutableArray<Guid> orders, string invoice, CancellationToken cancellation);

    /// <summary>Forgets everything, at the end of the tenant. Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);

    /// <summary>After the loss of the database: takes these over, unless this book knows any. Safe to repeat.</summary>
    [Alias("recover")]
    Task Recover(ImmutableArray<WorkOrder> orders, CancellationToken cancellation);

    /// <summary>Enters work from before the ledger. Safe to repeat.</summary>
    [Alias("enter-ledger")]
    Task EnterLedger(CancellationToken cancellation);
}
