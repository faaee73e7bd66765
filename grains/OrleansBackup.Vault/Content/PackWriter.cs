using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Content;

/// <summary>One pack being filled: contents are gathered into blocks, blocks are compressed and encrypted beside the caller.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class PackWriter(
    ObjectFiles files, ResourceNames names, PackName name, VaultOptions options, SemaphoreSlim blocksUnderWay, BlockBuffers buffers, BlobName? under = null)
{
    private readonly BlobName _object = under ?? names.Pack(name);
    private readonly ObjectCipher _cipher = ObjectCipher.ForNew(under ?? names.Pack(name), ObjectKind.Pack, files.Keys);
    private readonly List<(Task<byte[]> Sealed, int RawBytes, ImmutableArray<PackEntry> Entries)> _blocks = [];
    private readonly List<PackEntry> _open = [];
    private FieldWriter _bytes = buffers.Take();
    private int _entries;

    public PackName Name => name;

    /// <summary>About what is in it; blocks under way count in full.</summary>
    public long Bytes => _bytes.Length + _blocks.Sum(b => b.Sealed.IsCompletedSuccessfully ? b.Sealed.Result.Length : b.RawBytes);

    /// <summary>Takes the content's bytes over; waits while too many blocks are under way.</summary>
    /// <returns>Its entry number.</returns>
    public async ValueTask<int> AddAsync(ReadOnlyMemory<byte> content, Hash256 hash, CancellationToken cancellation)
    {
        var entry = _entries++; // counted first: the content is in the block even if the wait below is cancelled
        _bytes.Fixed(content.Span);
        _open.Add(new(content.Length, hash));
        if (_bytes.Length >= options.TargetBlockBytes)
            await EndBlockAsync(cancellation);
        return entry;
    }

    /// <summary>Leaves the next entry's number unused, when a pack is written again.</summary>
    public void AddDead()
    {
        _entries++;
        _open.Add(default);
    }

    /// <summary>Stores the pack: durable, and named by nothing yet, when this returns.</summary>
    public async Task<StoredPack> StoreAsync(CancellationToken cancellation)
    {
        if (_open.Count > 0)
            await EndBlockAsync(cancellation);
        buffers.Return(_bytes);
        var frames = await Task.WhenAll(_blocks.Select(b => b.Sealed));
        var blocks = frames.Select((frame, i) => new PackBlock(0, frame.Length, _blocks[i].Entries));
        var index = _cipher.Encrypt(ObjectCipher.IndexFrame, files.Codec.Encode(new PackIndex([.. blocks]).Encode()));
        var stored = new byte[ObjectCipher.HeaderBytes + frames.Sum(f => f.Length) + index.Length + PackIndex.TrailerBytes];
        var offset = 0;
        Append(_cipher.Header);
        foreach (var frame in frames)
            Append(frame);
        Append(index);
        PackIndex.WriteTrailer(stored.AsSpan(offset), index.Length);
        if (!await files.Store.PutIfAbsentAsync(_object, stored, cancellation)
            && under is null && await files.Store.GetAsync(_object, cancellation) is var there && there?.Span.SequenceEqual(stored) != true)
            throw new DamagedObjectException(_object, "another object has its random name");
        return new(name, stored.Length);

        void Append(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(stored.AsSpan(offset));
            offset += bytes.Length;
        }
    }

    private async Task EndBlockAsync(CancellationToken cancellation)
    {
        await blocksUnderWay.WaitAsync(cancellation);
        var (bytes, length, entries, frame) = (_bytes, _bytes.Length, _open.ToImmutableArray(), (uint)_blocks.Count);
        // Some 3 ms of CPU for 512 KiB; would block every other call of the caller's scheduler. Touches no state.
        var work = Task.Run(() =>
        {
            try { return _cipher.Encrypt(frame, files.Codec.Encode(bytes.Written)); }
            finally
            {
                buffers.Return(bytes);
                blocksUnderWay.Release();
            }
        }, CancellationToken.None);
        _blocks.Add((work, length, entries));
        _bytes = buffers.Take();
        _open.Clear();
    }
}
