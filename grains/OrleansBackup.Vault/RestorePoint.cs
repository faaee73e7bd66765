using System.Collections.Immutable;

namespace OrleansBackup.Vault;

/// <summary>A sealed state of a resource that can be put back.</summary>
/// <param name="Sequence">The number of the segment that sealed it: grows from point to point, with gaps.</param>
/// <param name="Run">The run that sealed it.</param>
/// <param name="StartedAt">When that run started, as the caller said.</param>
/// <param name="SealedAt">The vault's clock when it was sealed.</param>
/// <param name="ItemsByKind">How many items it holds of each kind; kinds without items are left out.</param>
/// <param name="LogicalBytes">The sum of the items' sizes, before deduplication and compression.</param>
/// <param name="Details">Whatever the caller wanted to keep with it.</param>
public sealed record RestorePoint(
    long Sequence, Guid Run, DateTimeOffset StartedAt, DateTimeOffset SealedAt,
    ImmutableSortedDictionary<string, long> ItemsByKind, long LogicalBytes, ImmutableSortedDictionary<string, string> Details);
