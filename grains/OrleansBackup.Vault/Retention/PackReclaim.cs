using System.Collections.Immutable;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Retention;

/// <summary>Condemns packs in which nothing is named any more, and writes those again that are mostly dead, without what is.</summary>
/// <remarks>
/// Works on what records have decided already, never on what a prune intends: what no kept point names then, nobody can ever name again,
/// since a run only refers to content that the present state names. So an edition that two processes make of one pack at different
/// times is right either way, and nothing of it depends on who was faster. References name an entry by its number; an edition keeps the
/// numbers and leaves dead entries empty. The pack it takes the place of stays for the grace period.
/// </remarks>
/// <param name="leavesNothing">A pack is written again for a single dead entry.</param>
internal sealed class PackReclaim(ResourceContext context, bool leavesNothing = false)
{
    private readonly PackEditions _editions = new(context.Files, context.Names);

    /// <returns>The record of what was condemned, null if another prune was faster; how many packs were written again.</returns>
    public async Task<(PruneRecord? Record, int Rewritten)> RunAsync(CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(context.Files, context.Names, cancellation);
        if (catalog.Records.AreUncertain || catalog.Prunes is not [.., var newest])
            return (null, 0);
        var state = await LoadedState.LoadAsync(context, catalog, catalog.Head, cancellation);
        var point = state.Points.Where(p => catalog.Allows(p.Sequence)).Select(p => p.Sequence).DefaultIfEmpty(0).Max();
        // Seconds of CPU for a large mailbox; would block every other call of the caller's scheduler. Touches no state.
        var named = await Task.Run(() => NamedEntries.ReadAsync(context, catalog, point, cancellation), cancellation);
        var known = catalog.Prunes.SelectMany(p => p.Condemned).Select(c => c.Name).ToHashSet();
        var (condemned, rewritten) = (new List<BlobName>(), 0);
        var spares = await new SpareContents(context.Files, context.Names).AllAsync(cancellation);
        condemned.AddRange(spares.Where(s => s.Key.Segment <= catalog.Head && named.Find(s.Key) is null).SelectMany(s => s.Value));
        foreach (var (pack, objects) in await _editions.AllAsync(cancellation))
        {
            if (pack.Segment > catalog.Head)
                continue; // its writer can still commit
            if (named.Find(pack) is not { } use)
            {
                condemned.AddRange(objects);
                continue;
            }
            if (spares.ContainsKey(pack))
                continue; // damaged: what can still be read of it stays as it is, beside its spares
            var newestEdition = objects[^1];
            if (!use.IsWhole && await IsMostlyDeadAsync(newestEdition, use, cancellation))
            {
                newestEdition = await _editions.WriteAsync(pack, newestEdition, use, context.Options, cancellation);
                objects.Add(newestEdition);
                rewritten++;
            }
            if (objects.Count > 1 && await _editions.HoldsAsync(newestEdition, use, cancellation))
                condemned.AddRange(objects.Where(name => name != newestEdition));
        }
        var objectsGoing = ImmutableArray.CreateBuilder<CondemnedObject>();
        foreach (var name in condemned.Where(name => !known.Contains(name)))
            if (await context.Files.Store.GetLengthAsync(name, cancellation) is { } bytes)
                objectsGoing.Add(new(name, bytes));
        var record = newest with
        {
            Number = catalog.Records.Newest + 1, At = context.Time.GetUtcNow(), Condemned = objectsGoing.ToImmutable(),
            Progress = newest.Progress with { MarkedAt = context.Time.GetUtcNow(), GoneSinceMark = 0 },
        };
        return (await PruneRecords.AddAsync(context.Files, context.Names, record, cancellation) ? record : null, rewritten);
    }

    private async Task<bool> IsMostlyDeadAsync(BlobName pack, PackUse use, CancellationToken cancellation)
    {
        // A guess that needs no reading: many numbers that nobody names, or less named than is stored.
        var share = context.Options.RepackShare;
        if (leavesNothing)
            return (await PackIndex.ReadAsync(context.Files, pack, cancellation)).Blocks.SelectMany(b => b.Entries).Where((entry, number) => !entry.IsDead && !use.Contains(number)).Any();
        if (use.Entries >= (use.Highest + 1) * share && await context.Files.Store.GetLengthAsync(pack, cancellation) is { } stored && use.Bytes >= stored * share)
            return false;
        var index = await PackIndex.ReadAsync(context.Files, pack, cancellation);
        var all = index.Blocks.SelectMany(b => b.Entries).Sum(e => (long)e.Length);
        return use.Bytes < all * share;
    }
}
