using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Directory;

namespace OrleansBackup.Grains.Discovery;

/// <summary>Finds everything of one kind that a tenant has, whether it can be protected or not.</summary>
internal interface IResourceFinder
{
    ResourceKind Kind { get; }

    /// <summary>Everything there is now; of what could not be asked, what was known.</summary>
    /// <exception cref="TenantAccessException">The tenant does not permit looking.</exception>
    Task<ImmutableArray<DiscoveredResource>> FindAsync(DiscoveryScene scene, CancellationToken cancellation);
}

/// <summary>What the finders of one discovery look at.</summary>
/// <param name="Users">Every account of the tenant, read once for all.</param>
/// <param name="Known">What earlier discoveries found.</param>
internal sealed record DiscoveryScene(
    TenantId Tenant, GraphClient Client, ImmutableArray<DirectoryUser> Users, IReadOnlyDictionary<ResourceId, KnownResource> Known)
{
    public ResourceId Of(ResourceKind kind, string objectId) => new(Tenant, kind, objectId);

    /// <summary>As it was found before, for an answer from which nothing may be concluded.</summary>
    public DiscoveredResource? AsKnown(ResourceId resource) => Known.GetValueOrDefault(resource) is { } known
        ? new DiscoveredResource(known.Resource, known.DisplayName, known.Address, known.Purpose, known.Protected, null)
        : null;
}
