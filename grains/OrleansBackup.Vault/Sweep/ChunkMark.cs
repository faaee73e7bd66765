using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault.Sweep;

/// <summary>Finds every chunk that a resource names: all that is in its log counts, also what a prune condemned and has not deleted yet.</summary>
/// <remarks>Memory: 16 bytes a chunk and what a set needs, some 40 MB for a million chunks. Two chunks that are equal in 128 bits of a keyed
/// hash keep each other alive, no more.</remarks>
internal sealed class ChunkMark
{
    private const int Attempts = 4;

    private readonly HashSet<UInt128> _named = [];

    public int Count => _named.Count;

    public bool Names(Hash256 hash) => _named.Contains(KeyFilter.KeyOf(hash));

    /// <exception cref="DamagedObjectException">Something of the resource cannot be read: what it names is not known, so nothing may go.</exception>
    public async Task AddAsync(ResourceContext context, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await AddOnceAsync(context with { Cache = new(context.Options.CacheBytes) }, cancellation);
                return;
            }
            catch (DamagedObjectException e) when (e.IsMissing && attempt < Attempts)
            {
                // A prune deleted what was listed a moment ago; what takes its place is there already, and listed next time.
            }
        }
    }

    private async Task AddOnceAsync(ResourceContext context, CancellationToken cancellation)
    {
        var reader = new ContentReader(context.Files, context.Names, context.Cache);
        var steps = new HashSet<LogStep>();
        await foreach (var name in context.Files.Store.ListAsync(context.Names.LogPrefix, cancellation))
            if (LogNumber.TryParse(name.Value.AsSpan(context.Names.LogPrefix.Length)) is { } sequence)
                await AddIfThereAsync(context, reader, steps, new(new(sequence - 1, sequence), IsBase: false), cancellation);
        await foreach (var name in context.Files.Store.ListAsync(context.Names.BasePrefix, cancellation))
            if (name.Value[context.Names.BasePrefix.Length..].Split('/') is [var text, "index"] && BaseRange.TryParse(text) is { } range)
                await AddIfThereAsync(context, reader, steps, new(range, IsBase: true), cancellation);

        // A listing may miss a base that came and the segments that went while it was made. So every point that exists is followed.
        var catalog = await LogCatalog.LoadAsync(context.Files, context.Names, cancellation);
        var state = await LoadedState.LoadAsync(context, catalog, catalog.Head, cancellation);
        foreach (var point in state.Points.Select(p => p.Sequence).Where(catalog.Allows).Append(catalog.Head))
            foreach (var step in catalog.WayTo(point) ?? throw LoadedState.MissingBefore(context, catalog, point))
                await AddAsync(context, reader, steps, step, cancellation);
    }

    /// <summary>What goes while it is read no longer names anything; a point that needs it is followed afterwards, and not found.</summary>
    private async Task AddIfThereAsync(ResourceContext context, ContentReader reader, HashSet<LogStep> steps, LogStep step, CancellationToken cancellation)
    {
        try { await AddAsync(context, reader, steps, step, cancellation); }
        catch (DamagedObjectException e) when (e.IsMissing) { steps.Remove(step); }
    }

    private async Task AddAsync(ResourceContext context, ContentReader reader, HashSet<LogStep> steps, LogStep step, CancellationToken cancellation)
    {
        if (!steps.Add(step))
            return;
        if (!step.IsBase)
            foreach (var change in (await context.ReadSegmentAsync(step.Range.To, cancellation)).Segment.Changes)
                await AddAsync(reader, change, cancellation);
        else
            await foreach (var change in (await BaseLayer.OpenAsync(context.Files, context.Names, step.Range, context.Cache, cancellation)).ScanAsync(cancellation))
                await AddAsync(reader, change, cancellation);
    }

    private async ValueTask AddAsync(ContentReader reader, ItemChange change, CancellationToken cancellation)
    {
        foreach (var content in change.Version?.Contents.Values ?? [])
            await foreach (var chunk in reader.ChunksOfAsync(content, cancellation))
                _named.Add(KeyFilter.KeyOf(chunk.Hash));
    }
}
