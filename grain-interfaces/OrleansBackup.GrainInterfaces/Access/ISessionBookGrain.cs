using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Access;

/// <summary>The sessions of browsers. A session that is ended here is ended, whoever kept its cookie.</summary>
/// <remarks>Key: <see cref="GrainKeys.Provider"/>. Knows the hash of each cookie only.</remarks>
[Alias("session-book")]
public interface ISessionBookGrain : IGrainWithStringKey
{
    /// <summary>Begins a session. The oldest goes when there are as many as are kept.</summary>
    [Alias("begin")]
    Task Begin(string hash, BrowserSession session, CancellationToken cancellation);

    /// <summary>The session, if it goes on; null: it has ended, or never was.</summary>
    [AlwaysInterleave, Alias("find")]
    Task<BrowserSession?> Find(string hash, CancellationToken cancellation);

    /// <summary>Ends a session. Safe to repeat.</summary>
    [Alias("end")]
    Task End(string hash, CancellationToken cancellation);
}

/// <summary>Who a browser is signed in as: by a key, which is asked again at each call, or as the organisation's sign-in said.</summary>
/// <param name="KeyHash">The hash of the API key; null: signed in at the organisation.</param>
/// <param name="Account">What the organisation's sign-in said; null: signed in with a key.</param>
[GenerateSerializer, Immutable, Alias("browser-session")]
public sealed record BrowserSession([property: Id(0)] string? KeyHash, [property: Id(1)] SignedInAccount? Account, [property: Id(2)] DateTimeOffset ExpiresAt);

/// <summary>An account at the organisation's sign-in, as far as it concerns this service.</summary>
/// <param name="Email">Only an address that the sign-in vouches for; null: none.</param>
/// <param name="Tenants">Null: the sign-in names none.</param>
[GenerateSerializer, Immutable, Alias("signed-in-account")]
public sealed record SignedInAccount(
    [property: Id(0)] string Name, [property: Id(1)] string Person, [property: Id(2)] string? Email, [property: Id(3)] ImmutableArray<Role> Roles, [property: Id(4)] ImmutableArray<TenantId>? Tenants);
