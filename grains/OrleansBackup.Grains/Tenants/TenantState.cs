using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>What a tenant remembers. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("tenant-state")]
internal sealed record TenantState
{
    [Id(0)] public string Name { get; init; } = "";
    [Id(1)] public TenantAccess? Access { get; init; }
    [Id(2)] public TenantSettings Settings { get; init; } = TenantSettings.Default;
    [Id(3)] public DateTimeOffset OnboardedAt { get; init; }
    [Id(4)] public DateTimeOffset? DiscoveredAt { get; init; }
    [Id(5)] public ImmutableArray<PermissionState> Permissions { get; init; } = [];

    /// <summary>Every resource ever seen, by its local name.</summary>
    [Id(6)] public ImmutableDictionary<string, KnownResource> Resources { get; init; } = ImmutableDictionary<string, KnownResource>.Empty;

    /// <summary>Restore jobs, newest first.</summary>
    [Id(7)] public ImmutableArray<RestoreJobId> Restores { get; init; } = [];

    /// <summary>What hinders the whole tenant, or null.</summary>
    [Id(8)] public string? Problem { get; init; }

    /// <summary>Local names of the resources that do not know yet how they stand. Written with the change itself, so that a crash forgets nobody.</summary>
    [Id(9)] public ImmutableHashSet<string> Untold { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>The name of the store that holds the backups; null in states from before there were names: the default store.</summary>
    [Id(10)] public string? Store { get; init; }

    /// <summary>Where the backups may lie.</summary>
    [Id(11)] public StorageDemand Storage { get; init; } = StorageDemand.Anywhere;

    /// <summary>When shared content was last swept to the end.</summary>
    [Id(12)] public DateTimeOffset? SweptAt { get; init; }

    /// <summary>Moves to other stores, newest first.</summary>
    [Id(13)] public ImmutableArray<TenantMoveStatus> Moves { get; init; } = [];

    /// <summary>The newest order to destroy the tenant; stays when everything else is forgotten.</summary>
    [Id(14)] public TenantDestructionStatus? Destruction { get; init; }
}

/// <summary>One resource as its tenant knows it.</summary>
/// <param name="MissingSince">Since when Microsoft 365 has not listed it; not a deletion until the grace period is over.</param>
/// <param name="VanishedAt">When it was taken for gone.</param>
/// <param name="HasMailbox">Whether there was anything to protect when it was last seen.</param>
[GenerateSerializer, Immutable, Alias("known-resource")]
internal sealed record KnownResource(
    [property: Id(0)] ResourceId Resource,
    [property: Id(1)] string DisplayName,
    [property: Id(2)] string Address,
    [property: Id(3)] string Purpose,
    [property: Id(4)] bool Protected,
    [property: Id(5)] string Reason,
    [property: Id(6)] DateTimeOffset Since,
    [property: Id(7)] DateTimeOffset? MissingSince,
    [property: Id(8)] DateTimeOffset? VanishedAt,
    [property: Id(9)] ResourceHealth? Health,
    [property: Id(10)] bool HasMailbox)
{
    public ResourceListing Listing() => new(Resource, DisplayName, Address, Purpose, Protected, Reason, Since, VanishedAt, Health);
}
