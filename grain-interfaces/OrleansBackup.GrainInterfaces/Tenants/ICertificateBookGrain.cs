using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>The certificates of the provider's own app registration, with which it signs in to many tenants: one registration, one certificate to add to it, however many customers there are.</summary>
/// <remarks>Key: <see cref="GrainKeys.Provider"/>. A tenant that uses one has a copy of its own, so that it needs nobody else to sign in, also when the database is lost.</remarks>
[Alias("certificate-book")]
public interface ICertificateBookGrain : IGrainWithStringKey
{
    /// <inheritdoc cref="ITenantGrain.MakeCertificate"/>
    [ResponseTimeout("00:01:00"), Alias("make")]
    Task<AppCertificate> Make(TimeSpan life, CancellationToken cancellation);

    /// <inheritdoc cref="ITenantGrain.TakeCertificate"/>
    [Alias("take")]
    Task<AppCertificate> Take(GivenCertificate given, CancellationToken cancellation);

    /// <summary>Oldest first. Which of them a tenant uses, the tenant says.</summary>
    [AlwaysInterleave, Alias("list")]
    Task<ImmutableArray<AppCertificate>> List(CancellationToken cancellation);

    /// <summary>For tenants only; null: there is no such certificate.</summary>
    [AlwaysInterleave, Alias("find")]
    Task<KeptCertificate?> Find(string certificate, CancellationToken cancellation);

    /// <summary>No tenant begins to use it any more; those that do go on. Safe to repeat.</summary>
    [Alias("remove")]
    Task Remove(string certificate, CancellationToken cancellation);

    /// <summary>Puts the private keys under the provider's present key. Safe to repeat.</summary>
    [Alias("rewrap-keys")]
    Task<bool> RewrapKeys(CancellationToken cancellation);

    /// <summary>Begins again with what the ledger has, when the database is lost. A book that has certificates is left as it is.</summary>
    [Alias("recover")]
    Task Recover(ImmutableArray<KeptCertificate> kept, CancellationToken cancellation);
}

/// <summary>A certificate as it is stored: in states, on the tenant's card in the vault, and in the provider's ledger. Additive.</summary>
/// <param name="Id">As <see cref="AppCertificate.Id"/>.</param>
/// <param name="ProvenAt">As <see cref="AppCertificate.ProvenAt"/>.</param>
[GenerateSerializer, Immutable, Alias("kept-certificate")]
public sealed record KeptCertificate(
    [property: Id(0)] string Id, [property: Id(1)] WrappedCertificate Wrapped, [property: Id(2)] CertificateOrigin Origin, [property: Id(3)] DateTimeOffset CreatedAt,
    [property: Id(4)] DateTimeOffset NotAfter, [property: Id(5)] DateTimeOffset? ProvenAt)
{
    /// <summary>The tenant's copy of one of the provider's: its end concerns many tenants and is told once for all.</summary>
    [Id(6)] public bool IsProviders { get; init; }
}
