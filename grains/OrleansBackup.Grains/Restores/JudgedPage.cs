using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.Grains.Restores;

/// <summary>The second half of a page of mailbox items, whatever their kind: what was judged is put back, a few at once, and told in the page's order under ids that last.</summary>
internal static class JudgedPage
{
    private const int ItemsAtOnce = 4;

    /// <param name="judged">Each item of the page with where it goes and what is there already.</param>
    /// <param name="import">Null: nothing of this job is imported.</param>
    /// <param name="putBack">Puts one back, or says why not.</param>
    /// <param name="remember">Called with each outcome, in order, once all are known.</param>
    /// <param name="cancellation">Ends the work between items.</param>
    public static async Task<ImmutableArray<ItemOutcome>> PutBackAsync<T>(
        List<T> judged, ImportWay? import, Func<T, CancellationToken, Task<ItemOutcome>> putBack, Action<ItemOutcome> remember, CancellationToken cancellation)
    {
        var outcomes = new ItemOutcome[judged.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = ItemsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(Enumerable.Range(0, judged.Count), options, async (index, token) => outcomes[index] = await putBack(judged[index], token));
        var lasting = import is null ? [.. outcomes] : await import.WithLastingIdsAsync(outcomes, cancellation);
        foreach (var outcome in lasting)
            remember(outcome);
        return lasting;
    }
}
