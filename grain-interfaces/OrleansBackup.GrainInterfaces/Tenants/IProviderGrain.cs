using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>The provider's list of customers: which tenants there are, so that somebody can walk over them.</summary>
/// <remarks>Key: <see cref="GrainKeys.Provider"/>.</remarks>
[Alias("provider")]
public interface IProviderGrain : IGrainWithStringKey
{
    /// <summary>Adds a tenant or renames it; safe to repeat.</summary>
    [Alias("enlist")]
    Task Enlist(TenantId tenant, string name, CancellationToken cancellation);

    /// <summary>Takes a tenant that has ended off the list; safe to repeat.</summary>
    [Alias("delist")]
    Task Delist(TenantId tenant, CancellationToken cancellation);

    /// <summary>The public key with which deletion records can be verified, as PEM; its private half is made at the first call.</summary>
    [Alias("get-deletion-key")]
    Task<string> GetDeletionKey(CancellationToken cancellation);

    /// <summary>Puts every tenant's key and credential under the provider's present key. Goes on by itself, also after a crash; one that is going is answered as it stands.</summary>
    /// <exception cref="InvalidRequestException">Who or why is missing.</exception>
    [Alias("start-key-rotation")]
    Task<ProviderJobStatus> StartKeyRotation(string who, string why, CancellationToken cancellation);

    /// <exception cref="NotFoundException">None was ever asked for.</exception>
    [Alias("get-key-rotation")]
    Task<ProviderJobStatus> GetKeyRotation(CancellationToken cancellation);

    /// <summary>Rebuilds tenants, resources and restore points from the stores and the key. Tenants that are in service are left as they are. Otherwise as the rotation.</summary>
    [Alias("start-recovery")]
    Task<ProviderJobStatus> StartRecovery(string who, string why, CancellationToken cancellation);

    /// <exception cref="NotFoundException">None was ever asked for.</exception>
    [Alias("get-recovery")]
    Task<ProviderJobStatus> GetRecovery(CancellationToken cancellation);

    /// <summary>A tenant says how it stands. Kept in memory only; a new activation asks every tenant.</summary>
    [AlwaysInterleave, Alias("tell-standing")]
    Task TellStanding(TenantId tenant, TenantStanding standing, CancellationToken cancellation);

    /// <summary>All tenants together, as far as they have told.</summary>
    [AlwaysInterleave, Alias("get-estate")]
    Task<EstateStanding> GetEstate(CancellationToken cancellation);

    /// <summary>Every tenant with how it stands, in the order of their names, in one answer: of a thousand tenants about a megabyte.</summary>
    [AlwaysInterleave, Alias("list-standings")]
    Task<ImmutableArray<ListedStanding>> ListStandings(CancellationToken cancellation);

    /// <summary>Every permission that the provider's app can use in a tenant and what for, none of them granted: what a new customer is asked.</summary>
    [AlwaysInterleave, Alias("list-permissions")]
    Task<ImmutableArray<PermissionState>> ListPermissions(CancellationToken cancellation);

    /// <summary>The stores that a tenant's backups can be in, in the order of their names.</summary>
    [AlwaysInterleave, Alias("list-stores")]
    Task<ImmutableArray<StoreListing>> ListStores(CancellationToken cancellation);

    /// <summary>Every tenant, in the order of their names.</summary>
    [Alias("list-tenants")]
    Task<ImmutableArray<TenantListing>> ListTenants(CancellationToken cancellation);
}

/// <summary>One line of the provider's list.</summary>
[GenerateSerializer, Immutable, Alias("tenant-listing")]
public sealed record TenantListing([property: Id(0)] TenantId Tenant, [property: Id(1)] string Name);

/// <summary>A store that is configured.</summary>
/// <param name="Region">As configured: a country or a provider's region; null: nobody said where it lies.</param>
/// <param name="IsDefault">Where a tenant goes that names none.</param>
[GenerateSerializer, Immutable, Alias("store-listing")]
public sealed record StoreListing([property: Id(0)] string Name, [property: Id(1)] string? Region, [property: Id(2)] bool IsDefault);
