using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Access;

/// <summary>The API keys of the installation. Never sees a secret: only hashes come here.</summary>
/// <remarks>Key: <see cref="GrainKeys.Provider"/>. Who may make or change which key is the caller's to check: see <see cref="Caller.Covers"/>.</remarks>
[Alias("access-key-book")]
public interface IAccessKeyBookGrain : IGrainWithStringKey
{
    /// <summary>Adds a key; it is valid when this returns.</summary>
    /// <exception cref="InvalidRequestException">It breaks a rule of <see cref="KeyRules"/>, or the name was given before.</exception>
    /// <exception cref="NotPossibleNowException">There are as many keys as one installation keeps.</exception>
    [Alias("create")]
    Task<AccessKey> Create(AccessKeyOrder order, AccessSecret secret, CancellationToken cancellation);

    /// <summary>Gives a key another secret and a whole new life; the secret before is taken until the grace is over.</summary>
    /// <exception cref="NotFoundException">There is no such key.</exception>
    /// <exception cref="NotPossibleNowException">It was revoked or has expired: make another.</exception>
    [Alias("rotate")]
    Task<AccessKey> Rotate(Guid key, AccessSecret secret, TimeSpan grace, CancellationToken cancellation);

    /// <summary>Ends a key and every secret of it, at once and for ever. Safe to repeat.</summary>
    /// <exception cref="NotFoundException">There is no such key.</exception>
    [Alias("revoke")]
    Task<AccessKey> Revoke(Guid key, string by, CancellationToken cancellation);

    /// <summary>In the order of their names, also those that have ended.</summary>
    [AlwaysInterleave, Alias("list")]
    Task<ImmutableArray<AccessKey>> List(CancellationToken cancellation);

    /// <summary>Whose secret this is the hash of, if it is valid now; its use is noted. Null: nobody's, or no longer.</summary>
    [AlwaysInterleave, Alias("find")]
    Task<AccessKeyHolder?> Find(string hash, CancellationToken cancellation);
}

/// <summary>A key that somebody wants. <see cref="Tenants"/> null: all.</summary>
[GenerateSerializer, Immutable, Alias("access-key-order")]
public sealed record AccessKeyOrder(
    [property: Id(0)] string Name, [property: Id(1)] ImmutableArray<Role> Roles, [property: Id(2)] ImmutableArray<TenantId>? Tenants, [property: Id(3)] TimeSpan Life, [property: Id(4)] string By);

/// <summary>A secret as it is kept.</summary>
/// <param name="Hash">SHA-256 in lower-case hex.</param>
/// <param name="Person">Who has seen it, and so answers for what is done with it.</param>
[GenerateSerializer, Immutable, Alias("access-secret")]
public sealed record AccessSecret([property: Id(0)] string Hash, [property: Id(1)] string Person);

/// <summary>Who signs in with a secret.</summary>
[GenerateSerializer, Immutable, Alias("access-key-holder")]
public sealed record AccessKeyHolder([property: Id(0)] AccessKey Key, [property: Id(1)] string Person);

/// <summary>Where the books of access are.</summary>
public static class AccessGrains
{
    public static IAccessKeyBookGrain AccessKeys(this IGrainFactory grains) => grains.GetGrain<IAccessKeyBookGrain>(GrainKeys.Provider);

    public static ISessionBookGrain Sessions(this IGrainFactory grains) => grains.GetGrain<ISessionBookGrain>(GrainKeys.Provider);

    public static IProposalBookGrain Proposals(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IProposalBookGrain>(GrainKeys.Of(tenant));
}
