using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Log;

/// <summary>Goes back to the newest restore point that can be read, when the log cannot be followed to its end any more. FORMAT.md, "Bases".</summary>
/// <remarks>
/// Nothing is removed. A segment without a checkpoint takes the next place, so that the next run reads everything anew; then a base says that
/// from the point to that segment nothing changed. In this order, because the other way round a crash would leave a checkpoint
/// that stands for changes which are lost. Points in between are no longer listed; a prune takes what is left of them away.
/// </remarks>
internal static class SetBack
{
    /// <returns>The point gone back to, null for the empty state; or nothing, if the log can be followed to its end.</returns>
    /// <exception cref="SegmentTakenException">A run was faster.</exception>
    public static async Task<(bool WasNeeded, RestorePoint? Point)> RunAsync(ResourceContext context, CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(context.Files, context.Names, cancellation);
        if (await TryLoadAsync(context, catalog, catalog.Head, cancellation) is { } whole && await IsHeadReadableAsync(context, catalog, whole, cancellation))
            return (false, whole.Points.LastOrDefault());
        var good = await NewestReadableAsync(context, catalog, cancellation);
        var point = good.Points.LastOrDefault();
        var (now, next) = (context.Time.GetUtcNow(), Math.Max(catalog.Head, catalog.Bases.Select(b => b.To).DefaultIfEmpty().Max()) + 1);
        var last = await context.Files.Store.GetAsync(context.Names.Segment(next - 1), cancellation);
        var segment = new Segment(next, Guid.Empty, now, now, last is { } bytes ? Hash256.OfStored(bytes.Span) : default, "",
            point is null ? Totals.None : new(point.ItemsByKind, point.LogicalBytes), [], null, []);
        var name = context.Names.Segment(next);
        var stored = context.Files.Seal(name, ObjectKind.Segment, segment.Encode());
        if (!await context.Files.Store.PutIfAbsentAsync(name, stored, cancellation))
            throw new SegmentTakenException(name);
        var source = new BaseSource(new(good.Sequence, next), good.Hash, Hash256.OfStored(stored), [], [new ChangesLayer([])]);
        await new BaseWriter(context.Files, context.Names, context.Options, source).WriteAsync(cancellation);
        return (true, point);
    }

    private static async Task<LoadedState> NewestReadableAsync(ResourceContext context, LogCatalog catalog, CancellationToken cancellation)
    {
        for (var state = catalog.Head; state > 0; state--)
            if (catalog.Allows(state) && catalog.WayTo(state) is not null && await TryLoadAsync(context, catalog, state, cancellation) is { } loaded
                && loaded.Points.LastOrDefault()?.Sequence == state)
                return loaded;
        return LoadedState.Empty;
    }

    private static async Task<LoadedState?> TryLoadAsync(ResourceContext context, LogCatalog catalog, long state, CancellationToken cancellation)
    {
        try
        {
            var loaded = await LoadedState.LoadAsync(context, catalog, state, cancellation);
            foreach (var layer in loaded.Steps.Select(s => s.Layer).OfType<BaseLayer>())
                await layer.ReadEverythingAsync(cancellation); // what is gone back to must be whole
            return loaded;
        }
        catch (DamagedObjectException) { return null; } // what is asked here
    }

    private static async Task<bool> IsHeadReadableAsync(ResourceContext context, LogCatalog catalog, LoadedState state, CancellationToken cancellation)
    {
        try { return catalog.Head == 0 || (await context.ReadSegmentAsync(catalog.Head, cancellation)).Hash == state.Hash; }
        catch (DamagedObjectException) { return false; } // what is asked here
    }
}
