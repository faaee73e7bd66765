using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault.Content;

/// <summary>Cuts large content into chunks and stores each under its keyed hash, shared by the whole tenant.</summary>
/// <remarks>Durable when the call returns: a chunk is created or found before its reference is given out.</remarks>
internal sealed class LargeContentWriter(ObjectFiles files, VaultOptions options, ChunkShelf shelf, SemaphoreSlim blocksUnderWay)
{
    private const int LeastRead = 64 << 10;

    private readonly ContentCutter _cutter = new(files.Keys.CutTable, options.LeastChunkBytes, options.MeanChunkBytes, options.MostChunkBytes);

    /// <summary>Stores content that is in memory, which must not change until this returns.</summary>
    public Task<ImmutableArray<ChunkReference>> StoreAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation) => GatherAsync(async chunks =>
    {
        for (var taken = 0; taken < content.Length;)
        {
            var length = _cutter.Cut(content.Span[taken..]);
            await blocksUnderWay.WaitAsync(cancellation);
            chunks.Add(StoreChunkAsync(content.Slice(taken, length), null, cancellation));
            taken += length;
        }
    });

    /// <summary>Stores <paramref name="start"/> and what follows it in <paramref name="rest"/>.</summary>
    public Task<ImmutableArray<ChunkReference>> StoreAsync(ReadOnlyMemory<byte> start, Stream rest, CancellationToken cancellation) => GatherAsync(async chunks =>
    {
        using var buffer = PooledBytes.CopyOf(start.Span); // grows as needed, because most large content is not much larger than small
        var ended = false;
        while (!ended || buffer.Length > 0)
        {
            while (!ended && buffer.Length < _cutter.Most)
                ended = !await buffer.AppendFromAsync(rest, Math.Min(Math.Max(buffer.Length, LeastRead), _cutter.Most - buffer.Length), cancellation);
            var taken = 0;
            while (buffer.Length - taken >= _cutter.Most || (ended && buffer.Length > taken))
            {
                var length = _cutter.Cut(buffer.Span[taken..]);
                await blocksUnderWay.WaitAsync(cancellation);
                var chunk = PooledBytes.CopyOf(buffer.Span.Slice(taken, length));
                chunks.Add(StoreChunkAsync(chunk.Memory, chunk, cancellation));
                taken += length;
            }
            buffer.Drop(taken);
        }
    });

    private static async Task<ImmutableArray<ChunkReference>> GatherAsync(Func<List<Task<ChunkReference>>, Task> store)
    {
        var chunks = new List<Task<ChunkReference>>();
        // About 1 ms of CPU for each MiB to find the cuts; would block every other call of the caller's scheduler. Touches no state.
        try { await Task.Run(() => store(chunks)); }
        finally
        {
            // None may outlive the call, also when it fails: the memory they read is the caller's.
            await ((Task)Task.WhenAll(chunks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        return [.. await Task.WhenAll(chunks)];
    }

    /// <summary>Up to 30 ms of CPU for 4 MiB; would block every other call of the caller's scheduler. Touches no state.</summary>
    private Task<ChunkReference> StoreChunkAsync(ReadOnlyMemory<byte> chunk, PooledBytes? owned, CancellationToken cancellation) => Task.Run(async () =>
    {
        try
        {
            var hash = files.Keys.NameOf(chunk.Span);
            await shelf.PlaceAsync(hash, chunk, cancellation);
            return new ChunkReference(hash, chunk.Length);
        }
        finally
        {
            owned?.Dispose();
            blocksUnderWay.Release();
        }
    }, CancellationToken.None);
}
