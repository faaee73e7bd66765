using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Items;

/// <summary>All items of a resource at one moment, as layers of change. Immutable; listing it needs one block of each layer.</summary>
/// <param name="Layers">Oldest first.</param>
internal sealed record ItemState(ImmutableArray<IItemLayer> Layers)
{
    /// <summary>Up to this many listed items are sorted in memory, when only the order by place is short enough to read.</summary>
    private const int MostSorted = 2_000;

    public async ValueTask<ItemVersion?> FindAsync(string id, CancellationToken cancellation) => (await FindChangeAsync(id, cancellation))?.Version;

    /// <returns>What the newest layer that mentions the item says of it.</returns>
    public async ValueTask<ItemChange?> FindChangeAsync(string id, CancellationToken cancellation)
    {
        for (var i = Layers.Length - 1; i >= 0; i--)
            if (await Layers[i].FindAsync(id, cancellation) is { } change)
                return change;
        return null;
    }

    /// <returns>Packed content with this hash that an item names now. Content that only older states name does not count: it may be going.</returns>
    public async ValueTask<ContentReference?> FindContentAsync(Hash256 hash, CancellationToken cancellation) => (await FindNamedAsync(hash, cancellation))?.Content;

    /// <returns>As <see cref="FindContentAsync"/>, with the item that names it.</returns>
    public async ValueTask<NamedContent?> FindNamedAsync(Hash256 hash, CancellationToken cancellation)
    {
        for (var i = Layers.Length - 1; i >= 0; i--)
            if (await Layers[i].FindContentAsync(hash, cancellation) is { } named
                && await FindAsync(named.ItemId, cancellation) is { } item && item.Contents.Values.Any(c => c.Packed.Contains(named.Content)))
                return named;
        return null;
    }

    /// <param name="itemsOfKind">How many there are of the kind that is asked for, if known: decides how to read.</param>
    public IAsyncEnumerable<ItemVersion> ItemsAsync(ItemFilter filter, long? itemsOfKind, CancellationToken cancellation)
    {
        if (filter.ParentId is not null)
            return InPlaceAsync(filter.Kind, filter.ParentId, filter.AfterId ?? "", cancellation);
        return filter.Kind is not null && itemsOfKind is <= MostSorted
            ? OfKindAsync(filter.Kind, cancellation).Where(filter.Matches)
            : ChangesAsync(Layers, cancellation).Where(c => c.Version is not null && filter.Matches(c.Version)).Select(c => c.Version!);
    }

    /// <summary>What the layers say together, removals included, by id in ordinal order.</summary>
    public static async IAsyncEnumerable<ItemChange> ChangesAsync(
        ImmutableArray<IItemLayer> layers, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? last = null;
        var sources = layers.Select(layer => layer.ScanAsync(cancellation)).ToArray();
        // Newer layers first among equal ids, so that the first of each id is right.
        await foreach (var (_, change) in OrderedMerge.Of(sources, c => c.Id, StringComparer.Ordinal, newestFirst: true, cancellation))
        {
            if (change.Id == last)
                continue;
            last = change.Id;
            yield return change;
        }
    }

    /// <summary>The versions that the layers hold together, by <see cref="Place"/>.</summary>
    public static async IAsyncEnumerable<ItemVersion> PlacesAsync(
        ImmutableArray<IItemLayer> layers, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var sources = layers.Select(layer => layer.ScanPlacesAsync(cancellation)).ToArray();
        await foreach (var (layer, item) in OrderedMerge.Of(sources, Place.Of, Comparer<Place>.Default, newestFirst: true, cancellation))
            if (!await IsMentionedAsync(layers, layer + 1, item.Id, cancellation))
                yield return item;
    }

    /// <summary>The items that match, newest layers first.</summary>
    public async IAsyncEnumerable<ItemVersion> SearchAsync(ItemQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var i = Layers.Length - 1; i >= 0; i--)
            await foreach (var item in Layers[i].SearchAsync(query, cancellation))
                if (!await IsMentionedAsync(Layers, i + 1, item.Id, cancellation))
                    yield return item;
    }

    /// <summary>The items of one place, by id in ordinal order.</summary>
    public async IAsyncEnumerable<ItemVersion> InPlaceAsync(string? kind, string? parentId, string afterId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var sources = new List<(int Layer, IAsyncEnumerable<ItemVersion> Items)>();
        for (var i = 0; i < Layers.Length; i++)
            foreach (var one in kind is null ? Layers[i].Kinds : [kind])
                sources.Add((i, Layers[i].ScanPlaceAsync(one, parentId, afterId, cancellation)));
        await foreach (var (source, item) in OrderedMerge.Of([.. sources.Select(s => s.Items)], v => v.Id, StringComparer.Ordinal, newestFirst: true, cancellation))
            if (!await IsMentionedAsync(Layers, sources[source].Layer + 1, item.Id, cancellation))
                yield return item;
    }

    private async IAsyncEnumerable<ItemVersion> OfKindAsync(string kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var items = new List<ItemVersion>();
        for (var i = 0; i < Layers.Length; i++)
            await foreach (var item in Layers[i].ScanKindAsync(kind, cancellation))
                if (!await IsMentionedAsync(Layers, i + 1, item.Id, cancellation))
                    items.Add(item);
        items.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        foreach (var item in items)
            yield return item;
    }

    private static async ValueTask<bool> IsMentionedAsync(ImmutableArray<IItemLayer> layers, int from, string id, CancellationToken cancellation)
    {
        for (var i = from; i < layers.Length; i++)
            if (await layers[i].FindAsync(id, cancellation) is not null)
                return true;
        return false;
    }
}
