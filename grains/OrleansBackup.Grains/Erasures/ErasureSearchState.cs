using System.Collections.Immutable;
using Orleans;
using OrleansBackup.GrainInterfaces.Erasures;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Erasures;

/// <summary>The searches of a tenant. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("erasure-search-state")]
internal sealed record ErasureSearchState : StoredState
{
    /// <summary>Newest first.</summary>
    [Id(0)] public ImmutableArray<ErasureSearch> Searches { get; init; } = [];

    /// <summary>What the newest has found. Ids only: no content stands here.</summary>
    [Id(1)] public ImmutableArray<FoundItem> Found { get; init; } = [];

    /// <summary>Resources that the newest has looked through, by local name.</summary>
    [Id(2)] public ImmutableHashSet<string> Searched { get; init; } = [];

    /// <summary>What the newest erases.</summary>
    [Id(3)] public ImmutableArray<ErasureOrderOf> Orders { get; init; } = [];

    /// <summary>Where the newest stopped within a resource because its list was full.</summary>
    [Id(4)] public FoundPlace? Place { get; init; }
}

/// <summary>An order and the resource that it goes to.</summary>
[GenerateSerializer, Immutable, Alias("erasure-order-of")]
internal sealed record ErasureOrderOf([property: Id(0)] Domain.Identity.ResourceId Resource, [property: Id(1)] ErasureOrder Order);

/// <summary>The last item that a list had room for.</summary>
/// <param name="Resource">By local name.</param>
/// <param name="Older">So many points were older than the one that had it. No number of a point: an erasure gives points new ones and keeps their order, and where old ones
/// have expired since, the same count leads to a newer point, which is looked at again.</param>
[GenerateSerializer, Immutable, Alias("found-place")]
internal sealed record FoundPlace([property: Id(0)] string Resource, [property: Id(1)] int Older, [property: Id(2)] string ItemId);
