using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Metering;

namespace OrleansBackup.GrainInterfaces.Billing;

/// <summary>One month of one tenant: who was there on which day, and the documents that were issued in it, word for word.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId, BillingMonth)"/>.</remarks>
[Alias("billing")]
public interface IBillingGrain : IGrainWithStringKey
{
    /// <summary>One look at the environment. Safe to repeat; several of a day are taken together.</summary>
    [Alias("take-usage")]
    Task TakeUsage(DateOnly day, ImmutableArray<MeteredAccount> seen, CancellationToken cancellation);

    [AlwaysInterleave, Alias("get-usage")]
    Task<MonthUsage> GetUsage(CancellationToken cancellation);

    /// <summary>Keeps an issued document. Safe to repeat with the same text.</summary>
    /// <exception cref="NotPossibleNowException">Under this number another text is kept: an invoice never changes.</exception>
    [Alias("keep-document")]
    Task KeepDocument(string number, string json, CancellationToken cancellation);

    /// <summary>The documents of this month as they were issued, in the order of issue.</summary>
    [AlwaysInterleave, Alias("list-documents")]
    Task<ImmutableArray<IssuedDocument>> ListDocuments(CancellationToken cancellation);
}

/// <summary>An issued document.</summary>
/// <param name="Json">Its canonical JSON as it was issued; read by <see cref="Domain.Invoicing.InvoiceFile"/>.</param>
/// <param name="Sha256">Of the text in UTF-8.</param>
[GenerateSerializer, Immutable, Alias("issued-document")]
public sealed record IssuedDocument([property: Id(0)] string Number, [property: Id(1)] string Json, [property: Id(2)] string Sha256);
