using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Content;

/// <summary>Puts small content into packs of one run, each distinct content once.</summary>
/// <remarks>Several callers at once. Content is durable when <see cref="CompletePacksAsync"/> has returned, not before.</remarks>
internal sealed class SmallContentWriter(ObjectFiles files, ResourceNames names, VaultOptions options, SemaphoreSlim blocksUnderWay, DistrustedContents distrusted, long firstSegment) : IAsyncDisposable
{
    private const int QuickBytes = 4096;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<Hash256, ContentReference> _sinceCommit = [];
    private readonly List<StoredPack> _stored = [];
    private readonly HashSet<PackName> _kept = []; // packs of earlier runs that this one named and had kept longer
    private readonly SpareContents _spares = new(files, names);
    private readonly BlockBuffers _buffers = new(options.TargetBlockBytes + options.SmallContentBytes);
    private long _segment = firstSegment;
    private PackWriter? _open;
    private Task<StoredPack>? _storing;

    /// <summary>Nobody's scheduler waits for the thread that this runs on.</summary>
    private static bool IsOnThreadPool => TaskScheduler.Current == TaskScheduler.Default && SynchronizationContext.Current is null;

    /// <param name="known">Finds content that the state names already.</param>
    public async ValueTask<ContentReference> AddAsync(
        ReadOnlyMemory<byte> content, Func<Hash256, CancellationToken, ValueTask<ContentReference?>> known, CancellationToken cancellation)
    {
        // Up to 100 µs of CPU; a scheduler that runs thousands of these has other calls to answer. Touches no state.
        var hash = content.Length < QuickBytes || IsOnThreadPool ? files.Keys.NameOf(content.Span) : await Task.Run(() => files.Keys.NameOf(content.Span), cancellation);
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_sinceCommit.TryGetValue(hash, out var reference))
                return reference;
            foreach (var pack in distrusted.PacksOf(hash))
                await _spares.PutAsync(pack, hash, content, cancellation);
            reference = await known(hash, cancellation);
            if (reference is null)
            {
                _open ??= new(files, names, PackName.New(_segment), options, blocksUnderWay, _buffers);
                var pack = _open;
                reference = ContentReference.InPack(pack.Name, await pack.AddAsync(content, hash, cancellation), content.Length, hash);
                if (pack.Bytes >= options.TargetPackBytes)
                    await EndPackAsync();
            }
            else if (files.Store is RetainingWrites writes && _kept.Add(reference.Pack))
                await KeepAsync(writes, reference.Pack, cancellation);
            _sinceCommit[hash] = reference;
            return reference;
        }
        finally { _gate.Release(); }
    }

    /// <summary>Ends the open pack and returns every pack stored since the last call, all durable, for the segment to list. What is
    /// added afterwards goes to packs of the next segment.</summary>
    public async Task<ImmutableArray<StoredPack>> CompletePacksAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await EndPackAsync();
            await KeepStoredAsync();
            var stored = _stored.ToImmutableArray();
            _stored.Clear();
            _segment++;
            _sinceCommit.Clear(); // the state knows them from now on, if an item names them
            return stored;
        }
        finally { _gate.Release(); }
    }

    /// <summary>Lets a pack that is being stored end; that it failed no longer matters to a run that is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_storing is not null)
            await ((Task)_storing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _open?.Dispose();
        _gate.Dispose();
    }

    /// <summary>A pack that is named again has to be kept as long as one that is written now.</summary>
    private async Task KeepAsync(RetainingWrites writes, PackName pack, CancellationToken cancellation)
    {
        await writes.KeepAsync(names.Pack(pack), cancellation);
        await foreach (var edition in new PackEditions(files, names).LaterAsync(pack, cancellation))
            await writes.KeepAsync(edition, cancellation);
    }

    /// <summary>Lets the open pack be stored beside the caller, once the one before is: at most two are in memory.</summary>
    private async Task EndPackAsync()
    {
        if (_open is null)
            return;
        await KeepStoredAsync();
        _storing = _open.StoreAsync(CancellationToken.None); // half a run must not hang on one caller's token
        _open = null;
    }

    private async Task KeepStoredAsync()
    {
        if (_storing is null)
            return;
        _stored.Add(await _storing);
        _storing = null;
    }
}
