using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Sweep;

/// <summary>Finds every chunk that a resource names: all that is in its log counts, also what a prune condemned and has not deleted yet.</summary>
/// <remarks>Memory: 16 bytes a chunk and what a set needs, some 40 MB for a million chunks. Two chunks that are equal in 128 bits of a keyed
/// hash keep each other alive, no more.</remarks>
internal sealed class ChunkMark
{
    private const int Attempts = 4;

    private readonly HashSet<UInt128> _named = [];
    private readonly HashSet<BlobName> _unreadable = [];
    private HashSet<UInt128> _held = [];

    public int Count => _named.Count;

    /// <summary>Objects that may name chunks and cannot be read; what they name is not known.</summary>
    public IReadOnlyCollection<BlobName> Unreadable => _unreadable;

    /// <summary>Chunks that stay only because of <see cref="Unreadable"/>.</summary>
    public int Held => _held.Count(key => !_named.Contains(key));

    public bool Names(Hash256 hash) => KeyFilter.KeyOf(hash) is var key && (_named.Contains(key) || _held.Contains(key));

    public void Hold(HashSet<UInt128> chunks) => _held = chunks;

    public async Task AddAsync(ResourceContext context, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var pass = new Pass(context with { Cache = new(context.Options.CacheBytes) }, _named, _unreadable);
            await pass.RunAsync(cancellation);
            if (pass.Missing.Count == 0)
                return;
            // A prune deleted what was listed a moment ago; what takes its place is there already, and listed next time. Or it is lost.
            if (attempt == Attempts)
            {
                _unreadable.UnionWith(pass.Missing);
                return;
            }
        }
    }

    /// <summary>One look at everything that there is of a resource.</summary>
    private sealed class Pass(ResourceContext context, HashSet<UInt128> named, HashSet<BlobName> unreadable)
    {
        private readonly ContentReader _reader = new(context.Files, context.Names, context.Cache);
        private readonly HashSet<LogStep> _steps = [];

        /// <summary>Objects that were listed or are needed, and were not there when they were read.</summary>
        public HashSet<BlobName> Missing { get; } = [];

        public async Task RunAsync(CancellationToken cancellation)
        {
            await foreach (var name in context.Files.Store.ListAsync(context.Names.LogPrefix, cancellation))
                if (LogNumber.TryParse(name.Value.AsSpan(context.Names.LogPrefix.Length)) is { } sequence)
                    await AddAsync(new(new(sequence - 1, sequence), IsBase: false), cancellation);
            await foreach (var name in context.Files.Store.ListAsync(context.Names.BasePrefix, cancellation))
                if (name.Value[context.Names.BasePrefix.Length..].Split('/') is [var text, "index"] && BaseRange.TryParse(text) is { } range)
                    await AddAsync(new(range, IsBase: true), cancellation);

            // A listing may miss a base that came and the segments that went while it was made. So every point that exists is followed.
            var catalog = await LogCatalog.LoadAsync(context.Files, context.Names, cancellation);
            LoadedState state;
            try { state = await LoadedState.LoadAsync(context, catalog, catalog.Head, cancellation); }
            catch (DamagedObjectException e)
            {
                Tell(e);
                return; // nothing can be followed: all that was listed has to have been there, then no base came meanwhile
            }
            Missing.Clear(); // what goes while it is read no longer names anything, unless a point needs it
            foreach (var point in state.Points.Select(p => p.Sequence).Where(catalog.Allows).Append(catalog.Head))
                if (catalog.WayTo(point) is { } way)
                    foreach (var step in way)
                        await AddAsync(step, cancellation);
                else
                    Tell(LoadedState.MissingBefore(context, catalog, point));
        }

        private async Task AddAsync(LogStep step, CancellationToken cancellation)
        {
            if (!_steps.Add(step))
                return;
            try
            {
                if (!step.IsBase)
                    foreach (var change in (await context.ReadSegmentAsync(step.Range.To, cancellation)).Segment.Changes)
                        await AddAsync(step, change, cancellation);
                else
                    await foreach (var change in (await BaseLayer.OpenAsync(context.Files, context.Names, step.Range, context.Cache, cancellation)).ScanAsync(cancellation))
                        await AddAsync(step, change, cancellation);
            }
            catch (DamagedObjectException e) { Tell(e, step); }
        }

        private async ValueTask AddAsync(LogStep step, ItemChange change, CancellationToken cancellation)
        {
            foreach (var content in change.Version?.Contents.Values ?? [])
                try
                {
                    await foreach (var chunk in _reader.ChunksOfAsync(content, cancellation))
                        named.Add(KeyFilter.KeyOf(chunk.Hash));
                }
                catch (DamagedObjectException e) { Tell(e, step); } // a list of chunks; the other contents are known all the same
        }

        /// <param name="step">Looked at again if a point needs it.</param>
        private void Tell(DamagedObjectException e, LogStep? step = null)
        {
            if (!e.IsMissing)
            {
                unreadable.Add(e.Name);
                return;
            }
            Missing.Add(e.Name);
            if (step is { } gone)
                _steps.Remove(gone);
        }
    }
}
