using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Metering;

namespace OrleansBackup.GrainInterfaces.Billing;

/// <summary>What one tenant is charged: takes its usage day by day, closes each month by itself, and corrects what was wrong.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId)"/>. A run that was begun comes to its end after any crash, under the number that it got.</remarks>
[Alias("billing-account")]
public interface IBillingAccountGrain : IGrainWithStringKey
{
    /// <summary>Who is in the environment at this moment. Called by the tenant after each discovery. Safe to repeat.</summary>
    [Alias("tell-usage")]
    Task TellUsage(DateTimeOffset at, ImmutableArray<MeteredAccount> seen, CancellationToken cancellation);

    /// <summary>Null: nobody has given one yet.</summary>
    [AlwaysInterleave, Alias("get-profile")]
    Task<BillingProfile?> GetProfile(CancellationToken cancellation);

    /// <summary>To whom and how invoices are made from now on; issued ones stay.</summary>
    /// <exception cref="InvalidRequestException">An invoice may not be made so.</exception>
    [Alias("set-profile")]
    Task SetProfile(BillingProfile profile, CancellationToken cancellation);

    /// <summary>Makes every invoice that is due by now and was not made. Safe to repeat; a reminder does it by itself.</summary>
    [ResponseTimeout("00:05:00"), Alias("bill-what-is-due")]
    Task<BillingStanding> BillWhatIsDue(CancellationToken cancellation);

    /// <summary>The tenant has ended: once its last invoice is issued, the names behind its daily counts are forgotten, and what was told of its work. Counts and documents stay. Safe to repeat.</summary>
    [ResponseTimeout("00:05:00"), Alias("end")]
    Task End(CancellationToken cancellation);

    [AlwaysInterleave, Alias("get-standing")]
    Task<BillingStanding> GetStanding(CancellationToken cancellation);

    /// <summary>Takes back an invoice or parts of it by a credit note.</summary>
    /// <param name="parts">None: all that is left of it.</param>
    /// <exception cref="NotFoundException">The tenant has no such invoice.</exception>
    /// <exception cref="InvalidRequestException">There is not so much left, or the reason is missing.</exception>
    [Alias("credit")]
    Task<IssuedDocument> Credit(string invoice, ImmutableArray<CreditPart> parts, string reason, string by, CancellationToken cancellation);

    /// <exception cref="NotFoundException">The tenant has no such document.</exception>
    [AlwaysInterleave, Alias("get-document")]
    Task<IssuedDocument> GetDocument(string number, CancellationToken cancellation);

    /// <summary>What was paid in the months before a day, and what was delivered in them.</summary>
    /// <param name="months">Null: as many as the contract says, or three.</param>
    [AlwaysInterleave, Alias("get-liability")]
    Task<LiabilityFigure> GetLiability(DateOnly? day, int? months, CancellationToken cancellation);

    /// <summary>After the loss of the database: takes over from the ledger how this account stood, with all its documents. The book of invoices comes first. Safe to repeat.</summary>
    /// <param name="usage">Months of which the tenant's ledger knows who was there.</param>
    /// <returns>What could not be read.</returns>
    [ResponseTimeout("00:05:00"), Alias("recover")]
    Task<ImmutableArray<string>> Recover(ImmutableArray<MonthUsage> usage, CancellationToken cancellation);

    /// <summary>Enters in the ledgers what was issued and counted before they were there. Safe to repeat.</summary>
    [ResponseTimeout("00:05:00"), Alias("enter-ledger")]
    Task EnterLedger(CancellationToken cancellation);

    /// <summary>Forgets documents whose legal term is over. What days were charged stays, so that none is charged again. Safe to repeat.</summary>
    [ResponseTimeout("00:05:00"), Alias("forget-documents")]
    Task ForgetDocuments(ImmutableArray<string> numbers, CancellationToken cancellation);

    /// <summary>Forgets the account of a customer of whom nothing has to be kept any more. Safe to repeat.</summary>
    [Alias("forget-account")]
    Task ForgetAccount(CancellationToken cancellation);
}

/// <summary>How a tenant's billing stands.</summary>
/// <param name="ClosedUntil">The last run that was made.</param>
/// <param name="Invoices">Numbers with the month of issue, oldest first.</param>
/// <param name="Charged">The days that were charged.</param>
/// <param name="Held">What is due and waits for something.</param>
/// <param name="CreditProposal">What was paid in advance for days after the end of the contract: a person decides.</param>
/// <param name="Problem">Why no run is made; null: nothing hinders.</param>
[GenerateSerializer, Immutable, Alias("billing-standing")]
public sealed record BillingStanding(
    [property: Id(0)] CalendarMonth? ClosedUntil,
    [property: Id(1)] ImmutableArray<InvoicePlace> Invoices,
    [property: Id(2)] ImmutableArray<ChargedPeriod> Charged,
    [property: Id(3)] ImmutableArray<string> Held,
    [property: Id(4)] ImmutableArray<InvoiceLine> CreditProposal,
    [property: Id(5)] string? Problem);

/// <param name="Month">Of the run that made it: where it is kept.</param>
[GenerateSerializer, Immutable, Alias("invoice-place")]
public sealed record InvoicePlace([property: Id(0)] string Number, [property: Id(1)] CalendarMonth Month);
