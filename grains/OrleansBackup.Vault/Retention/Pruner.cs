using System.Collections.Immutable;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Retention;

/// <summary>Removes restore points and, a grace period later, everything that nothing names without them.</summary>
/// <remarks>
/// <para>In order: where it pays, one base takes the place of layers that name what no point shows; one record says which points still count
/// and which segments and bases go; where a base was written, packs follow (<see cref="PackReclaim"/>); what earlier prunes condemned is
/// deleted once the grace period has passed. A crash anywhere leaves either the old or the new set of points, both whole.</para>
/// <para>Cost: a listing, the way to the newest state, and what came since the last prune. The item table is read only to write such a base,
/// which happens once per <see cref="VaultOptions.MergeShare"/> of the items changed.</para>
/// <para>Beside a running writer: what follows the newest point is left alone; a pack goes only if its own segment exists and
/// nothing names it, so no pack of a writer that can still commit; and a writer only refers to content that the present state
/// names, which the newest point and the segments after it keep.</para>
/// </remarks>
/// <param name="leavesNothing">Whatever it costs: bases and packs are written again as soon as anything in them is not named any more. For what must not stay.</param>
internal sealed class Pruner(ResourceContext context, bool leavesNothing = false)
{
    /// <summary>So many new segments are worth a record that says they were looked at.</summary>
    private const long ManySegments = 50;

    /// <param name="drop">The points to remove. Any other stays, and so does the newest.</param>
    /// <exception cref="DamagedObjectException">The log or the newest record of a prune cannot be read, and nothing was removed; or another object
    /// that a kept point needs, and only what earlier prunes condemned was deleted.</exception>
    public async Task<PruneResult> PruneAsync(IReadOnlySet<long> drop, CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(context.Files, context.Names, cancellation);
        if (catalog.Records.AreUncertain)
            throw catalog.Damage[^1];
        if (catalog.Records is { Newest: > 0, HasCopy: false })
            await PruneRecords.CopyAsync(context.Files, context.Names, catalog.Prunes[^1], cancellation); // its writer ended before it could
        var state = await LoadedState.LoadAsync(context, catalog, catalog.Head, cancellation);
        var points = state.Points.Where(p => catalog.Allows(p.Sequence)).ToArray();
        var (result, damage) = (new PruneResult(0, points.Length, 0, 0, 0, 0, null), (DamagedObjectException?)null);
        try
        {
            if (points.Length > 0)
                result = await DropAsync(catalog, points, drop, result, cancellation);
        }
        catch (DamagedObjectException e) { damage = e; } // what it names is not known, so no more is condemned; what was condemned before goes all the same
        if (catalog.Head > 0)
            await context.Files.Store.TryDeleteAsync(context.Names.Opened, cancellation); // the first commit that put it ended before it could
        result = await DeleteDueAsync(result, cancellation);
        return damage is null ? result : throw damage;
    }

    private async Task<PruneResult> DropAsync(LogCatalog catalog, RestorePoint[] points, IReadOnlySet<long> drop, PruneResult result, CancellationToken cancellation)
    {
        var (merged, plan) = await MergeAsync(catalog, points, drop, cancellation);
        if (await RecordAsync(merged, plan, cancellation) is { } record)
            result = Condemned(result with { PointsRemoved = plan.Dropped.Length, PointsKept = plan.Kept.Length }, record);
        if (!leavesNothing && !IsMarkDue(merged, catalog))
            return result;
        var (reclaimed, rewritten) = await new PackReclaim(context, leavesNothing).RunAsync(cancellation);
        return (reclaimed is null ? result : Condemned(result, reclaimed)) with { PacksRewritten = rewritten };
    }

    private static PruneResult Condemned(PruneResult result, PruneRecord record) => result with
    {
        ObjectsCondemned = result.ObjectsCondemned + record.Condemned.Length,
        BytesCondemned = result.BytesCondemned + record.Condemned.Sum(c => c.StoredBytes),
    };

    /// <summary>Writes the bases that pay, and plans anew with them.</summary>
    private async Task<(LogCatalog Catalog, PrunePlan Plan)> MergeAsync(
        LogCatalog catalog, RestorePoint[] points, IReadOnlySet<long> drop, CancellationToken cancellation)
    {
        var passed = catalog.Prunes is [.., var newest] ? newest.Progress.Passed : [];
        var plan = Planned(catalog);
        foreach (var range in plan.Bases)
            if (!catalog.HasPartsOf((await BaseLayer.OpenAsync(context.Files, context.Names, range, context.Cache, cancellation)).Index))
                catalog = catalog.Where(step => step != new LogStep(range, IsBase: true));
        plan = Planned(catalog);
        // Where no run comes any more, nothing newer ever makes it pay; once in a while it is done all the same.
        var now = context.Time.GetUtcNow();
        var isIdle = now - points[^1].SealedAt >= context.Options.MergeAfter
            && (catalog.Prunes is not [.., var last] || now - last.Progress.MarkedAt >= context.Options.MergeAfter);
        var written = ImmutableArray.CreateBuilder<BaseRange>();
        foreach (var range in plan.Stale)
        {
            var steps = await LoadedState.LoadStepsAsync(context, catalog.WayBetween(range.From, range.To)!.Value, cancellation); // the plan made sure
            if (!leavesNothing && !isIdle && !Pays(steps, plan.Kept.Single(p => p.Sequence == range.To)))
                continue;
            await WriteBaseAsync(range, steps, plan, cancellation);
            written.Add(range);
        }
        if (written.Count == 0)
            return (catalog, plan);
        var merged = await LogCatalog.LoadAsync(context.Files, context.Names, cancellation);
        if (merged.Head != catalog.Head || merged.Records.Newest != catalog.Records.Newest)
            merged = catalog.With(written.ToImmutable()); // somebody went on meanwhile: what is new is none of this prune's business
        return (merged, Planned(merged));

        PrunePlan Planned(LogCatalog from) => PrunePlan.Make(from, points, drop, passed) is var made && made.Unreachable is { } state
            ? throw DamagedObjectException.Missing(context.Names.Segment(state), "no segments and bases lead to it") : made;
    }

    private bool Pays(ImmutableArray<LoadedStep> steps, RestorePoint point)
    {
        var all = steps.Sum(s => s.Layer.Entries);
        var newer = all - steps[0].Layer.Entries;
        var oldest = steps.Skip(1).SelectMany(s => s.Points).Select(p => p.SealedAt).DefaultIfEmpty(point.SealedAt).Min();
        return newer >= all * context.Options.MergeShare || point.SealedAt - oldest >= context.Options.MergeAfter;
    }

    /// <summary>The base is read back before anything relies on it: what it takes the place of is going.</summary>
    private async Task WriteBaseAsync(BaseRange range, ImmutableArray<LoadedStep> steps, PrunePlan plan, CancellationToken cancellation)
    {
        var points = plan.Kept.Where(p => range.From < p.Sequence && p.Sequence <= range.To); // also those that this way passes by
        var source = new BaseSource(range, steps[0].FromHash, steps[^1].ToHash, [.. points], [.. steps.Select(s => s.Layer)]);
        // Seconds of CPU for a large mailbox; would block every other call of the caller's scheduler. Touches no state.
        await Task.Run(async () =>
        {
            await new BaseWriter(context.Files, context.Names, context.Options, source).WriteAsync(cancellation);
            var layer = await BaseLayer.OpenAsync(context.Files, context.Names, range, new BoundedCache(0), cancellation);
            await layer.ReadEverythingAsync(cancellation);
        }, cancellation);
    }

    /// <returns>The record, or null if there is nothing to remove or another prune was faster.</returns>
    private async Task<PruneRecord?> RecordAsync(LogCatalog catalog, PrunePlan plan, CancellationToken cancellation)
    {
        var before = catalog.Prunes is [.., var newest] ? newest.Progress : PruneProgress.None;
        var log = NeedlessLog(catalog, plan).ToArray();
        var names = log.Concat(await LeftoverPartsAsync(catalog, plan, cancellation)).Concat(await LeftoverPacksAsync(catalog, plan, before.Looked, cancellation));
        var condemned = ImmutableArray.CreateBuilder<CondemnedObject>();
        foreach (var name in names)
            if (await context.Files.Store.GetLengthAsync(name, cancellation) is { } bytes)
                condemned.Add(new(name, bytes));
        if (condemned.Count == 0 && plan.Dropped.IsEmpty && catalog.Head - before.Looked < ManySegments)
            return null;
        var record = new PruneRecord(catalog.Records.Newest + 1, context.Time.GetUtcNow(), catalog.Head, [.. plan.Kept.Select(p => p.Sequence)], condemned.ToImmutable())
        {
            Progress = before with
            {
                Passed = plan.Passed, Looked = catalog.Head, GoneSinceMark = before.GoneSinceMark + log.Length,
                MarkedAt = before == PruneProgress.None ? context.Time.GetUtcNow() : before.MarkedAt,
            },
        };
        return await PruneRecords.AddAsync(context.Files, context.Names, record, cancellation) ? record : null;
    }

    /// <summary>Bases first, then segments: while a base is there, so is what it names.</summary>
    private IEnumerable<BlobName> NeedlessLog(LogCatalog catalog, PrunePlan plan)
    {
        foreach (var range in catalog.Bases.Where(b => b.To <= catalog.Head && !plan.Bases.Contains(b)))
            foreach (var file in catalog.BaseFiles.Where(f => f.StartsWith($"{range}/", StringComparison.Ordinal)).OrderByDescending(f => f.EndsWith("/index", StringComparison.Ordinal)))
                yield return new(context.Names.BasePrefix + file);
        foreach (var sequence in catalog.Segments.Where(s => s <= catalog.Head && !plan.Segments.Contains(s)))
            yield return context.Names.Segment(sequence);
    }

    /// <summary>Parts of bases that a crash left without an index, or that lost against another writer of the same base.</summary>
    private async Task<IEnumerable<BlobName>> LeftoverPartsAsync(LogCatalog catalog, PrunePlan plan, CancellationToken cancellation)
    {
        var leftovers = new List<BlobName>();
        foreach (var files in catalog.BaseFiles.Select(f => f.Split('/')).Where(f => f.Length == 2).GroupBy(f => f[0], f => f[1]))
        {
            if (BaseRange.TryParse(files.Key) is not { } range || range.To > catalog.Head)
                continue;
            var parts = files.Where(f => f != "index").ToArray();
            var writers = parts.Select(p => p.Split('-')[0]).Distinct().Count();
            if (catalog.Bases.Contains(range) && (writers <= 1 || !plan.Bases.Contains(range)))
                continue; // its own parts, or it goes as a whole
            foreach (var part in parts)
                if (!await IsPartOfBaseAsync(range, part, cancellation))
                    leftovers.Add(new($"{context.Names.BasePrefix}{range}/{part}"));
        }
        return leftovers;
    }

    /// <summary>Packs whose segment exists and does not list them: their writer ended before it could commit. Only what is newer than the last look.</summary>
    private async Task<IEnumerable<BlobName>> LeftoverPacksAsync(LogCatalog catalog, PrunePlan plan, long looked, CancellationToken cancellation)
    {
        var packs = new List<PackName>();
        await foreach (var name in context.Files.Store.ListAsync(context.Names.PackPrefix, cancellation))
            if (PackName.TryParse(name.Value[context.Names.PackPrefix.Length..]) is { } pack && pack.Segment > looked && pack.Segment <= catalog.Head)
                packs.Add(pack);
        var leftovers = new List<BlobName>();
        foreach (var written in packs.GroupBy(p => p.Segment))
        {
            if (!catalog.Segments.Contains(written.Key) || !plan.Segments.Contains(written.Key))
                continue; // gone already, or going and perhaps damaged; the next mark finds what is needless
            var listed = (await context.ReadSegmentAsync(written.Key, cancellation)).Segment.NewPacks.Select(p => p.Name).ToHashSet();
            leftovers.AddRange(written.Where(pack => !listed.Contains(pack)).Select(context.Names.Pack));
        }
        return leftovers;
    }

    private bool IsMarkDue(LogCatalog merged, LogCatalog before)
    {
        var progress = before.Prunes is [.., var newest] ? newest.Progress : PruneProgress.None;
        return merged.Bases.Length > before.Bases.Length
            || (progress.GoneSinceMark > 0 && context.Time.GetUtcNow() - progress.MarkedAt >= context.Options.MergeAfter);
    }

    private async Task<bool> IsPartOfBaseAsync(BaseRange range, string file, CancellationToken cancellation)
    {
        if (await context.Files.Store.GetLengthAsync(context.Names.BaseIndex(range), cancellation) is null)
            return false;
        var layer = await BaseLayer.OpenAsync(context.Files, context.Names, range, context.Cache, cancellation);
        return file.StartsWith(layer.Index.Writer, StringComparison.Ordinal);
    }

    private async Task<PruneResult> DeleteDueAsync(PruneResult result, CancellationToken cancellation)
    {
        var (records, now) = (await PruneRecords.LoadAsync(context.Files, context.Names, cancellation), context.Time.GetUtcNow());
        foreach (var record in records.Readable.Where(p => now - p.At >= context.Options.GracePeriod))
        {
            var retainedBefore = result.ObjectsRetained;
            foreach (var (name, length) in record.Condemned)
            {
                if (await BecameABaseAsync(name, record, cancellation))
                    continue;
                result = await context.Files.Store.TryDeleteAsync(name, cancellation) switch
                {
                    DeletionOutcome.Deleted => result with { ObjectsDeleted = result.ObjectsDeleted + 1, BytesDeleted = result.BytesDeleted + length },
                    DeletionOutcome.Retained => result with { ObjectsRetained = result.ObjectsRetained + 1 },
                    _ => result,
                };
            }
            // The newest record keeps saying which points count; an older one has nothing left to say once all it condemned is gone.
            if (record.Number != records.Newest && result.ObjectsRetained == retainedBefore)
                await PruneRecords.RemoveAsync(context.Files, context.Names, record.Number, cancellation);
        }
        return result;
    }

    /// <summary>Parts without an index looked left over when they were condemned; if their writer was only slow, they are a base by now.</summary>
    private async Task<bool> BecameABaseAsync(BlobName name, PruneRecord record, CancellationToken cancellation) =>
        name.Value[context.Names.Prefix.Length..].Split('/') is ["base", var text, not "index" and var file] && BaseRange.TryParse(text) is { } range
        && !record.Condemned.Any(c => c.Name == context.Names.BaseIndex(range)) && await IsPartOfBaseAsync(range, file, cancellation);
}
