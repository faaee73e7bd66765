using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Items;

/// <summary>What a base is made from: neighbouring layers, and the links of the log at both ends.</summary>
internal sealed record BaseSource(
    BaseRange Range, Hash256 FromHash, Hash256 ToHash, ImmutableArray<RestorePoint> Points, ImmutableArray<IItemLayer> Layers);

/// <summary>Merges layers into one stored base, holding a block of each and one part in memory.</summary>
/// <remarks>Parts have names of this writer alone; the base exists when its index does. A writer that stops leaves parts that nobody names.</remarks>
internal sealed class BaseWriter(ObjectFiles files, ResourceNames names, VaultOptions options, BaseSource source)
{
    private readonly string _writer = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly List<long> _partBytes = [];
    private readonly FieldWriter _part = new(options.BasePartBytes + options.BaseBlockBytes);
    private readonly HashSet<PackName> _packs = [];
    private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);
    private ObjectCipher? _cipher;
    private uint _frame;
    private long _entries;

    /// <summary>Writes the base. False: somebody else wrote one of the same range first, which says the same.</summary>
    public async Task<bool> WriteAsync(CancellationToken cancellation)
    {
        using var places = new ContentPlaceSorter();
        var ids = KeyFilter.ForKeys(source.Layers.Sum(l => l.Entries));
        var byId = await WriteByIdAsync(ids, places, cancellation);
        var byPlace = await WriteByPlaceAsync(cancellation);
        var contents = KeyFilter.ForKeys(places.Count);
        var byContent = await WriteByContentAsync(places, contents, cancellation);
        await EndPartAsync(cancellation);
        var index = new BaseIndex(source.Range, source.FromHash, source.ToHash, _writer, [.. _partBytes], _entries,
            [.. _kinds.Order(StringComparer.Ordinal)], source.Points, [.. _packs.OrderBy(p => p.Segment).ThenBy(p => p.Unique)],
            byId, byPlace, byContent, ids, contents);
        var name = names.BaseIndex(source.Range);
        if (!await files.Store.PutIfAbsentAsync(name, files.Seal(name, ObjectKind.BaseIndex, index.Encode()), cancellation))
            return false;
        await EnsurePartsAsync(name, cancellation);
        return true;
    }

    /// <summary>A writer that stood still for longer than the grace period may have lost its parts to a prune, to which they were leftovers. Its index
    /// must not stay then: readers would take it for the shortest way.</summary>
    private async Task EnsurePartsAsync(BlobName index, CancellationToken cancellation)
    {
        for (var part = 0; part < _partBytes.Count; part++)
        {
            var name = names.BasePart(source.Range, _writer, part);
            if (await files.Store.GetLengthAsync(name, cancellation) is not null)
                continue;
            await files.Store.DeleteAsync(index, cancellation);
            throw DamagedObjectException.Missing(name, "a prune removed it before its base was complete; begin the run again");
        }
    }

    private async Task<ImmutableArray<BaseBlock<string>>> WriteByIdAsync(KeyFilter ids, ContentPlaceSorter places, CancellationToken cancellation)
    {
        var section = new Section<string>(this);
        await foreach (var change in ItemState.ChangesAsync(source.Layers, cancellation))
        {
            if (change.Version is null && source.Range.From == 0)
                continue; // nothing older that it could hide
            Note(change, section, places);
            change.WriteTo(section.Bytes);
            ids.Add(KeyFilter.KeyOf(change.Id));
            _entries++;
            await section.AddedAsync(change.Id, cancellation);
        }
        return await section.EndAsync(cancellation);
    }

    private void Note(ItemChange change, Section<string> section, ContentPlaceSorter places)
    {
        if (change.Version is not { } version)
            return;
        _kinds.Add(version.Kind);
        foreach (var content in version.Contents.Values.SelectMany(c => c.Packed))
        {
            places.Add(new(KeyFilter.KeyOf(content.Hash), section.Blocks, section.Count));
            _packs.Add(content.Pack);
        }
    }

    private async Task<ImmutableArray<BaseBlock<Place>>> WriteByPlaceAsync(CancellationToken cancellation)
    {
        var section = new Section<Place>(this);
        await foreach (var item in ItemState.PlacesAsync(source.Layers, cancellation))
        {
            ItemEncoding.Write(section.Bytes, item);
            await section.AddedAsync(Place.Of(item), cancellation);
        }
        return await section.EndAsync(cancellation);
    }

    private async Task<ImmutableArray<BaseBlock<UInt128>>> WriteByContentAsync(ContentPlaceSorter places, KeyFilter contents, CancellationToken cancellation)
    {
        var section = new Section<UInt128>(this);
        UInt128? last = null;
        foreach (var (key, block, position) in places.Sorted())
        {
            if (key == last)
                continue; // one item that names it is enough
            last = key;
            BaseIndex.WriteKey(section.Bytes, key);
            section.Bytes.Number(block);
            section.Bytes.Number(position);
            contents.Add(key);
            await section.AddedAsync(key, cancellation);
        }
        return await section.EndAsync(cancellation);
    }

    private async Task<BaseBlock<TKey>> WriteBlockAsync<TKey>(TKey first, ReadOnlyMemory<byte> plain, CancellationToken cancellation)
    {
        if (_cipher is null)
        {
            _cipher = ObjectCipher.ForNew(names.BasePart(source.Range, _writer, _partBytes.Count), ObjectKind.BasePart, files.Keys);
            _part.Fixed(_cipher.Header);
        }
        var frame = _cipher.Encrypt(_frame, files.Codec.Encode(plain.Span));
        var block = new BaseBlock<TKey>(_partBytes.Count, _frame, _part.Length, frame.Length, first);
        _part.Fixed(frame);
        _frame++;
        if (_part.Length >= options.BasePartBytes)
            await EndPartAsync(cancellation);
        return block;
    }

    private async Task EndPartAsync(CancellationToken cancellation)
    {
        if (_cipher is null)
            return;
        var name = names.BasePart(source.Range, _writer, _partBytes.Count);
        await files.Store.PutIfAbsentAsync(name, _part.WrittenMemory, cancellation);
        _partBytes.Add(_part.Length);
        _part.Clear();
        (_cipher, _frame) = (null, 0);
    }

    /// <summary>One order of the base, gathered into blocks.</summary>
    private sealed class Section<TKey>(BaseWriter writer)
    {
        private readonly ImmutableArray<BaseBlock<TKey>>.Builder _blocks = ImmutableArray.CreateBuilder<BaseBlock<TKey>>();
        private readonly FieldWriter _block = new(writer.BlockBytes * 2);
        private TKey _first = default!;

        public FieldWriter Bytes { get; } = new(writer.BlockBytes * 2);
        public int Blocks => _blocks.Count;
        public int Count { get; private set; }

        /// <summary>The entry with this key was just written to <see cref="Bytes"/>.</summary>
        public async ValueTask AddedAsync(TKey key, CancellationToken cancellation)
        {
            if (Count++ == 0)
                _first = key;
            if (Bytes.Length >= writer.BlockBytes)
                await EndBlockAsync(cancellation);
        }

        public async Task<ImmutableArray<BaseBlock<TKey>>> EndAsync(CancellationToken cancellation)
        {
            if (Count > 0)
                await EndBlockAsync(cancellation);
            return _blocks.ToImmutable();
        }

        private async Task EndBlockAsync(CancellationToken cancellation)
        {
            _block.Clear();
            _block.Number(Count);
            _block.Fixed(Bytes.Written);
            _blocks.Add(await writer.WriteBlockAsync(_first, _block.WrittenMemory, cancellation));
            Bytes.Clear();
            Count = 0;
        }
    }

    private int BlockBytes => options.BaseBlockBytes;
}
