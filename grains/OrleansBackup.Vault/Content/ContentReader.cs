using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Recipes;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Content;

/// <summary>Gives stored content back, every byte checked against its hash before the caller sees it.</summary>
internal sealed class ContentReader(ObjectFiles files, ResourceNames names, BoundedCache cache)
{
    private const int IndexPart = -1, PassedBytes = 64 << 10;

    private readonly ChunkEditions _editions = new(files);
    private readonly PackEditions _packEditions = new(files, names);
    private readonly SpareContents _spares = new(files, names);

    /// <exception cref="DamagedObjectException">An object it needs is missing or damaged; names that object.</exception>
    public async Task<Stream> OpenAsync(ContentReference content, CancellationToken cancellation)
    {
        if (content.IsInPack)
            return await OpenPackedAsync(content, cancellation);
        if (content.Literal is not null)
            return new ReassembledStream(content, await OpenAsync(content.Literal, cancellation), OpenAsync, what => new DamagedObjectException(ObjectOf(content.Parts[0].Content), what));
        return new ChunkStream(this, content.List is null ? content.Chunks : await ReadListAsync(content, cancellation));
    }

    /// <summary>The content without what lies before a byte.</summary>
    public async Task<Stream> OpenAsync(ContentReference content, long from, CancellationToken cancellation)
    {
        var stream = await OpenAsync(content, cancellation);
        try
        {
            if (stream is ChunkStream chunks)
                chunks.SkipChunks(ref from);
            if (from > 0)
                await PassAsync(stream, from, cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>The name that content of these bytes has.</summary>
    public Hash256 NameOf(ReadOnlySpan<byte> content) => files.Keys.NameOf(content);

    public Task<byte[]> ReadChunkAsync(ChunkReference chunk, CancellationToken cancellation) =>
        _editions.ReadAsync(chunk.Hash, chunk.Length, cancellation);

    public async Task<ImmutableArray<ChunkReference>> ReadListAsync(ContentReference content, CancellationToken cancellation)
    {
        await using var stream = await OpenAsync(content.List!, cancellation);
        var list = new byte[checked((int)content.List!.Length)];
        await stream.ReadExactlyAsync(list, cancellation);
        var reader = new FieldReader(list);
        return ChunkReference.ReadAll(ref reader);
    }

    /// <summary>Every chunk that the content needs, those on lists of chunks included: what keeps shared content alive.</summary>
    /// <remarks>Reads no content but lists of chunks, which only content of more than a few chunks has.</remarks>
    public async IAsyncEnumerable<ChunkReference> ChunksOfAsync(ContentReference content, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var chunk in content.NamedChunks)
            yield return chunk;
        foreach (var piece in content.Lists)
        {
            if (piece.List!.List is not null)
                await foreach (var chunk in ChunksOfAsync(piece.List, cancellation))
                    yield return chunk;
            foreach (var chunk in await ReadListAsync(piece, cancellation))
                yield return chunk;
        }
    }

    /// <summary>The index of the pack, or of its newest edition if the pack itself has gone.</summary>
    public async Task<PackIndex> IndexOfAsync(PackName pack, CancellationToken cancellation)
    {
        var name = names.Pack(pack);
        if (cache.Find<PackIndex>(name.Value, IndexPart) is { } known)
            return known;
        PackIndex? index = null;
        try { index = await PackIndex.ReadAsync(files, name, cancellation); }
        catch (DamagedObjectException)
        {
            await foreach (var edition in _packEditions.LaterAsync(pack, cancellation))
            {
                try { index = await PackIndex.ReadAsync(files, edition, cancellation); }
                catch (DamagedObjectException) { continue; } // the pack's own damage is the one to tell, unless an edition is whole
                break;
            }
            if (index is null)
                throw;
        }
        cache.Keep(name.Value, IndexPart, index, 48L * index.Blocks.Sum(b => b.Entries.Length) + 256);
        return index;
    }

    public async Task<byte[]> ReadBlockAsync(PackIndex index, int block, CancellationToken cancellation)
    {
        var name = index.Object;
        if (cache.Find<byte[]>(name.Value, block) is { } known)
            return known;
        var frame = await files.ReadRangeAsync(name, index.Blocks[block].Offset, index.Blocks[block].StoredBytes, cancellation);
        // About 1 ms of CPU for 512 KiB; would block every other call of the caller's scheduler. Touches no state.
        var plain = await Task.Run(() =>
            ObjectFiles.OpenFrame(name, ObjectCipher.ForStored(name, ObjectKind.Pack, index.Header.Span, files.Keys), (uint)block, frame.Span), cancellation);
        if (plain.Length != index.Blocks[block].Entries.Sum(e => (long)e.Length))
            throw new DamagedObjectException(name, $"block {block} has another length than its index says");
        cache.Keep(name.Value, block, plain, plain.Length);
        return plain;
    }

    /// <summary>One object that the content is in, to name when something is wrong with it.</summary>
    private BlobName ObjectOf(ContentReference content) =>
        content.IsInPack ? names.Pack(content.Pack)
        : content.List is { } list ? ObjectOf(list)
        : ResourceNames.ChunkOf(files.Keys.Tenant, content.Chunks[0].Hash);

    private static async Task PassAsync(Stream stream, long bytes, CancellationToken cancellation)
    {
        var passed = ArrayPool<byte>.Shared.Rent(PassedBytes);
        try
        {
            while (bytes > 0 && await stream.ReadAsync(passed.AsMemory(0, (int)Math.Min(passed.Length, bytes)), cancellation) is var read and > 0)
                bytes -= read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(passed);
        }
    }

    private async Task<Stream> OpenPackedAsync(ContentReference content, CancellationToken cancellation)
    {
        try { return await OpenPackedAsync(content, await IndexOfAsync(content.Pack, cancellation), cancellation); }
        catch (DamagedObjectException)
        {
            // The pack may have gone since its index was read, because an edition took its place.
            await foreach (var edition in _packEditions.LaterAsync(content.Pack, cancellation))
            {
                try { return await OpenPackedAsync(content, await PackIndex.ReadAsync(files, edition, cancellation), cancellation); }
                catch (DamagedObjectException) { } // the first damage is the one to tell, unless an edition is whole
            }
            if (await _spares.FindAsync(content.Pack, content.Hash, cancellation) is { } spare && spare.Length == content.Length)
                return new MemoryStream(spare, writable: false);
            throw;
        }
    }

    private async Task<Stream> OpenPackedAsync(ContentReference content, PackIndex index, CancellationToken cancellation)
    {
        if (index.Locate(content.Entry) is not { } place || place.Entry.Hash != content.Hash || place.Entry.Length != content.Length)
            throw new DamagedObjectException(index.Object, "it does not hold the content that is named in it");
        var block = await ReadBlockAsync(index, place.Block, cancellation);
        return files.Keys.NameOf(block.AsSpan(place.Offset, place.Entry.Length)) == content.Hash
            ? new MemoryStream(block, place.Offset, place.Entry.Length, writable: false)
            : throw new DamagedObjectException(index.Object, "a content in it is not what its name says");
    }
}
