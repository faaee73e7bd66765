using System.Collections.Immutable;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault.Retention;

/// <summary>Which bases and segments the kept points need, and which bases have to be written first.</summary>
/// <remarks>
/// Pure. States between two kept points count only while no point between them is dropped: then their segments stay. Where a point is
/// dropped, one base takes the place of everything between its kept neighbours, and with it goes what only the dropped point held.
/// </remarks>
internal sealed record PrunePlan(
    ImmutableArray<RestorePoint> Kept, ImmutableArray<RestorePoint> Dropped, ImmutableArray<BaseRange> ToWrite,
    ImmutableHashSet<BaseRange> Bases, ImmutableSortedSet<long> Segments)
{
    /// <param name="points">The points that exist, oldest first; at least one.</param>
    public static PrunePlan Make(LogCatalog catalog, IReadOnlyList<RestorePoint> points, IReadOnlySet<long> keep)
    {
        var newest = points[^1].Sequence;
        var kept = points.Where(p => p.Sequence == newest || keep.Contains(p.Sequence)).ToImmutableArray();
        var dropped = points.Where(p => p.Sequence != newest && !keep.Contains(p.Sequence)).ToImmutableArray();
        var gaps = kept.Select((point, i) => new BaseRange(i == 0 ? 0 : kept[i - 1].Sequence, point.Sequence)).ToArray();
        var replaced = gaps.Where(gap => dropped.Any(p => p.Sequence > gap.From && p.Sequence < gap.To)).ToHashSet();

        var ends = kept.Select(p => p.Sequence).Append(0).ToHashSet();
        var segments = catalog.Segments.Where(s => s >= newest || !replaced.Any(gap => s > gap.From && s <= gap.To)).ToImmutableSortedSet();
        bool Counts(long state) => ends.Contains(state) || segments.Contains(state);
        var bases = catalog.Bases.Where(b => Counts(b.From) && Counts(b.To)).ToImmutableHashSet();
        var toWrite = replaced.Where(gap => !bases.Contains(gap)).OrderBy(gap => gap.From).ToImmutableArray();
        return new(kept, dropped, toWrite, bases.Union(toWrite), segments);
    }
}
