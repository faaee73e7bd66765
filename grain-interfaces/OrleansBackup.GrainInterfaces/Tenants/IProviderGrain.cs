using System.Collections.Immutable;
using Orleans;
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

    /// <summary>Every tenant, in the order of their names.</summary>
    [Alias("list-tenants")]
    Task<ImmutableArray<TenantListing>> ListTenants(CancellationToken cancellation);
}

/// <summary>One line of the provider's list.</summary>
[GenerateSerializer, Immutable, Alias("tenant-listing")]
public sealed record TenantListing([property: Id(0)] TenantId Tenant, [property: Id(1)] string Name);
