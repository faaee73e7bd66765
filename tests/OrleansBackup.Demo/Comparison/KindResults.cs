using System.Collections.Immutable;

namespace OrleansBackup.Demo.Comparison;

/// <summary>What a comparison found, kind by kind, so that no kind can hide that nothing of it was compared.</summary>
public sealed record KindResults(ImmutableSortedDictionary<string, ComparisonResult> ByKind)
{
    public static KindResults Nothing { get; } = new(ImmutableSortedDictionary<string, ComparisonResult>.Empty);

    public ComparisonResult Total => ByKind.Values.Aggregate(ComparisonResult.Nothing, ComparisonResult.Add);

    public KindResults Add(string kind, ComparisonResult result) =>
        new(ByKind.SetItem(kind, ByKind.GetValueOrDefault(kind, ComparisonResult.Nothing) + result));

    public KindResults Add(KindResults others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return others.ByKind.Aggregate(this, (sum, other) => sum.Add(other.Key, other.Value));
    }
}
