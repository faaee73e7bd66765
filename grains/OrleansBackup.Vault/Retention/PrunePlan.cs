using System.Collections.Immutable;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault.Retention;

/// <summary>Which segments and bases the kept points need, and where layers still hold what only dropped points showed.</summary>
/// <remarks>
/// Pure, and made from names alone, so that it costs nothing to speak of when nothing expires. Each kept state is reached by the shortest way
/// that passes no dropped point, or, where there is none, by the shortest of all; what no such way uses goes. A layer that ends at a
/// dropped point may name what no point shows any more: one base over the stretch would let that go, but costs as much as the stretch
/// holds, so it waits until that pays.
/// </remarks>
/// <param name="Stale">The stretches over which such a base would help.</param>
/// <param name="Passed">The dropped points that ways still pass.</param>
/// <param name="Unreachable">A state that no way leads to: objects are missing, and nothing may be removed.</param>
internal sealed record PrunePlan(
    ImmutableArray<RestorePoint> Kept, ImmutableArray<RestorePoint> Dropped, ImmutableArray<BaseRange> Stale, ImmutableArray<long> Passed,
    ImmutableHashSet<BaseRange> Bases, ImmutableHashSet<long> Segments, long? Unreachable)
{
    /// <param name="points">The points that exist, oldest first; at least one.</param>
    /// <param name="drop">Those to drop; the newest stays whatever is asked.</param>
    /// <param name="passed">What the plan before this had in <see cref="Passed"/>.</param>
    public static PrunePlan Make(LogCatalog catalog, IReadOnlyList<RestorePoint> points, IReadOnlySet<long> drop, ImmutableArray<long> passed)
    {
        var newest = points[^1].Sequence;
        var kept = points.Where(p => p.Sequence == newest || !drop.Contains(p.Sequence)).ToImmutableArray();
        var dropped = points.Where(p => p.Sequence != newest && drop.Contains(p.Sequence)).ToImmutableArray();
        var hollow = dropped.Select(p => p.Sequence).Concat(passed).ToHashSet();
        var clean = catalog.Where(step => !hollow.Contains(step.Range.From) && !hollow.Contains(step.Range.To));
        var (ways, stale, unreachable) = (new HashSet<LogStep>(), ImmutableArray.CreateBuilder<BaseRange>(), (long?)null);
        foreach (var state in kept.Select(p => p.Sequence).Append(catalog.Head))
        {
            if ((clean.WayTo(state) ?? catalog.WayTo(state)) is not { } way)
            {
                unreachable ??= state;
                continue;
            }
            ways.UnionWith(way);
            var cleanWithBases = clean.With(stale.ToImmutable());
            if (state <= newest && cleanWithBases.WayTo(state) is null)
                stale.Add(new(way.Select(s => s.Range.From).Last(from => cleanWithBases.WayTo(from) is not null), state));
        }
        var segments = ways.Where(s => !s.IsBase).Select(s => s.Range.To).Concat(catalog.Segments.Where(s => s >= newest));
        return new(kept, dropped, stale.ToImmutable(), [.. ways.Select(s => s.Range.To).Where(hollow.Contains).Distinct().Order()],
            [.. ways.Where(s => s.IsBase).Select(s => s.Range)], [.. segments], unreachable);
    }
}
