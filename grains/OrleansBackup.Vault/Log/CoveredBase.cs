using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;

namespace OrleansBackup.Vault.Log;

/// <summary>A base, and behind it what it was made from: where a part of it is damaged, the same call goes on with the segments and bases it covers.</summary>
/// <remarks>What is behind is read only then, and only while a prune has left it: after that the damage is told as before. All orders are the base's
/// own, so that a listing goes on after the last item that it gave out.</remarks>
/// <param name="seen">Gets the damage that was gone round, by the name of the object.</param>
internal sealed class CoveredBase(ResourceContext context, LogCatalog catalog, LoadedStep step, ConcurrentDictionary<string, DamagedObjectException> seen) : IItemLayer
{
    private readonly IItemLayer _base = step.Layer;
    private ItemState? _behind;

    public long Entries => _base.Entries;
    public IReadOnlyCollection<string> Kinds => _base.Kinds;

    /// <summary>The same state, each base in it with what it covers behind it.</summary>
    public static LoadedState In(LoadedState state, ResourceContext context, LogCatalog catalog, ConcurrentDictionary<string, DamagedObjectException> seen) =>
        new([.. state.Steps.Select(s => s.Layer is BaseLayer ? s with { Layer = new CoveredBase(context, catalog, s, seen) } : s)]);

    public async ValueTask<ItemChange?> FindAsync(string id, CancellationToken cancellation)
    {
        try { return await _base.FindAsync(id, cancellation); }
        catch (DamagedObjectException e) { return await (await BehindAsync(e, cancellation)).FindChangeAsync(id, cancellation); }
    }

    public async ValueTask<NamedContent?> FindContentAsync(Hash256 hash, CancellationToken cancellation)
    {
        try { return await _base.FindContentAsync(hash, cancellation); }
        catch (DamagedObjectException e) { return await (await BehindAsync(e, cancellation)).FindNamedAsync(hash, cancellation); }
    }

    public IAsyncEnumerable<ItemChange> ScanAsync(CancellationToken cancellation) => GoOnAsync(_base.ScanAsync(cancellation), (behind, last) =>
        ItemState.ChangesAsync(behind.Layers, cancellation).SkipWhile(c => last.Id is not null && string.CompareOrdinal(c.Id, last.Id) <= 0), cancellation);

    public IAsyncEnumerable<ItemVersion> ScanPlaceAsync(string kind, string? parentId, string afterId, CancellationToken cancellation) =>
        GoOnAsync(_base.ScanPlaceAsync(kind, parentId, afterId, cancellation), (behind, last) => behind.InPlaceAsync(kind, parentId, last?.Id ?? afterId, cancellation), cancellation);

    // A base finds by id in ordinal order.
    public IAsyncEnumerable<ItemVersion> SearchAsync(ItemQuery query, CancellationToken cancellation) => GoOnAsync(_base.SearchAsync(query, cancellation), (behind, last) =>
        ItemState.ChangesAsync(behind.Layers, cancellation).Where(c => c.Version is not null && query.Matches(c.Version)).Select(c => c.Version!)
            .SkipWhile(v => last is not null && string.CompareOrdinal(v.Id, last.Id) <= 0), cancellation);

    public IAsyncEnumerable<ItemVersion> ScanKindAsync(string kind, CancellationToken cancellation) => GoOnAsync(_base.ScanKindAsync(kind, cancellation), (behind, last) =>
        ItemState.PlacesAsync(behind.Layers, cancellation).SkipWhile(v => string.CompareOrdinal(v.Kind, kind) < 0 || IsUpTo(last, v)).TakeWhile(v => v.Kind == kind), cancellation);

    public IAsyncEnumerable<ItemVersion> ScanPlacesAsync(CancellationToken cancellation) => GoOnAsync(_base.ScanPlacesAsync(cancellation), (behind, last) =>
        ItemState.PlacesAsync(behind.Layers, cancellation).SkipWhile(v => IsUpTo(last, v)), cancellation);

    private static bool IsUpTo(ItemVersion? last, ItemVersion item) => last is not null && Place.Of(item).CompareTo(Place.Of(last)) <= 0;

    private async IAsyncEnumerable<T> GoOnAsync<T>(
        IAsyncEnumerable<T> own, Func<ItemState, T?, IAsyncEnumerable<T>> behind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        T? last = default; // before the first: null, or a change of no item
        DamagedObjectException? damage = null;
        await using (var items = own.GetAsyncEnumerator(cancellation))
        {
            while (true)
            {
                try
                {
                    if (!await items.MoveNextAsync())
                        yield break;
                }
                catch (DamagedObjectException e)
                {
                    damage = e;
                    break;
                }
                yield return last = items.Current;
            }
        }
        await foreach (var item in behind(await BehindAsync(damage, cancellation), last))
            yield return item;
    }

    /// <exception cref="DamagedObjectException">The damage, if no other way leads over the same stretch of the log.</exception>
    private async Task<ItemState> BehindAsync(DamagedObjectException damage, CancellationToken cancellation)
    {
        if (_behind is null)
        {
            var rest = catalog.Where(other => other != step.Step);
            var way = await LoadedState.LoadBetweenAsync(context, rest, step, cancellation) ?? throw damage;
            _behind = In(new(way), context, rest, seen).Items; // what is behind may be damaged as well
        }
        seen.TryAdd(damage.Name.Value, damage);
        return _behind;
    }
}
