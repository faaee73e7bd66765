using System.Collections.Immutable;
using OrleansBackup.Vault.Content;

namespace OrleansBackup.Vault;

/// <summary>Content that takes longer to arrive than a run may live: stored stretch by stretch, with commits between them, and joined at the end.</summary>
/// <remarks>
/// A stretch is content like any other, so an item that names it keeps it from every sweep and prune until the whole is named. Joined, no byte is read or
/// stored again: the whole is named by the chunks of its stretches, as if it had come at once.
/// </remarks>
public sealed partial class RunWriter
{
    /// <summary>Stores the next stretch of a content, however short it is, as chunks. Several tasks may call it at once.</summary>
    /// <returns>A reference that is readable once a later commit has returned; <see cref="JoinAsync"/> takes it at once.</returns>
    public async ValueTask<ContentReference> StoreStretchAsync(Stream stretch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stretch);
        EnsureUsable();
        return await ReferTo(await _large.StoreAsync(ReadOnlyMemory<byte>.Empty, stretch, cancellation), cancellation);
    }

    /// <summary>Names the content that these stretches are, one after the other. Several tasks may call it at once.</summary>
    /// <param name="stretches">From <see cref="StoreStretchAsync"/>, of this run or of an earlier one that this one resumes.</param>
    /// <exception cref="ArgumentException">One is not a stretch.</exception>
    /// <exception cref="DamagedObjectException">A list of chunks cannot be read.</exception>
    public async ValueTask<ContentReference> JoinAsync(IReadOnlyCollection<ContentReference> stretches, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stretches);
        EnsureUsable();
        var chunks = ImmutableArray.CreateBuilder<ChunkReference>();
        foreach (var stretch in stretches)
            chunks.AddRange(await ChunksOfStretchAsync(stretch, cancellation));
        var (whole, all) = await ListedAsync(chunks.DrainToImmutable(), cancellation);
        _stored[whole] = all;
        return whole;
    }

    /// <summary>Whether every object that the content needs is there; not whether it is whole, which only reading tells. Several tasks may call it at once.</summary>
    public async Task<bool> HoldsAsync(ContentReference content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        EnsureUsable();
        List<ChunkReference> chunks;
        try { chunks = await Reader().ChunksOfAsync(content, cancellation).ToListAsync(cancellation); }
        catch (DamagedObjectException) { return false; }
        var editions = new ChunkEditions(_context.Files);
        var missing = 0;
        var many = new ParallelOptions { MaxDegreeOfParallelism = _context.Options.BlocksUnderWay, CancellationToken = cancellation };
        await Parallel.ForEachAsync(chunks, many, async (chunk, token) =>
        {
            if (Volatile.Read(ref missing) == 0 && await editions.FindAsync(chunk.Hash, token) is null)
                Interlocked.Increment(ref missing);
        });
        return missing == 0;
    }

    private async ValueTask<IEnumerable<ChunkReference>> ChunksOfStretchAsync(ContentReference stretch, CancellationToken cancellation)
    {
        if (stretch.IsInPack || stretch.Literal is not null)
            throw new ArgumentException("Only stretches can be joined.", nameof(stretch));
        if (stretch.List is null)
            return stretch.Chunks;
        // Since the last commit its list may be in a pack that is not complete; what is remembered of it ends with the chunks of the list itself.
        if (!_stored.TryGetValue(stretch, out var remembered))
            return await Reader().ReadListAsync(stretch, cancellation);
        var left = stretch.Length;
        return [.. remembered.TakeWhile(chunk => (left -= chunk.Length) >= 0)];
    }

    private ContentReader Reader() => new(_context.Files, _context.Names, _context.Cache);
}
