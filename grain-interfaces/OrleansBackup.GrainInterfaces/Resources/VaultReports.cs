using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.GrainInterfaces.Resources;

/// <summary>How far the reading of stored bytes has come, and what is damaged.</summary>
/// <param name="LastSliceAt">When a share was last read.</param>
/// <param name="LastRoundEndedAt">When all of it had been read for the last time; null: not yet.</param>
/// <param name="Items">The names of items that restore points lack until they are healed.</param>
/// <param name="Objects">The damaged objects and what is wrong with them.</param>
[GenerateSerializer, Immutable, Alias("scrub-report")]
public sealed record ScrubReport(
    [property: Id(0)] DateTimeOffset? LastSliceAt,
    [property: Id(1)] DateTimeOffset? LastRoundEndedAt,
    [property: Id(2)] ImmutableArray<string> Items,
    [property: Id(3)] ImmutableArray<string> Objects);

/// <summary>What a check of stored data found.</summary>
[GenerateSerializer, Immutable, Alias("vault-check")]
public sealed record VaultCheck(
    [property: Id(0)] bool EveryByte,
    [property: Id(1)] long ObjectsRead,
    [property: Id(2)] long BytesRead,
    [property: Id(3)] ImmutableArray<string> Findings);
