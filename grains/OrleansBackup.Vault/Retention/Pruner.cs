using System.Collections.Immutable;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Retention;

/// <summary>Removes restore points and everything that nothing names without them.</summary>
/// <remarks>
/// <para>In order: bases that the kept points need are written; one record says which points still count and which objects are
/// condemned; a later prune, once the grace period has passed, deletes them. A crash anywhere leaves either the old or the new set
/// of points, both whole.</para>
/// <para>Beside a running writer: what follows the newest point is left alone; a pack goes only if its own segment exists and
/// nothing names it, so no pack of a writer that can still commit; and a writer only refers to content that the present state
/// names, which the newest point and the segments after it keep.</para>
/// </remarks>
internal sealed class Pruner(ResourceContext context)
{
    /// <exception cref="DamagedObjectException">The log or a record of an earlier prune cannot be read; nothing was removed.</exception>
    public async Task<PruneResult> PruneAsync(IReadOnlySet<long> keep, CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(context.Files, context.Names, cancellation);
        if (!catalog.Damage.IsEmpty)
            throw catalog.Damage[0];
        var state = await LoadedState.LoadAsync(context, catalog, catalog.Head, cancellation);
        var points = state.Points.Where(p => catalog.Allows(p.Sequence)).ToArray();
        var prunes = catalog.Prunes;
        var (result, record) = (new PruneResult(0, points.Length, 0, 0, 0, 0, null), (PruneRecord?)null);
        if (points.Length > 0)
        {
            var plan = PrunePlan.Make(catalog, points, keep);
            if (plan.Unreachable is { } stretch)
                throw DamagedObjectException.Missing(context.Names.Segment(stretch.To), $"nothing leads to it from segment {stretch.From}");
            foreach (var range in plan.ToWrite)
                await WriteBaseAsync(catalog, plan, range, cancellation);
            record = await CondemnAsync(catalog, plan, cancellation);
        }
        if (record is not null)
        {
            prunes = prunes.Add(record);
            result = result with
            {
                PointsRemoved = points.Length - record.Kept.Length,
                PointsKept = record.Kept.Length,
                ObjectsCondemned = record.Condemned.Length,
                BytesCondemned = record.Condemned.Sum(c => c.StoredBytes),
            };
        }
        var (objects, bytes, retained) = await DeleteDueAsync(prunes, cancellation);
        return result with { ObjectsDeleted = objects, BytesDeleted = bytes, ObjectsRetained = retained };
    }

    private async Task WriteBaseAsync(LogCatalog catalog, PrunePlan plan, BaseRange range, CancellationToken cancellation)
    {
        var way = catalog.WayBetween(range.From, range.To)!.Value; // the plan made sure
        var steps = await LoadedState.LoadStepsAsync(context, way, cancellation);
        var source = new BaseSource(range, steps[0].FromHash, steps[^1].ToHash, [plan.Kept.Single(p => p.Sequence == range.To)], [.. steps.Select(s => s.Layer)]);
        // Seconds of CPU for a large mailbox; would block every other call of the caller's scheduler. Touches no state.
        await Task.Run(() => new BaseWriter(context.Files, context.Names, context.Options, source).WriteAsync(cancellation), cancellation);
    }

    /// <returns>The record, or null if there is nothing to remove or another prune was faster.</returns>
    private async Task<PruneRecord?> CondemnAsync(LogCatalog catalog, PrunePlan plan, CancellationToken cancellation)
    {
        var named = await PacksNamedAsync(plan, cancellation);
        var known = catalog.Prunes.SelectMany(p => p.Condemned).Select(c => c.Name).ToHashSet();
        var condemned = ImmutableArray.CreateBuilder<CondemnedObject>();
        await foreach (var name in context.Files.Store.ListAsync(context.Names.Prefix, cancellation))
            if (!known.Contains(name) && await IsNeedlessAsync(name, catalog, plan, named, cancellation)
                && await context.Files.Store.GetLengthAsync(name, cancellation) is { } bytes)
                condemned.Add(new(name, bytes));
        if (condemned.Count == 0 && plan.Dropped.IsEmpty)
            return null;
        var number = catalog.Prunes is [] ? 1 : catalog.Prunes[^1].Number + 1;
        var record = new PruneRecord(number, context.Time.GetUtcNow(), catalog.Head, [.. plan.Kept.Select(p => p.Sequence)], condemned.ToImmutable());
        var recordName = context.Names.PruneRecord(number);
        var stored = context.Files.Seal(recordName, Format.ObjectKind.PruneRecord, record.Encode());
        return await context.Files.Store.PutIfAbsentAsync(recordName, stored, cancellation)
            || (await context.Files.Store.GetAsync(recordName, cancellation) is { } there && there.Span.SequenceEqual(stored)) ? record : null;
    }

    private async Task<bool> IsNeedlessAsync(BlobName name, LogCatalog catalog, PrunePlan plan, HashSet<PackName> named, CancellationToken cancellation)
    {
        switch (name.Value[context.Names.Prefix.Length..].Split('/'))
        {
            case ["log", var text]:
                return LogNumber.TryParse(text) is { } sequence && sequence <= catalog.Head && !plan.Segments.Contains(sequence);
            case ["packs", var text]:
                return PackName.TryParse(text) is { } pack && pack.Segment <= catalog.Head && !named.Contains(pack);
            case ["spares", var text, _]:
                return PackName.TryParse(text) is { } home && home.Segment <= catalog.Head && !named.Contains(home);
            case ["base", var text, var file] when BaseRange.TryParse(text) is { } range && range.To <= catalog.Head:
                if (!plan.Bases.Contains(range))
                    return !await IsNewAsync(range, catalog, cancellation);
                return file != "index" && !await IsPartOfBaseAsync(range, file, cancellation);
            default:
                return false; // prune records see to themselves; what we do not know is not ours to remove
        }
    }

    /// <summary>A base that a writer added after the catalog was read is none of this prune's business.</summary>
    private async Task<bool> IsNewAsync(BaseRange range, LogCatalog catalog, CancellationToken cancellation) =>
        !catalog.Bases.Contains(range) && await context.Files.Store.GetLengthAsync(context.Names.BaseIndex(range), cancellation) is not null;

    private async Task<bool> IsPartOfBaseAsync(BaseRange range, string file, CancellationToken cancellation)
    {
        if (await context.Files.Store.GetLengthAsync(context.Names.BaseIndex(range), cancellation) is null)
            return false;
        var layer = await BaseLayer.OpenAsync(context.Files, context.Names, range, context.Cache, cancellation);
        return file.StartsWith(layer.Index.Writer, StringComparison.Ordinal);
    }

    private async Task<HashSet<PackName>> PacksNamedAsync(PrunePlan plan, CancellationToken cancellation)
    {
        var named = new HashSet<PackName>();
        foreach (var range in plan.Bases)
            named.UnionWith((await BaseLayer.OpenAsync(context.Files, context.Names, range, context.Cache, cancellation)).Index.Packs);
        foreach (var sequence in plan.Segments)
        {
            var (segment, _) = await context.ReadSegmentAsync(sequence, cancellation);
            named.UnionWith(segment.NewPacks.Select(p => p.Name));
            foreach (var change in segment.Changes)
                named.UnionWith((change.Version?.Contents.Values ?? []).SelectMany(c => c.Packed).Select(c => c.Pack));
        }
        return named;
    }

    private async Task<(int Objects, long Bytes, int Retained)> DeleteDueAsync(ImmutableArray<PruneRecord> prunes, CancellationToken cancellation)
    {
        var (objects, bytes, retained, now) = (0, 0L, 0, context.Time.GetUtcNow());
        foreach (var record in prunes.Where(p => now - p.At >= context.Options.GracePeriod))
        {
            var retainedBefore = retained;
            foreach (var (name, length) in record.Condemned)
            {
                if (await BecameABaseAsync(name, record, cancellation))
                    continue;
                var outcome = await context.Files.Store.TryDeleteAsync(name, cancellation);
                retained += outcome == DeletionOutcome.Retained ? 1 : 0;
                if (outcome == DeletionOutcome.Deleted)
                    (objects, bytes) = (objects + 1, bytes + length);
            }
            // The newest record keeps saying which points count; an older one has nothing left to say once all it condemned is gone.
            if (record != prunes[^1] && retained == retainedBefore)
                await context.Files.Store.TryDeleteAsync(context.Names.PruneRecord(record.Number), cancellation);
        }
        return (objects, bytes, retained);
    }

    /// <summary>Parts without an index looked left over when they were condemned; if their writer was only slow, they are a base by now.</summary>
    private async Task<bool> BecameABaseAsync(BlobName name, PruneRecord record, CancellationToken cancellation) =>
        name.Value[context.Names.Prefix.Length..].Split('/') is ["base", var text, not "index" and var file] && BaseRange.TryParse(text) is { } range
        && !record.Condemned.Any(c => c.Name == context.Names.BaseIndex(range)) && await IsPartOfBaseAsync(range, file, cancellation);
}
