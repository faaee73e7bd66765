using System.Collections.Immutable;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Metering;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Everything that one billing run of one customer looks at.</summary>
/// <param name="Month">The run is dated on the first of it.</param>
/// <param name="Charged">What earlier invoices charged.</param>
/// <param name="Work">Closed and on no invoice yet.</param>
/// <param name="DayOf">On which day of the contract's calendar an instant falls.</param>
public sealed record BillingCase(
    BillingMonth Month,
    ContractTimeline Contract,
    UsageHistory Usage,
    ImmutableArray<ChargedPeriod> Charged,
    ImmutableArray<WorkOrder> Work,
    IReadOnlyDictionary<string, PriceList> Prices,
    BillingProfile Profile,
    Func<DateTimeOffset, DateOnly> DayOf);

/// <summary>What a billing run comes to, before it has a number.</summary>
/// <param name="Lines">None: there is nothing to invoice.</param>
/// <param name="Charged">What is charged after it; periods of this run have no invoice number yet.</param>
/// <param name="Work">The orders that are charged on it.</param>
/// <param name="Held">What is due and cannot be charged yet, and why. It stays uncharged, and the next run tries again.</param>
public sealed record InvoiceDraft(
    ImmutableArray<InvoiceLine> Lines, ImmutableArray<ChargedPeriod> Charged, ImmutableArray<Guid> Work, ImmutableArray<HeldCharge> Held, int TermDays)
{
    /// <summary>What is charged after it, with the number under which this run's part was issued.</summary>
    public ImmutableArray<ChargedPeriod> ChargedBy(string number) => [.. Charged.Select(period => period.Invoice.Length == 0 ? period with { Invoice = number } : period)];
}

/// <summary>Days whose charge waits for something.</summary>
public sealed record HeldCharge(DateOnly From, DateOnly Until, string Reason);
