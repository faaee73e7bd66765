using System.Collections.Immutable;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault.Retention;

/// <summary>Which bases and segments the kept points need, and which bases have to be written first.</summary>
/// <remarks>
/// Pure. From each kept point to the next leads either the shortest way that there is, or, where a point between them is dropped,
/// one base that takes the place of everything between: with that goes what only the dropped point held. What follows the
/// newest point stays as it is.
/// </remarks>
/// <param name="Unreachable">A stretch that no way leads through: objects are missing, and nothing may be removed.</param>
internal sealed record PrunePlan(
    ImmutableArray<RestorePoint> Kept, ImmutableArray<RestorePoint> Dropped, ImmutableArray<BaseRange> ToWrite,
    ImmutableHashSet<BaseRange> Bases, ImmutableSortedSet<long> Segments, BaseRange? Unreachable)
{
    /// <param name="points">The points that exist, oldest first; at least one.</param>
    public static PrunePlan Make(LogCatalog catalog, IReadOnlyList<RestorePoint> points, IReadOnlySet<long> keep)
    {
        var newest = points[^1].Sequence;
        var kept = points.Where(p => p.Sequence == newest || keep.Contains(p.Sequence)).ToImmutableArray();
        var dropped = points.Where(p => p.Sequence != newest && !keep.Contains(p.Sequence)).ToImmutableArray();
        var segments = catalog.Segments.Where(s => s >= newest).ToImmutableSortedSet().ToBuilder();
        var (bases, toWrite) = (ImmutableHashSet.CreateBuilder<BaseRange>(), ImmutableArray.CreateBuilder<BaseRange>());
        BaseRange? unreachable = null;
        foreach (var gap in kept.Select((point, i) => new BaseRange(i == 0 ? 0 : kept[i - 1].Sequence, point.Sequence)))
        {
            if (catalog.WayBetween(gap.From, gap.To) is not { } way)
                unreachable ??= gap;
            else if (!dropped.Any(p => p.Sequence > gap.From && p.Sequence < gap.To))
                foreach (var step in way)
                    Keep(step);
            else
            {
                bases.Add(gap);
                if (!catalog.Bases.Contains(gap))
                    toWrite.Add(gap);
            }
        }
        // Bases that shorten the way and hold nothing but what kept states hold.
        var ends = kept.Select(p => p.Sequence).Append(0).ToHashSet();
        bases.UnionWith(catalog.Bases.Where(b => IsKept(b.From) && IsKept(b.To)));
        return new(kept, dropped, toWrite.ToImmutable(), bases.ToImmutable(), segments.ToImmutable(), unreachable);

        bool IsKept(long state) => state > newest || ends.Contains(state);
        void Keep(LogStep step) => _ = step.IsBase ? bases.Add(step.Range) : segments.Add(step.Range.To);
    }
}
