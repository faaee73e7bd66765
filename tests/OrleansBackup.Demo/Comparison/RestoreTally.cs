using System.Collections.Immutable;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Checks the promise of a restore's figures: asked = restored + skipped + failed, and every item is listed once.</summary>
public static class RestoreTally
{
    /// <param name="job">Which restore, for the reader.</param>
    /// <param name="expectedItems">Ids that the selection names in the point, from the simulator's history.</param>
    public static ComparisonResult Check(string job, TalliedRestore figures, IReadOnlyCollection<string> expectedItems)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(expectedItems);
        var found = ImmutableArray.CreateBuilder<Difference>();
        if (figures.Asked != figures.Restored + figures.Skipped + figures.Failed)
            found.Add(new Difference(job, "asked", $"{figures.Asked}", $"{figures.Restored} restored + {figures.Skipped} skipped + {figures.Failed} failed"));
        if (figures.Asked != expectedItems.Count)
            found.Add(new Difference(job, "asked", $"{expectedItems.Count}", $"{figures.Asked}"));
        AddCount(found, job, "restored", figures.Restored, figures.RestoredItems.Length);
        AddCount(found, job, "skipped", figures.Skipped, figures.SkippedItems.Length);
        AddCount(found, job, "failed", figures.Failed, figures.FailedItems.Length);
        var listed = figures.RestoredItems.AddRange(figures.SkippedItems).AddRange(figures.FailedItems);
        foreach (var twice in listed.GroupBy(id => id, StringComparer.Ordinal).Where(group => group.Count() > 1))
            found.Add(new Difference(twice.Key, "outcome", "one", $"{twice.Count()}"));
        foreach (var missing in expectedItems.Except(listed, StringComparer.Ordinal))
            found.Add(new Difference(missing, "outcome", "one", "none"));
        foreach (var extra in listed.Except(expectedItems, StringComparer.Ordinal))
            found.Add(new Difference(extra, "outcome", "none", "one"));
        return new ComparisonResult(0, found.ToImmutable(), []);
    }

    private static void AddCount(ImmutableArray<Difference>.Builder found, string job, string what, long counted, int listed)
    {
        if (counted != listed)
            found.Add(new Difference(job, what, $"{counted}", $"{listed} outcomes"));
    }
}

/// <summary>A restore's own figures and the items behind them, by their ids in the restore point.</summary>
public sealed record TalliedRestore(
    long Asked, long Restored, long Skipped, long Failed,
    ImmutableArray<string> RestoredItems, ImmutableArray<string> SkippedItems, ImmutableArray<string> FailedItems);
