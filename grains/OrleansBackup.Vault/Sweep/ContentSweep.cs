using System.Collections.Immutable;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Retention;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Sweep;

/// <summary>Deletes the chunks of a tenant that none of its resources names, beside runs, prunes, readers and other sweeps.</summary>
/// <remarks>
/// <para>What nobody names is condemned: a durable list says that the names count as absent. Then the heads of all logs are written down
/// (<see cref="SweepBarrier"/>). A later sweep, once the place after each of these heads is taken, marks again and deletes what is still
/// named by nobody. A resource without runs takes no place by itself; the sweep then puts an empty segment there.</para>
/// <para>Why nothing that is needed can go: a writer looks at the lists right before it creates a segment. If it saw the list, it wrote the
/// chunk again under another name. If it did not, its segment has a place at or before the barrier: it is there for the second mark to
/// see, or the place is taken and it never will be. No clock and no age takes part in this; they only decide when to look again.</para>
/// </remarks>
internal sealed class ContentSweep(ObjectFiles files, VaultOptions options, TimeProvider time)
{
    private readonly SweepLists _lists = new(files);
    private readonly ChunkEditions _editions = new(files);

    private string Tenant => files.Keys.Tenant;

    /// <exception cref="DamagedObjectException">A list of condemned names and its copy cannot be read; nothing was condemned or deleted.</exception>
    public async Task<SweepResult> RunAsync(CancellationToken cancellation)
    {
        await _lists.RemoveLeftoversAsync(cancellation);
        var lists = await _lists.LoadAsync(cancellation);
        var passed = new List<string>();
        foreach (var (id, _) in lists)
            if (await HasPassedAsync(id, cancellation))
                passed.Add(id);

        // Listed before the mark: what a run stores and commits meanwhile is no candidate.
        var known = lists.SelectMany(l => l.List.Names).ToHashSet();
        var existing = await _editions.AllAsync(cancellation).ToListAsync(cancellation);
        var mark = new ChunkMark();
        await foreach (var resource in ResourcesAsync(cancellation))
            await mark.AddAsync(resource, cancellation);
        var held = new HeldChunks(files, _editions);
        mark.Hold(await held.HoldAsync(mark.Unreadable, cancellation));

        var result = new SweepResult(mark.Count, 0, 0, 0, 0, 0, lists.Length - passed.Count) { ChunksHeld = mark.Held };
        var (present, damaged) = (existing.ToHashSet(), mark.Unreadable.ToHashSet());
        foreach (var id in passed)
            try { result = await DeleteAsync(id, mark, present, result, cancellation); }
            catch (DamagedObjectException e) { damaged.Add(e.Name); } // who deletes by this list cannot be known: it stays, the others do not wait for it
        var needless = existing.Where(chunk => !mark.Names(chunk.Hash) && !known.Contains(chunk)).ToImmutableArray();
        if (!needless.IsEmpty)
            result = await CondemnAsync(needless, result, cancellation);
        await held.ReleaseAsync(mark.Unreadable, cancellation);
        result = result with { ObjectsExtended = await KeepAsync(damaged, cancellation) };
        return result with { Unreadable = [.. damaged.OrderBy(name => name.Value, StringComparer.Ordinal)] };
    }

    private async Task<int> KeepAsync(HashSet<BlobName> damaged, CancellationToken cancellation)
    {
        var extended = 0;
        if (files.Store is not RetainingWrites writes)
            return extended;
        await foreach (var resource in ResourcesAsync(cancellation))
            try { extended += await new PointKeeping(resource, writes).RunAsync(cancellation); }
            catch (DamagedObjectException e) { damaged.Add(e.Name); } // the other resources are kept all the same
        return extended;
    }

    private async Task<SweepResult> CondemnAsync(ImmutableArray<ChunkName> needless, SweepResult result, CancellationToken cancellation)
    {
        var bytes = 0L;
        foreach (var chunk in needless)
            bytes += await files.Store.GetLengthAsync(NameOf(chunk), cancellation) ?? 0;
        var id = await _lists.AddAsync(new(time.GetUtcNow(), needless), cancellation);
        await _lists.SetBarrierAsync(id, await HeadsAsync(cancellation), cancellation);
        return result with { ChunksCondemned = needless.Length, BytesCondemned = bytes, ListsWaiting = result.ListsWaiting + 1 };
    }

    /// <summary>Whether every commit that was prepared without sight of the list has happened, or never can.</summary>
    private async Task<bool> HasPassedAsync(string id, CancellationToken cancellation)
    {
        if (await _lists.BarrierOfAsync(id, cancellation) is not { } barrier)
        {
            await _lists.SetBarrierAsync(id, await HeadsAsync(cancellation), cancellation); // a sweep ended before it could
            return false;
        }
        var waited = time.GetUtcNow() - barrier.At >= options.SweepPatience;
        foreach (var (resource, head) in barrier.Heads)
        {
            var context = ContextOf(resource);
            if (await HeadOfAsync(context, cancellation) != head)
                continue; // the place is taken, or the resource was deleted since
            if (!waited)
                return false;
            try { await OccupyAsync(context, head, cancellation); }
            catch (DamagedObjectException) { return false; } // its runs cannot go on either, until somebody sets it back; that takes the place
        }
        return true;
    }

    /// <summary>Takes the place after this head with a segment that changes nothing, unless a run was faster: taken it is either way.</summary>
    private async Task OccupyAsync(ResourceContext context, long head, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var segment = new Segment(1, Guid.Empty, now, now, default, "", Totals.None, [], null, []);
        if (head > 0)
        {
            var (last, hash) = await context.ReadSegmentAsync(head, cancellation);
            segment = segment with { Sequence = head + 1, Previous = hash, Checkpoint = last.Checkpoint, After = last.After };
        }
        var name = context.Names.Segment(segment.Sequence);
        await files.Store.PutIfAbsentAsync(name, files.Seal(name, ObjectKind.Segment, segment.Encode()), cancellation);
    }

    private async Task<SweepResult> DeleteAsync(string id, ChunkMark mark, HashSet<ChunkName> present, SweepResult result, CancellationToken cancellation)
    {
        if (await _lists.ReadAsync(id, cancellation) is not { } seen)
            return result;
        if (!seen.Names.Any(chunk => present.Contains(chunk) && !mark.Names(chunk.Hash)) && !await _lists.WasNeverClaimedAsync(id, cancellation))
        {
            await _lists.RemoveIfDoneAsync(id, cancellation); // nothing to delete; whether it may go is for those to say who claimed it
            return result;
        }
        // Claimed first, read again after: from here on the list stays until this claim is done, so none of its names comes alive meanwhile.
        if (await _lists.ClaimAsync(id, cancellation) is { } claim && await _lists.ReadStoredAsync(id, cancellation) is { } list)
        {
            var retained = 0;
            foreach (var chunk in list.Names.Where(chunk => !mark.Names(chunk.Hash)))
            {
                var bytes = await files.Store.GetLengthAsync(NameOf(chunk), cancellation);
                var outcome = bytes is null ? DeletionOutcome.Absent : await files.Store.TryDeleteAsync(NameOf(chunk), cancellation);
                retained += outcome == DeletionOutcome.Retained ? 1 : 0;
                if (outcome == DeletionOutcome.Deleted)
                    result = result with { ChunksDeleted = result.ChunksDeleted + 1, BytesDeleted = result.BytesDeleted + bytes!.Value };
            }
            await _lists.DoneAsync(id, claim, cancellation);
            result = result with { ChunksRetained = result.ChunksRetained + retained };
            if (retained > 0)
                return result; // the list says what is left to do
        }
        await _lists.RemoveIfDoneAsync(id, cancellation);
        return result;
    }

    private async Task<SweepBarrier> HeadsAsync(CancellationToken cancellation)
    {
        var heads = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        await foreach (var resource in ResourcesAsync(cancellation))
            heads[resource.Names.Resource.Resource] = await HeadOfAsync(resource, cancellation);
        return new(time.GetUtcNow(), heads.ToImmutable());
    }

    private async Task<long> HeadOfAsync(ResourceContext context, CancellationToken cancellation)
    {
        var head = 0L;
        await foreach (var name in files.Store.ListAsync(context.Names.LogPrefix, cancellation))
            head = Math.Max(head, LogNumber.TryParse(name.Value.AsSpan(context.Names.LogPrefix.Length)) ?? 0);
        return head;
    }

    private async IAsyncEnumerable<ResourceContext> ResourcesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var resource in files.Store.ListPartsAsync(ResourceNames.ResourcesOf(Tenant), cancellation))
            yield return ContextOf(resource);
    }

    private ResourceContext ContextOf(string resource) =>
        new(files, new(new(Tenant, resource)), options, time, new BoundedCache(options.CacheBytes));

    private BlobName NameOf(ChunkName chunk) => ResourceNames.ChunkOf(Tenant, chunk.Hash, chunk.Edition);
}
