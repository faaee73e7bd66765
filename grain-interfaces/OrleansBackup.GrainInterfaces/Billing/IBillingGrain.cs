using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Metering;

namespace OrleansBackup.GrainInterfaces.Billing;

/// <summary>One month of one tenant: who was there on which day, and the documents that were issued in it, word for word.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId, CalendarMonth)"/>.</remarks>
[Alias("billing")]
public interface IBillingGrain : IGrainWithStringKey
{
    /// <summary>One look at the environment. Safe to repeat; several of a day are taken together.</summary>
    [Alias("take-usage")]
    Task TakeUsage(DateOnly day, ImmutableArray<MeteredAccount> seen, CancellationToken cancellation);

    /// <summary>Forgets who was there, and keeps how many. Safe to repeat.</summary>
    [Alias("forget-names")]
    Task ForgetNames(CancellationToken cancellation);

    [AlwaysInterleave, Alias("get-usage")]
    Task<MonthUsage> GetUsage(CancellationToken cancellation);

    /// <summary>Keeps an issued document. Safe to repeat with the same text.</summary>
    /// <exception cref="NotPossibleNowException">Under this number another text is kept: an invoice never changes.</exception>
    [Alias("keep-document")]
    Task KeepDocument(string number, string json, CancellationToken cancellation);

    /// <summary>The documents of this month as they were issued, in the order of issue.</summary>
    [AlwaysInterleave, Alias("list-documents")]
    Task<ImmutableArray<IssuedDocument>> ListDocuments(CancellationToken cancellation);

    /// <summary>After the loss of the database: takes over who was there, unless this month knows somebody. Safe to repeat.</summary>
    [Alias("recover-usage")]
    Task RecoverUsage(MonthUsage usage, CancellationToken cancellation);

    /// <summary>Enters usage from before the ledger. Safe to repeat.</summary>
    [Alias("enter-ledger")]
    Task EnterLedger(CancellationToken cancellation);

    /// <summary>Forgets documents whose legal term is over. Safe to repeat.</summary>
    [Alias("forget-documents")]
    Task ForgetDocuments(ImmutableArray<string> numbers, CancellationToken cancellation);

    /// <summary>Forgets everything of the month. Safe to repeat.</summary>
    [Alias("forget-month")]
    Task ForgetMonth(CancellationToken cancellation);
}

/// <summary>An issued document.</summary>
/// <param name="Json">Its canonical JSON as it was issued; read by <see cref="Domain.Invoicing.InvoiceFile"/>.</param>
/// <param name="Sha256">Of the text in UTF-8.</param>
[GenerateSerializer, Immutable, Alias("issued-document")]
public sealed record IssuedDocument([property: Id(0)] string Number, [property: Id(1)] string Json, [property: Id(2)] string Sha256);
