using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault;

/// <summary>One run's way into the vault: content and changes in, segments committed, a restore point sealed.</summary>
/// <remarks>
/// <para><see cref="StoreAsync(Stream, CancellationToken)"/> and what says so may be called by several tasks at once, also beside the rest; everything else by one at a time.</para>
/// <para>After a failed commit or seal this writer is broken (<see cref="RunBrokenException"/>): whether the segment came to be is
/// unknown. Begin the run again; it resumes after what is really there.</para>
/// </remarks>
public sealed partial class RunWriter : IAsyncDisposable
{
    private const int LongestId = 1000;

    private readonly ResourceContext _context;
    private readonly LogCatalog _catalog;
    private readonly DateTimeOffset _startedAt;
    private readonly long _resumedFrom;
    private readonly SemaphoreSlim _blocksUnderWay;
    private readonly SmallContentWriter _small;
    private readonly LargeContentWriter _large;
    private readonly ChunkShelf _shelf;
    private readonly ConcurrentDictionary<ContentReference, ImmutableArray<ChunkReference>> _stored = new(); // chunked content since the last commit
    private readonly DistrustedContents _distrusted = new();
    private readonly ConcurrentDictionary<string, DamagedObjectException> _damage;
    private readonly Dictionary<string, ItemVersion?> _pending = new(StringComparer.Ordinal);

    private LoadedState _state;
    private Totals _totals;
    private long _pendingBytes;
    private Exception? _failure;
    private bool _broken, _sealed, _disposed;

    private RunWriter(ResourceContext context, LogCatalog catalog, LoadedState state, Segment? head, Guid run, DateTimeOffset startedAt, ConcurrentDictionary<string, DamagedObjectException> damage)
    {
        _damage = damage;
        (_context, _catalog, _state, Run, _startedAt) = (context, catalog, state, run, startedAt);
        _resumedFrom = state.Sequence;
        _totals = head?.After ?? Totals.None;
        Checkpoint = head?.Checkpoint is { Length: > 0 } reached ? reached : null; // a sweep's segment before any run's has none
        Previous = state.Points.LastOrDefault();
        Resumed = state.Sequence > (Previous?.Sequence ?? 0) && head is not { IsBeginning: true };
        _blocksUnderWay = new(context.Options.BlocksUnderWay);
        _small = new(context.Files, context.Names, context.Options, _blocksUnderWay, _distrusted, state.Sequence + 1);
        _shelf = new(context.Files, context.Options, _distrusted);
        _large = new(context.Files, context.Options, _shelf, _blocksUnderWay);
    }

    public Guid Run { get; }

    /// <summary>Whether unsealed segments of an earlier run were taken over.</summary>
    public bool Resumed { get; }

    /// <summary>The newest restore point when the run began, or null.</summary>
    public RestorePoint? Previous { get; }

    /// <summary>The opaque text of the newest segment, sealed or not; null if there is none.</summary>
    public string? Checkpoint { get; private set; }

    /// <summary>Where the log is, as far as this writer knows: after the seal, what to remember outside the store.</summary>
    public VaultMark Mark => new(_state.Sequence, _state.Hash.ToString(), _catalog.Prunes is [.., var newest] ? newest.Number : 0);

    /// <inheritdoc cref="PointReader.GoneRound"/>
    public IReadOnlyCollection<DamagedObjectException> GoneRound => [.. _damage.Values];

    /// <summary>Changes since the last commit.</summary>
    public long PendingChanges => _pending.Count;

    /// <summary>Bytes of content stored since the last commit.</summary>
    public long PendingBytes => Interlocked.Read(ref _pendingBytes);

    internal static async Task<RunWriter> BeginAsync(
        ResourceContext context, Guid run, DateTimeOffset startedAt, IReadOnlyCollection<string>? damaged, VaultMark? remembered, CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(context.Files, context.Names, cancellation);
        if (remembered is not null)
            await MarkKeeper.EnsureAsync(context, catalog, remembered, cancellation);
        if (catalog.Bases.FirstOrDefault(b => b.To > catalog.Head) is { To: > 0 } ahead)
            throw DamagedObjectException.Missing(context.Names.Segment(ahead.To), "it is missing, though a base was made from it");
        var damage = new ConcurrentDictionary<string, DamagedObjectException>(StringComparer.Ordinal);
        var state = CoveredBase.In(await LoadedState.LoadAsync(context, catalog, catalog.Head, cancellation, damaged), context, catalog, damage);
        if (catalog.Head == 0)
            return new(context, catalog, state, null, run, startedAt, damage);
        var (head, hash) = await context.ReadSegmentAsync(catalog.Head, cancellation);
        return hash == state.Hash ? new(context, catalog, state, head, run, startedAt, damage)
            : throw new DamagedObjectException(context.Names.Segment(catalog.Head), "it is not the segment that the base over it was made from");
    }

    /// <summary>Contents that a scrub found damaged (<see cref="DamagedObject.Contents"/>): met again, they are stored again where every restore point
    /// that names them finds them. Call before anything is stored.</summary>
    /// <exception cref="FormatException">Not what a scrub gave out.</exception>
    public void Distrust(IEnumerable<string> contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        foreach (var content in contents)
            _distrusted.Add(content);
    }

    /// <returns>The item as it is now (last commit, and what changed since), or null.</returns>
    public ValueTask<ItemVersion?> FindAsync(string itemId, CancellationToken cancellation) =>
        _pending.TryGetValue(itemId, out var version) ? ValueTask.FromResult(version) : _state.Items.FindAsync(itemId, cancellation);

    /// <summary>The items that match now, by id in ordinal order. What changes while listing is not seen.</summary>
    public IAsyncEnumerable<ItemVersion> ItemsAsync(ItemFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var now = new ItemState(_state.Items.Layers.Add(new ChangesLayer(SortedPending())));
        return now.ItemsAsync(filter, filter.Kind is null ? null : _totals.ItemsByKind.GetValueOrDefault(filter.Kind), cancellation);
    }

    /// <summary>The newest version of each item that the segments taken over from an unsealed run changed, newest segment first.</summary>
    public async IAsyncEnumerable<ItemVersion> UnsealedAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<UInt128>();
        for (var sequence = _resumedFrom; sequence > (Previous?.Sequence ?? 0); sequence--)
        {
            var (segment, _) = await _context.ReadSegmentAsync(sequence, cancellation);
            if (segment.IsBeginning)
                yield break;
            foreach (var change in segment.Changes)
                if (seen.Add(KeyFilter.KeyOf(change.Id)) && change.Version is not null)
                    yield return change.Version;
        }
    }

    /// <summary>Stores content and says where it is. Waits while too much is under way. Known content is not stored again.</summary>
    /// <returns>A reference that is readable once a later commit has returned.</returns>
    public async ValueTask<ContentReference> StoreAsync(Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        EnsureUsable();
        var most = _context.Options.SmallContentBytes;
        var start = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            var length = await content.ReadAtLeastAsync(start.AsMemory(0, most), most, throwOnEndOfStream: false, cancellation);
            return length < most
                ? await StoreAsync(start.AsMemory(0, length), cancellation)
                : await ReferTo(await _large.StoreAsync(start.AsMemory(0, length), content, cancellation), cancellation);
        }
        finally { ArrayPool<byte>.Shared.Return(start); }
    }

    /// <inheritdoc cref="StoreAsync(Stream, CancellationToken)"/>
    public async ValueTask<ContentReference> StoreAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        EnsureUsable();
        if (content.IsEmpty)
            return ContentReference.OfChunks([]);
        return content.Length < _context.Options.SmallContentBytes
            ? Counted(await StoreSmallAsync(content, cancellation))
            : await ReferTo(await _large.StoreAsync(content, cancellation), cancellation);
    }

    /// <summary>Puts a new or changed item in place. An item equal to what is there already is no change.</summary>
    /// <param name="item">Its contents are references that this resource gave out and that the item's last version or this run holds.</param>
    public async ValueTask UpsertAsync(ItemVersion item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        EnsureUsable();
        if (item.Id is not { Length: > 0 and <= LongestId })
            throw new ArgumentException($"An item's id has 1 to {LongestId} characters.", nameof(item));
        if (IsErased(item.Id))
            return;
        var before = await FindAsync(item.Id, cancellation);
        if (item.Equals(before))
            return;
        await ShelveAsync(item, before, cancellation);
        _pending[item.Id] = item;
        _totals = _totals.With(before, item);
    }

    /// <summary>Takes an item out; one that is not there is no change.</summary>
    public async ValueTask RemoveAsync(string itemId, CancellationToken cancellation)
    {
        EnsureUsable();
        if (await FindAsync(itemId, cancellation) is not { } before)
            return;
        _pending[itemId] = null;
        _totals = _totals.With(before, null);
    }

    /// <summary>Lets work under way end. What was not committed is dropped; packs it stored are leftovers that a prune removes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _small.DisposeAsync();
        for (var i = 0; i < _context.Options.BlocksUnderWay; i++)
            await _blocksUnderWay.WaitAsync();
        _blocksUnderWay.Dispose();
    }

    /// <summary>Chunks that the item names and that its last version did not are looked at before the next commit, also those that were stored before
    /// the last one or while it was made: only the caller knew of them meanwhile, and a sweep may have been faster.</summary>
    private async ValueTask ShelveAsync(ItemVersion item, ItemVersion? before, CancellationToken cancellation)
    {
        foreach (var piece in item.Contents.Values.SelectMany(c => c.Pieces))
        {
            if (piece.IsInPack || before?.Contents.Values.Any(c => c.Pieces.Contains(piece)) == true)
                continue;
            if (_stored.TryGetValue(piece, out var stored))
                foreach (var chunk in stored) // its list may be in a pack that is not complete: it is not read
                    _shelf.Expect(chunk);
            else
                await foreach (var chunk in Reader().ChunksOfAsync(piece, cancellation))
                    _shelf.Expect(chunk);
        }
    }

    private ContentReference Counted(ContentReference stored)
    {
        Interlocked.Add(ref _pendingBytes, stored.Length);
        return stored;
    }

    private ValueTask<ContentReference> StoreSmallAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        _small.AddAsync(content, (hash, token) => _state.Items.FindContentAsync(hash, token), cancellation);

    private async ValueTask<ContentReference> ReferTo(ImmutableArray<ChunkReference> chunks, CancellationToken cancellation)
    {
        var (reference, all) = await ListedAsync(chunks, cancellation);
        _stored[reference] = all;
        return Counted(reference);
    }

    /// <summary>Few chunks are named in the item; many in a list that is content itself.</summary>
    /// <returns>The reference, and all chunks that it needs.</returns>
    private async ValueTask<(ContentReference, ImmutableArray<ChunkReference>)> ListedAsync(ImmutableArray<ChunkReference> chunks, CancellationToken cancellation)
    {
        const int fewChunks = 4;
        var direct = ContentReference.OfChunks(chunks);
        if (chunks.Length <= fewChunks)
            return (direct, chunks);
        var list = new Format.FieldWriter(chunks.Length * 36 + 8);
        ChunkReference.WriteAll(chunks, list);
        var bytes = list.ToArray().AsMemory();
        if (bytes.Length <= _context.Options.SmallContentBytes)
            return (ContentReference.OfList(direct.Length, await StoreSmallAsync(bytes, cancellation)), chunks);
        var (stored, listChunks) = await ListedAsync(await _large.StoreAsync(bytes, cancellation), cancellation);
        return (ContentReference.OfList(direct.Length, stored), [.. chunks, .. listChunks]);
    }

    private ImmutableArray<ItemChange> SortedPending() =>
        [.. _pending.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new ItemChange(p.Key, p.Value))];

    private void EnsureUsable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_broken)
            throw new RunBrokenException(Run, _failure);
        if (_sealed)
            throw new InvalidOperationException($"Run {Run} is sealed; begin another.");
    }
}
