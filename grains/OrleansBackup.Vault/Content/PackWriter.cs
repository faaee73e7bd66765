using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Content;

/// <summary>One pack being filled: contents are gathered into blocks, blocks are compressed and encrypted beside the caller.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class PackWriter(
    ObjectFiles files, ResourceNames names, PackName name, VaultOptions options, SemaphoreSlim blocksUnderWay, BlockBuffers buffers, BlobName? under = null)
    : IDisposable
{
    private readonly BlobName _object = under ?? names.Pack(name);
    private readonly ObjectCipher _cipher = ObjectCipher.ForNew(under ?? names.Pack(name), ObjectKind.Pack, files.Keys);
    private readonly List<PackBlock> _blocks = [];
    private readonly Queue<(Task<PooledBytes> Frame, int RawBytes, ImmutableArray<PackEntry> Entries)> _underWay = [];
    private readonly List<PackEntry> _open = [];
    private FieldWriter _bytes = buffers.Take();
    private PooledBytes? _stored;
    private int _entries, _frames;
    private long _underWayBytes;

    public PackName Name => name;

    /// <summary>About what is in it; blocks under way count in full.</summary>
    public long Bytes => _bytes.Length + (_stored?.Length ?? 0) + _underWayBytes;

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
        while (_underWay.Count > 0)
            await AppendFrameAsync();
        var stored = _stored!; // no pack is without content
        var indexAt = stored.Length;
        files.Codec.Encode(new PackIndex([.. _blocks]).Encode(), stored);
        _cipher.Encrypt(ObjectCipher.IndexFrame, stored, indexAt);
        PackIndex.AppendTrailer(stored, stored.Length - indexAt);
        if (!await files.Store.PutIfAbsentAsync(_object, stored.Memory, cancellation)
            && under is null && await files.Store.GetAsync(_object, cancellation) is var there && there?.Span.SequenceEqual(stored.Span) != true)
            throw new DamagedObjectException(_object, "another object has its random name");
        var length = stored.Length;
        stored.Dispose(); // only now: after a failure the store may still be sending it
        return new(name, length);
    }

    /// <summary>Drops a pack that was not stored.</summary>
    public void Dispose() => _stored?.Dispose();

    private async Task EndBlockAsync(CancellationToken cancellation)
    {
        await blocksUnderWay.WaitAsync(cancellation);
        var (bytes, length, frame) = (_bytes, _bytes.Length, (uint)_frames++); // the work gives the buffer away
        // Some 3 ms of CPU for 512 KiB; would block every other call of the caller's scheduler. Touches no state.
        var work = Task.Run(() =>
        {
            var block = new PooledBytes(BlockCodec.LongestEncoded(bytes.Length) + ObjectCipher.TagBytes);
            try
            {
                files.Codec.Encode(bytes.Written, block);
                _cipher.Encrypt(frame, block, from: 0);
                return block;
            }
            finally
            {
                buffers.Return(bytes);
                blocksUnderWay.Release();
            }
        }, CancellationToken.None);
        _underWay.Enqueue((work, length, [.. _open]));
        _underWayBytes += length;
        _bytes = buffers.Take();
        _open.Clear();
        while (_underWay.TryPeek(out var first) && first.Frame.IsCompleted)
            await AppendFrameAsync();
    }

    /// <summary>Moves the oldest frame into the object, so that no pack is in memory twice.</summary>
    private async Task AppendFrameAsync()
    {
        var (work, rawBytes, entries) = _underWay.Peek(); // stays there if it failed, so that the pack can never be stored without it
        using var frame = await work;
        _underWay.Dequeue();
        _underWayBytes -= rawBytes;
        if (_stored is null)
        {
            _stored = new(ObjectCipher.HeaderBytes + frame.Length);
            _stored.Append(_cipher.Header);
        }
        _stored.Append(frame.Span);
        _blocks.Add(new(0, frame.Length, entries));
    }
}
