using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Items;

/// <summary>A stored base, read block by block.</summary>
internal sealed class BaseLayer(ObjectFiles files, ResourceNames names, BaseIndex index, BoundedCache cache) : IItemLayer
{
    public BaseIndex Index => index;
    public long Entries => index.Entries;
    public IReadOnlyCollection<string> Kinds => index.Kinds;

    public static async Task<BaseLayer> OpenAsync(ObjectFiles files, ResourceNames names, BaseRange range, BoundedCache cache, CancellationToken cancellation)
    {
        var name = names.BaseIndex(range);
        if (cache.Find<BaseLayer>(name.Value, 0) is { } known)
            return known;
        var (plain, _) = await files.ReadAsync(name, ObjectKind.BaseIndex, cancellation);
        var layer = new BaseLayer(files, names, Decode(name, plain), cache);
        if (layer.Index.Range != range)
            throw new DamagedObjectException(name, "it covers another range than its name says");
        cache.Keep(name.Value, 0, layer, plain.Length * 2L);
        return layer;
    }

    public async ValueTask<ItemChange?> FindAsync(string id, CancellationToken cancellation)
    {
        if (!index.Ids.MayContain(KeyFilter.KeyOf(id)) || LastAtOrBefore(index.ById, id, StringComparer.Ordinal) is not (>= 0 and var block))
            return null;
        var changes = await ReadChangesAsync(block, keep: true, cancellation);
        var (low, high) = (0, changes.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(changes[middle].Id, id);
            if (order == 0)
                return changes[middle];
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }
        return null;
    }

    public async IAsyncEnumerable<ItemChange> ScanAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var block = 0; block < index.ById.Length; block++)
            foreach (var change in await ReadChangesAsync(block, keep: false, cancellation))
                yield return change;
    }

    public IAsyncEnumerable<ItemVersion> ScanPlaceAsync(string kind, string? parentId, string afterId, CancellationToken cancellation) =>
        FromAsync(new(kind, parentId, afterId), cancellation).SkipWhile(v => v.Id == afterId).TakeWhile(v => v.Kind == kind && v.ParentId == parentId);

    public async IAsyncEnumerable<ItemVersion> SearchAsync(ItemQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var block = 0; block < index.ById.Length; block++)
            foreach (var change in await ReadBlockAsync(index.ById[block], keep: false, plain => query.MayMatch(plain) ? DecodeChanges(plain) : [], cancellation))
                if (change.Version is { } version && query.Matches(version))
                    yield return version;
    }

    public IAsyncEnumerable<ItemVersion> ScanKindAsync(string kind, CancellationToken cancellation) =>
        FromAsync(new(kind, null, ""), cancellation).TakeWhile(v => v.Kind == kind);

    public async IAsyncEnumerable<ItemVersion> ScanPlacesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var block = 0; block < index.ByPlace.Length; block++)
            foreach (var item in await ReadVersionsAsync(block, keep: false, cancellation))
                yield return item;
    }

    public async ValueTask<NamedContent?> FindContentAsync(Hash256 hash, CancellationToken cancellation)
    {
        var key = KeyFilter.KeyOf(hash);
        if (!index.Contents.MayContain(key) || LastAtOrBefore(index.ByContent, key, Comparer<UInt128>.Default) is not (>= 0 and var block))
            return null;
        var places = await ReadBlockAsync(index.ByContent[block], keep: true, DecodePlaces, cancellation);
        var found = Array.BinarySearch(places, new ContentPlace(key, 0, 0));
        if (found < 0)
            return null;
        var changes = await ReadChangesAsync(places[found].Block, keep: true, cancellation);
        var item = places[found].Position < changes.Length ? changes[places[found].Position].Version : null;
        return item?.Contents.Values.SelectMany(c => c.Packed).FirstOrDefault(c => c.Hash == hash) is { } content ? new(content, item.Id) : null;
    }

    /// <summary>Reads and checks every block; for a full check of the repository.</summary>
    public async Task<long> ReadEverythingAsync(CancellationToken cancellation)
    {
        var bytes = 0L;
        for (var block = 0; block < index.ByPlace.Length; block++)
            _ = await ReadVersionsAsync(block, keep: false, cancellation);
        foreach (var block in index.ByContent)
            _ = await ReadBlockAsync(block, keep: false, DecodePlaces, cancellation);
        await foreach (var _ in ScanAsync(cancellation)) { }
        foreach (var part in index.PartBytes)
            bytes += part;
        return bytes;
    }

    private async IAsyncEnumerable<ItemVersion> FromAsync(Place place, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var block = Math.Max(0, LastAtOrBefore(index.ByPlace, place, Comparer<Place>.Default)); block < index.ByPlace.Length; block++)
            foreach (var item in await ReadVersionsAsync(block, keep: true, cancellation))
                if (Place.Of(item).CompareTo(place) >= 0)
                    yield return item;
    }

    private Task<ItemChange[]> ReadChangesAsync(int block, bool keep, CancellationToken cancellation) =>
        ReadBlockAsync(index.ById[block], keep, DecodeChanges, cancellation);

    private Task<ItemVersion[]> ReadVersionsAsync(int block, bool keep, CancellationToken cancellation) =>
        ReadBlockAsync(index.ByPlace[block], keep, DecodeVersions, cancellation);

    /// <param name="keep">Whether to cache it: not while everything is read once.</param>
    private async Task<T[]> ReadBlockAsync<TKey, T>(BaseBlock<TKey> block, bool keep, Func<byte[], T[]> decode, CancellationToken cancellation)
    {
        var name = names.BasePart(index.Range, index.Writer, block.Part);
        if (cache.Find<T[]>(name.Value, (int)block.Frame) is { } known)
            return known;
        var header = await HeaderOfAsync(name, cancellation);
        var frame = await files.ReadRangeAsync(name, block.Offset, block.StoredBytes, cancellation);
        var plain = ObjectFiles.DecodeBlock(name, ObjectCipher.ForStored(name, ObjectKind.BasePart, header, files.Keys).Decrypt(block.Frame, frame.Span));
        try
        {
            var decoded = decode(plain);
            if (keep)
                cache.Keep(name.Value, (int)block.Frame, decoded, plain.Length * 3L);
            return decoded;
        }
        catch (InvalidDataException e) { throw new DamagedObjectException(name, e.Message, e); }
    }

    private async Task<byte[]> HeaderOfAsync(BlobName name, CancellationToken cancellation)
    {
        if (cache.Find<byte[]>(name.Value, -1) is { } known)
            return known;
        var header = (await files.ReadRangeAsync(name, 0, ObjectCipher.HeaderBytes, cancellation)).ToArray();
        cache.Keep(name.Value, -1, header, 128);
        return header;
    }

    private static BaseIndex Decode(BlobName name, byte[] plain)
    {
        try { return BaseIndex.Decode(plain); }
        catch (InvalidDataException e) { throw new DamagedObjectException(name, e.Message, e); }
    }

    private static ItemChange[] DecodeChanges(byte[] plain)
    {
        var reader = new FieldReader(plain);
        var changes = new ItemChange[reader.Count()];
        for (var i = 0; i < changes.Length; i++)
            changes[i] = ItemChange.Read(ref reader);
        reader.End();
        return changes;
    }

    private static ItemVersion[] DecodeVersions(byte[] plain)
    {
        var reader = new FieldReader(plain);
        var versions = new ItemVersion[reader.Count()];
        for (var i = 0; i < versions.Length; i++)
            versions[i] = ItemEncoding.ReadItem(ref reader);
        reader.End();
        return versions;
    }

    private static ContentPlace[] DecodePlaces(byte[] plain)
    {
        var reader = new FieldReader(plain);
        var places = new ContentPlace[reader.Count()];
        for (var i = 0; i < places.Length; i++)
            places[i] = new(BaseIndex.ReadKey(ref reader), reader.Int(), reader.Int());
        reader.End();
        return places;
    }

    private static int LastAtOrBefore<TKey>(ImmutableArray<BaseBlock<TKey>> blocks, TKey key, IComparer<TKey> order)
    {
        var (low, high) = (0, blocks.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = order.Compare(blocks[middle].First, key) <= 0 ? (middle + 1, high) : (low, middle);
        }
        return low - 1;
    }
}

/// <summary>Which item of a base names a packed content: the block of the order by id, and the position in it.</summary>
/// <param name="Key">The first 128 bits of the content's hash; equal keys are one content.</param>
internal readonly record struct ContentPlace(UInt128 Key, int Block, int Position) : IComparable<ContentPlace>
{
    public int CompareTo(ContentPlace other) => Key.CompareTo(other.Key);
}
