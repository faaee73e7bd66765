using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Retention;

namespace OrleansBackup.Vault.Erasure;

/// <summary>Takes items out of every restore point, as the law can demand of personal data, and leaves every other item as it was.</summary>
/// <remarks>
/// <para>A sealed point never changes. So from the first point on that holds any of the items, each point is sealed once more at the end of the log: with the same times, run and
/// details, all items but those, and a detail that names the erasure. Then the old ones are dropped, and a prune that leaves nothing over rewrites what still names or holds the
/// items: bases, and packs in which their bytes stand beside others'. Objects go with the grace period, as after any prune, and shared chunks with the sweeps after it.</para>
/// <para>After a crash the same call goes on: what is sealed already says so. No run and no other prune may be going on the resource, and none may begin until it has ended: in
/// between, the newest state is that of an old day.</para>
/// </remarks>
internal sealed class ResourceErasure(ResourceContext context, Guid erasure, IReadOnlySet<string> ids)
{
    private const int ChangesPerSegment = 5_000;
    private const int Attempts = 4;

    private string Mark => erasure.ToString("D");

    /// <exception cref="SegmentTakenException">A run was going.</exception>
    /// <exception cref="DamagedObjectException">A point cannot be read: nothing of it can be carried over, so nothing was removed.</exception>
    public async Task<ErasureResult> RunAsync(CancellationToken cancellation)
    {
        var (catalog, points) = await LoadAsync(cancellation);
        var made = points.Where(point => point.Details.GetValueOrDefault(ErasureDetails.Erasure) == Mark).ToArray();
        var originals = points.Except(made).ToArray();
        var (first, found) = await FirstThatHoldsAsync(catalog, originals, cancellation);
        var replaced = first is null ? [] : originals.Where(point => point.Sequence >= first).ToImmutableArray();
        if (!replaced.IsEmpty)
            await ReplaceAsync(replaced, made, catalog.Head, cancellation);
        var pruned = await DropAsync(replaced, cancellation);
        return new(found, [.. (await LoadAsync(cancellation)).Points.Where(point => point.Details.GetValueOrDefault(ErasureDetails.Erasure) == Mark)
            .Select(point => new ReplacedPoint(point.Sequence, Number(point.Details[ErasureDetails.Replaces])))], pruned);
    }

    /// <summary>The first point that anything on the way to it gives one of the items to: also one that only a run in between saw.</summary>
    private async Task<(long? First, int Items)> FirstThatHoldsAsync(LogCatalog catalog, RestorePoint[] points, CancellationToken cancellation)
    {
        var (first, found) = ((long?)null, new HashSet<string>(StringComparer.Ordinal));
        var known = new Dictionary<LogStep, string[]>();
        foreach (var point in points)
        {
            foreach (var step in (await LoadedState.LoadAsync(context, catalog, point.Sequence, cancellation)).Steps)
            {
                if (!known.TryGetValue(step.Step, out var held))
                {
                    var here = new List<string>();
                    foreach (var id in ids)
                        if (await step.Layer.FindAsync(id, cancellation) is { Version: not null })
                            here.Add(id);
                    held = known[step.Step] = [.. here];
                }
                found.UnionWith(held);
                if (held.Length > 0)
                    first ??= point.Sequence;
            }
        }
        return (first, found.Count);
    }

    private async Task ReplaceAsync(ImmutableArray<RestorePoint> replaced, RestorePoint[] made, long headNow, CancellationToken cancellation)
    {
        var done = made.Select(point => Number(point.Details[ErasureDetails.Replaces])).ToHashSet();
        var head = made is [var one, ..] ? Number(one.Details[ErasureDetails.Head]) : headNow;
        var checkpoint = (await context.ReadSegmentAsync(head, cancellation)).Segment.Checkpoint;
        foreach (var point in replaced.Where(point => !done.Contains(point.Sequence)))
        {
            await using var run = await RunWriter.BeginAsync(context, point.Run, point.StartedAt, null, null, cancellation);
            await BringToAsync(run, point.Sequence, cancellation);
            var details = point.Details.SetItem(ErasureDetails.Erasure, Mark).SetItem(ErasureDetails.Replaces, Text(point.Sequence)).SetItem(ErasureDetails.Head, Text(head));
            // Only the last says where the next run goes on: the checkpoint of today over the state of an old day would lose what came in between.
            await run.SealReplacementAsync(head == point.Sequence ? checkpoint : "", point, details, cancellation);
        }
        if (head == replaced[^1].Sequence)
            return;
        // A run had committed and not sealed: it goes on from there.
        await using var rest = await RunWriter.BeginAsync(context, Guid.NewGuid(), context.Time.GetUtcNow(), null, null, cancellation);
        await BringToAsync(rest, head, cancellation);
        if (rest.PendingChanges > 0 || (rest.Checkpoint ?? "") != checkpoint)
            await rest.CommitSegmentAsync(checkpoint, cancellation);
    }

    /// <summary>Makes the state that the writer ends at what another was, without the items.</summary>
    private async Task BringToAsync(RunWriter run, long sequence, CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(context.Files, context.Names, cancellation);
        var target = await LoadedState.LoadAsync(context, catalog, sequence, cancellation);
        await using var now = run.ItemsAsync(ItemFilter.All, cancellation).GetAsyncEnumerator(cancellation);
        await using var then = target.Items.ItemsAsync(ItemFilter.All, null, cancellation).Where(item => !ids.Contains(item.Id)).GetAsyncEnumerator(cancellation);
        var (hasNow, hasThen) = (await now.MoveNextAsync(), await then.MoveNextAsync());
        while (hasNow || hasThen)
        {
            var order = !hasNow ? 1 : !hasThen ? -1 : string.CompareOrdinal(now.Current.Id, then.Current.Id);
            if (order < 0)
                await run.RemoveAsync(now.Current.Id, cancellation);
            else if (order > 0 || !now.Current.Equals(then.Current))
                await run.UpsertAsync(then.Current, cancellation);
            hasNow = order <= 0 ? await now.MoveNextAsync() : hasNow;
            hasThen = order >= 0 ? await then.MoveNextAsync() : hasThen;
            if (run.PendingChanges >= ChangesPerSegment)
                await run.CommitSegmentAsync("", cancellation);
        }
    }

    /// <summary>Drops the replaced points, with everything that only they name.</summary>
    private async Task<PruneResult> DropAsync(ImmutableArray<RestorePoint> replaced, CancellationToken cancellation)
    {
        var drop = replaced.Select(point => point.Sequence).ToHashSet();
        for (var attempt = 1; ; attempt++)
        {
            var pruned = await new Pruner(context, leavesNothing: true).PruneAsync(drop, cancellation);
            if (attempt == Attempts || !(await LoadAsync(cancellation)).Points.Any(point => drop.Contains(point.Sequence)))
                return pruned;
        }
    }

    private async Task<(LogCatalog Catalog, RestorePoint[] Points)> LoadAsync(CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(context.Files, context.Names, cancellation);
        if (catalog.Records.AreUncertain)
            throw catalog.Damage[^1];
        var state = await LoadedState.LoadAsync(context, catalog, catalog.Head, cancellation);
        return (catalog, [.. state.Points.Where(point => catalog.Allows(point.Sequence))]);
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
