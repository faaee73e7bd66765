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
}

/// <summary>An order and the resource that it goes to.</summary>
[GenerateSerializer, Immutable, Alias("erasure-order-of")]
internal sealed record ErasureOrderOf([property: Id(0)] Domain.Identity.ResourceId Resource, [property: Id(1)] ErasureOrder Order);
