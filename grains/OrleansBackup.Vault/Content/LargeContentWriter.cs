using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault.Content;

/// <summary>Cuts large content into chunks and stores each under its keyed hash, shared by the whole tenant.</summary>
/// <remarks>Durable when the call returns: a chunk is created or found before its reference is given out.</remarks>
internal sealed class LargeContentWriter(ObjectFiles files, VaultOptions options, SemaphoreSlim blocksUnderWay)
{
    private readonly ContentCutter _cutter = new(files.Keys.CutTable, options.LeastChunkBytes, options.MeanChunkBytes, options.MostChunkBytes);

    public async Task<ImmutableArray<ChunkReference>> StoreAsync(ReadOnlyMemory<byte> start, Stream rest, CancellationToken cancellation)
    {
        var buffer = start.ToArray(); // grows as needed, because most large content is not much larger than small
        var filled = start.Length;
        var (chunks, ended) = (new List<Task<ChunkReference>>(), false);
        try
        {
            while (true)
            {
                while (!ended && filled < _cutter.Most)
                {
                    if (filled == buffer.Length)
                        Array.Resize(ref buffer, Math.Min(Math.Max(2 * filled, 1024), 2 * _cutter.Most));
                    var read = await rest.ReadAsync(buffer.AsMemory(filled), cancellation);
                    ended = read == 0;
                    filled += read;
                }
                if (filled == 0)
                    break;
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
        }
        finally
        {
            // None may outlive the call, also when it fails: the semaphore is the writer's.
            await ((Task)Task.WhenAll(chunks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        return [.. await Task.WhenAll(chunks)];
    }

    /// <summary>Up to 30 ms of CPU for 4 MiB; would block every other call of the caller's scheduler. Touches no state.</summary>
    private Task<ChunkReference> StoreChunkAsync(byte[] chunk, CancellationToken cancellation) => Task.Run(async () =>
    {
        try
        {
            var hash = files.Keys.NameOf(chunk);
            var name = ResourceNames.ChunkOf(files.Keys.Tenant, hash);
            if (await files.Store.GetLengthAsync(name, cancellation) is null)
                await files.Store.PutIfAbsentAsync(name, files.Seal(name, ObjectKind.Chunk, chunk), cancellation);
            return new ChunkReference(hash, chunk.Length);
        }
        finally { blocksUnderWay.Release(); }
    }, CancellationToken.None);
}
