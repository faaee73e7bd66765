using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Sweep;

namespace OrleansBackup.Vault.Content;

/// <summary>Puts one writer's chunks where no sweep takes them away, and makes sure of that again right before the commit that names them.</summary>
/// <remarks>
/// A sweep condemns names first and deletes later. A condemned name counts as absent: what lies under it is written again as another
/// edition, and nobody writes under a condemned name, so that a process that slept may delete it at any time. Looking again before the
/// commit is what a sweep relies on: it waits until every commit that was prepared without seeing its list has happened or failed.
/// </remarks>
internal sealed class ChunkShelf(ObjectFiles files, VaultOptions options, DistrustedContents distrusted)
{
    private readonly SweepLists _lists = new(files);
    private readonly ChunkEditions _editions = new(files);
    private readonly ConcurrentDictionary<Hash256, Place> _sinceCommit = new();
    private volatile HashSet<ChunkName>? _condemned;

    private readonly record struct Place(int Edition, int Length, bool Found);

    public bool IsEmpty => _sinceCommit.IsEmpty;

    /// <summary>Stores the chunk unless it is there. Durable when this returns.</summary>
    public async Task PlaceAsync(Hash256 hash, ReadOnlyMemory<byte> chunk, CancellationToken cancellation)
    {
        if (_sinceCommit.ContainsKey(hash))
            return; // this writer made sure of it already, and will again before it commits
        var condemned = _condemned ?? await LoadAsync(cancellation);
        var (edition, found) = await PutAsync(hash, chunk, condemned, cancellation);
        _sinceCommit[hash] = new(edition, chunk.Length, found);
    }

    /// <summary>Looks again at every chunk since the last commit: one that was condemned or has gone meanwhile is written again.</summary>
    /// <exception cref="DamagedObjectException">One has gone, and no edition of it is left to write it again from. Begin the run again.</exception>
    public async Task VerifyAsync(CancellationToken cancellation)
    {
        if (_sinceCommit.IsEmpty)
            return;
        var condemned = await LoadAsync(cancellation);
        var many = new ParallelOptions { MaxDegreeOfParallelism = options.BlocksUnderWay, CancellationToken = cancellation };
        await Parallel.ForEachAsync(_sinceCommit, many, async (entry, token) =>
        {
            var (hash, place) = entry;
            if (!condemned.Contains(new(hash, place.Edition))
                && (!place.Found || await IsThereAsync(ResourceNames.ChunkOf(files.Keys.Tenant, hash, place.Edition), token)))
                return;
            var bytes = await _editions.ReadAsync(hash, place.Length, token);
            var (edition, _) = await PutAsync(hash, bytes, condemned, token);
            _sinceCommit[hash] = place with { Edition = edition };
        });
    }

    /// <summary>Takes along a chunk that was stored before the last commit.</summary>
    public void Expect(ChunkReference chunk) => _sinceCommit.TryAdd(chunk.Hash, new(0, chunk.Length, Found: true));

    public void Committed() => _sinceCommit.Clear();

    private async Task<(int Edition, bool Found)> PutAsync(Hash256 hash, ReadOnlyMemory<byte> chunk, HashSet<ChunkName> condemned, CancellationToken cancellation)
    {
        for (var edition = 0; ; edition++)
        {
            if (condemned.Contains(new(hash, edition)))
                continue;
            var name = ResourceNames.ChunkOf(files.Keys.Tenant, hash, edition);
            var created = false;
            if (await files.Store.GetLengthAsync(name, cancellation) is null)
            {
                var stored = files.SealPooled(name, ObjectKind.Chunk, chunk.Span);
                created = await files.Store.PutIfAbsentAsync(name, stored.Memory, cancellation);
                stored.Dispose(); // only now: after a failure the store may still be sending it
            }
            if (!created && distrusted.HasChunk(hash) && !await _editions.IsWholeAsync(hash, edition, chunk.Length, cancellation))
                continue; // a check found it damaged, and it is: the same bytes go beside it
            return (edition, !created);
        }
    }

    /// <summary>Looks whether it is there; if so, a store that keeps objects keeps it as long as what is written now.</summary>
    private async Task<bool> IsThereAsync(BlobName name, CancellationToken cancellation)
    {
        if (files.Store is RetainingWrites writes)
            await writes.KeepAsync(name, cancellation);
        return await files.Store.GetLengthAsync(name, cancellation) is not null;
    }

    private async Task<HashSet<ChunkName>> LoadAsync(CancellationToken cancellation)
    {
        var lists = await _lists.LoadAsync(cancellation);
        return _condemned = [.. lists.SelectMany(l => l.List.Names)];
    }
}
