using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces.Rehearsals;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>What a book of rehearsals remembers. Additive: a field, once written, keeps its meaning. Records and inventories stand in pages of their own.</summary>
[GenerateSerializer, Immutable, Alias("rehearsal-state")]
internal sealed record RehearsalState : StoredState
{
    /// <summary>Newest first; the one that is going, if any, is the first.</summary>
    [Id(0)] public ImmutableArray<RehearsalListing> Rehearsals { get; init; } = [];

    /// <summary>SHA-256 of the last signed record: what the next seed follows from.</summary>
    [Id(1)] public string LastRecord { get; init; } = RehearsalDraw.NothingBefore;

    /// <summary>What the one that is going had to draw.</summary>
    [Id(2)] public ImmutableArray<DrawnItem> Drawn { get; init; } = [];

    /// <summary>What came of the first of them.</summary>
    [Id(3)] public ImmutableArray<RehearsedItem> Done { get; init; } = [];

    /// <summary>Who could not be asked what there is to draw from.</summary>
    [Id(5)] public ImmutableArray<UnreachedResource> Unreached { get; init; } = [];

    /// <summary>Why the last attempt ended early; null: it did not.</summary>
    [Id(4)] public string? Problem { get; init; }
}

/// <summary>Lines of evidence.</summary>
[GenerateSerializer, Immutable, Alias("rehearsal-page-state")]
internal sealed record RehearsalPageState : StoredState
{
    [Id(0)] public ImmutableArray<string> Lines { get; init; } = [];
}
