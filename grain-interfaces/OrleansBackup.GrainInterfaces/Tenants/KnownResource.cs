using System.Text.Json.Serialization;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>One resource as its tenant knows it.</summary>
/// <param name="MissingSince">Since when Microsoft 365 has not listed it; not a deletion until the grace period is over.</param>
/// <param name="VanishedAt">When it was taken for gone.</param>
/// <param name="IsThere">Whether there was anything to protect when it was last seen. Stored under the name that it had when there were mailboxes only.</param>
[GenerateSerializer, Immutable, Alias("known-resource")]
public sealed record KnownResource(
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
    [property: Id(10), JsonPropertyName("HasMailbox")] bool IsThere)
{
    /// <summary>How large Microsoft 365 said that it is when it was last seen; null: it did not say.</summary>
    [Id(11)] public long? UsedBytes { get; init; }

    public ResourceListing Listing() => new(Resource, DisplayName, Address, Purpose, Protected, Reason, Since, VanishedAt, Health);
}

/// <summary>Something that a discovery met: an account and its mailbox, if it has one; a OneDrive, a site, a team; something that cannot be protected at all.</summary>
/// <param name="Purpose">user, shared, room, equipment; team, communication, subsite… as Microsoft 365 says.</param>
/// <param name="Problem">Why there is nothing to protect, or what is unclear.</param>
[GenerateSerializer, Immutable, Alias("discovered-mailbox")]
public sealed record DiscoveredResource(
    [property: Id(0)] ResourceId Resource,
    [property: Id(1)] string DisplayName,
    [property: Id(2)] string Address,
    [property: Id(3)] string Purpose,
    [property: Id(4)] bool IsThere,
    [property: Id(5)] string? Problem)
{
    /// <summary>How large Microsoft 365 says that it is; null: it does not say.</summary>
    [Id(6)] public long? UsedBytes { get; init; }
}
