using System.Collections.Immutable;
using System.Diagnostics;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Retention;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault;

/// <summary>How changes become durable: packs first, then the segment that names them, created only if its place is free.</summary>
public sealed partial class RunWriter
{
    /// <summary>Makes everything so far durable in one segment. It becomes part of a restore point when the run is sealed.</summary>
    /// <param name="checkpoint">Opaque text that a resuming run gets back.</param>
    /// <exception cref="SegmentTakenException">Another writer committed first; this one's work is dropped.</exception>
    /// <exception cref="RunBrokenException">An earlier commit failed.</exception>
    public Task CommitSegmentAsync(string checkpoint, CancellationToken cancellation) => CommitAsync(checkpoint, null, cancellation);

    /// <summary>Commits what is left and seals the state as a restore point. Without changes this stores one small object.</summary>
    /// <inheritdoc cref="CommitSegmentAsync"/>
    public async Task<RestorePoint> SealAsync(string checkpoint, ImmutableSortedDictionary<string, string> details, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(details);
        var point = await CommitAsync(checkpoint, details, cancellation);
        _sealed = true;
        return point!;
    }

    /// <summary>As <see cref="SealAsync"/>, for a point that stands in the place of another: sealed when that was.</summary>
    internal async Task SealReplacementAsync(string checkpoint, RestorePoint replaced, ImmutableSortedDictionary<string, string> details, CancellationToken cancellation)
    {
        await CommitAsync(checkpoint, details, cancellation, replaced.SealedAt);
        _sealed = true;
    }

    private async Task<RestorePoint?> CommitAsync(string checkpoint, ImmutableSortedDictionary<string, string>? details, CancellationToken cancellation, DateTimeOffset? sealedAt = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        EnsureUsable();
        using var span = VaultTelemetry.Spans.StartActivity(details is null ? "vault.commit" : "vault.seal");
        span?.SetTag("orleansbackup.changes", _pending.Count);
        try
        {
            await WriteBaseIfDueAsync(cancellation);
            var stored = _stored.Keys.ToArray(); // what others store from now on is for the next commit
            var packs = await _small.CompletePacksAsync(cancellation);
            var sequence = _state.Sequence + 1;
            var now = _context.Time.GetUtcNow();
            var point = details is null ? null : new RestorePoint(sequence, Run, _startedAt, sealedAt ?? now, _totals.ItemsByKind, _totals.LogicalBytes, details);
            var segment = new Segment(sequence, Run, _startedAt, now, _state.Hash, checkpoint, _totals, packs, point, SortedPending());
            await VerifyChunksAsync(cancellation);
            var bytes = await CreateAsync(segment, cancellation);
            if (sequence == 1 && !_shelf.IsEmpty)
                await _context.Files.Store.TryDeleteAsync(_context.Names.Opened, cancellation);
            _shelf.Committed();
            foreach (var reference in stored)
                _stored.TryRemove(reference, out _);
            _state = new(_state.Steps.Add(LoadedStep.Of(segment, Hash256.OfStored(bytes))));
            _pending.Clear();
            Interlocked.Exchange(ref _pendingBytes, 0);
            Checkpoint = checkpoint;
            span?.SetTag("orleansbackup.sequence", sequence);
            return point;
        }
        catch (Exception e)
        {
            (_broken, _failure) = (true, e);
            span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }
    }

    /// <summary>Nothing may come between this and the creation of the segment but work in memory: see <see cref="Sweep.ContentSweep"/>.</summary>
    private async Task VerifyChunksAsync(CancellationToken cancellation)
    {
        if (_shelf.IsEmpty)
            return;
        if (_state.Sequence == 0) // a sweep waits for the writers of the resources that it sees; without a segment there may be nothing to see
            await _context.Files.Store.PutIfAbsentAsync(_context.Names.Opened, _context.Files.Seal(_context.Names.Opened, ObjectKind.Mark, [0]), cancellation);
        await _shelf.VerifyAsync(cancellation);
    }

    private async Task<byte[]> CreateAsync(Segment segment, CancellationToken cancellation)
    {
        var name = _context.Names.Segment(segment.Sequence);
        // Some 10 ms of CPU for 2,000 items; would block every other call of the caller's scheduler. Touches no state.
        var stored = await Task.Run(() => _context.Files.Seal(name, ObjectKind.Segment, segment.Encode()), cancellation);
        if (await _context.Files.Store.PutIfAbsentAsync(name, stored, cancellation))
            return await IsOvertakenAsync(segment.Sequence, cancellation) ? throw new SegmentTakenException(name) : stored;
        // A store that tries again after a lost reply finds its own first try. Equal bytes are ours: the salt in them is random.
        return await _context.Files.Store.GetAsync(name, cancellation) is { } there && there.Span.SequenceEqual(stored)
            ? stored : throw new SegmentTakenException(name);
    }

    /// <summary>Whether others have gone past this segment and a prune has removed theirs: then its name was free again, and creating it won nothing.</summary>
    private Task<bool> IsOvertakenAsync(long sequence, CancellationToken cancellation) =>
        PruneRecords.HavePassedAsync(_context.Files, _context.Names, sequence, _catalog.Records.Newest, cancellation);

    /// <summary>Merges the newest segments into a base once they are many, and older bases with them that are not much larger: each
    /// item is rewritten about log₂(items / segment) times in all, and a reader finds few steps.</summary>
    private async Task WriteBaseIfDueAsync(CancellationToken cancellation)
    {
        // A run that found nothing writes nothing but its point, until very many such points make reading slow.
        const int manyTimes = 4;
        var segments = _state.Steps.Reverse().TakeWhile(s => !s.Step.IsBase).Count();
        if (segments < _context.Options.SegmentsBeforeBase * (_pending.Count > 0 ? 1 : manyTimes))
            return;
        var first = _state.Steps.Length - segments;
        var entries = _state.Steps.Skip(first).Sum(s => s.Layer.Entries);
        while (first > 0 && _state.Steps[first - 1].Layer.Entries <= entries + entries / 2 + 256)
            entries += _state.Steps[--first].Layer.Entries;
        var merged = _state.Steps[first..];
        var source = new BaseSource(
            new(merged[0].Step.Range.From, merged[^1].Step.Range.To), merged[0].FromHash, merged[^1].ToHash,
            [.. merged.SelectMany(s => s.Points).Where(p => _catalog.Allows(p.Sequence))], [.. merged.Select(s => s.Layer)]);
        // Seconds of CPU for a large mailbox; would block every other call of the caller's scheduler. Touches no state.
        await Task.Run(() => new BaseWriter(_context.Files, _context.Names, _context.Options, source).WriteAsync(cancellation), cancellation);
        BaseLayer layer;
        try { layer = await BaseLayer.OpenAsync(_context.Files, _context.Names, source.Range, _context.Cache, cancellation); }
        catch (DamagedObjectException) { return; } // an older base has this name and is damaged; the next reaches further and gets another
        _state = new LoadedState(_state.Steps[..first]).With([LoadedStep.Of(layer)], _context);
    }
}
