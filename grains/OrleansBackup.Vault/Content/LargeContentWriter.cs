using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault.Content;

/// <summary>Cuts large content into chunks and stores each under its keyed hash, shared by the whole tenant.</summary>
/// <remarks>Durable when the call returns: a chunk is created or found before its reference is given out.</remarks>
internal sealed class LargeContentWriter(ObjectFiles files, VaultOptions options, ChunkShelf shelf, SemaphoreSlim blocksUnderWay)
{
    private readonly ContentCutter _cutter = new(files.Keys.CutTable, options.LeastChunkBytes, options.MeanChunkBytes, options.MostChunkBytes);

    /// <summary>Stores content that is in memory, which must not change until this returns.</summary>
    public Task<ImmutableArray<ChunkReference>> StoreAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation) => GatherAsync(async chunks =>
    {
        for (var taken = 0; taken < content.Length;)
        {
            var length = _cutter.Cut(content.Span[taken..]);
            await blocksUnderWay.WaitAsync(cancellation);
            chunks.Add(StoreChunkAsync(content.Slice(taken, length), cancellation));
            taken += length;
        }
    });

    /// <summary>Stores <paramref name="start"/> and what follows it in <paramref name="rest"/>.</summary>
    public Task<ImmutableArray<ChunkReference>> StoreAsync(ReadOnlyMemory<byte> start, Stream rest, CancellationToken cancellation) => GatherAsync(async chunks =>
    {
        var buffer = start.ToArray(); // grows as needed, because most large content is not much larger than small
        var (filled, ended) = (start.Length, false);
        while (filled > 0)
        {
            while (!ended && filled < _cutter.Most)
            {
                if (filled == buffer.Length)
                    Array.Resize(ref buffer, Math.Min(Math.Max(2 * filled, 1024), 2 * _cutter.Most));
                var read = await rest.ReadAsync(buffer.AsMemory(filled), cancellation);
                ended = read == 0;
                filled += read;
            }
            var taken = 0;
            while (filled - taken >= _cutter.Most || (ended && filled > taken))
            {
                var length = _cutter.Cut(buffer.AsSpan(taken, filled - taken));
                await blocksUnderWay.WaitAsync(cancellation);
                chunks.Add(StoreChunkAsync(buffer.AsSpan(taken, length).ToArray(), cancellation));
                taken += length;
            }
            buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
            filled -= taken;
        }
    });

    private static async Task<ImmutableArray<ChunkReference>> GatherAsync(Func<List<Task<ChunkReference>>, Task> store)
    {
        var chunks = new List<Task<ChunkReference>>();
        try { await store(chunks); }
        finally
        {
            // None may outlive the call, also when it fails: the memory they read is the caller's.
            await ((Task)Task.WhenAll(chunks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        return [.. await Task.WhenAll(chunks)];
    }

    /// <summary>Up to 30 ms of CPU for 4 MiB; would block every other call of the caller's scheduler. Touches no state.</summary>
    private Task<ChunkReference> StoreChunkAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellation) => Task.Run(async () =>
    {
        try
        {
            var hash = files.Keys.NameOf(chunk.Span);
            await shelf.PlaceAsync(hash, chunk, cancellation);
            return new ChunkReference(hash, chunk.Length);
        }
        finally { blocksUnderWay.Release(); }
    }, CancellationToken.None);
}
