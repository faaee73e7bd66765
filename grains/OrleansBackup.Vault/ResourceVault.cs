using System.Collections.Immutable;
using OrleansBackup.Vault.Checking;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Retention;

namespace OrleansBackup.Vault;

/// <summary>One resource's part of the vault: its restore points, the run that adds one, and what removes them.</summary>
/// <remarks>Safe for several callers at once, in several processes.</remarks>
public sealed class ResourceVault
{
    private readonly ResourceContext _context;

    internal ResourceVault(ResourceContext context) => _context = context;

    internal ResourceContext Context => _context;

    public ResourceName Resource => _context.Names.Resource;

    /// <inheritdoc cref="VaultOptions.GracePeriod"/>
    public TimeSpan GracePeriod => _context.Options.GracePeriod;

    /// <summary>The sealed restore points, oldest first.</summary>
    /// <exception cref="DamagedObjectException">The log cannot be followed to its newest segment; <see cref="CheckAsync"/> says more.</exception>
    public async Task<ImmutableArray<RestorePoint>> ListPointsAsync(CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(_context.Files, _context.Names, cancellation);
        var state = await LoadedState.LoadAsync(_context, catalog, catalog.Head, cancellation);
        // Without the newest prune record a pruned point may look alive: only what can still be followed is shown then.
        return [.. state.Points.Where(p => catalog.Allows(p.Sequence) && (!catalog.Records.AreUncertain || catalog.WayTo(p.Sequence) is not null))];
    }

    /// <summary>Begins a run after the newest segment. Unsealed segments of an earlier run are taken over: the new run continues them.</summary>
    /// <param name="run">The run's id, kept in its segments and its restore point.</param>
    /// <param name="damaged">Names of objects that are known to be damaged; a base among them is gone round, and another is written over it.</param>
    /// <param name="remembered">Where the log was when somebody last looked; the run begins only on that or more.</param>
    /// <exception cref="DamagedObjectException">The state that the run would build on cannot be read; <see cref="SetBackAsync"/> is the way on.</exception>
    /// <exception cref="VaultRolledBackException">The store holds less than is remembered.</exception>
    public Task<RunWriter> BeginRunAsync(
        Guid run, DateTimeOffset startedAt, CancellationToken cancellation, IReadOnlyCollection<string>? damaged = null, VaultMark? remembered = null) =>
        RunWriter.BeginAsync(_context, run, startedAt, damaged, remembered, cancellation);

    /// <summary>If the newest state cannot be read, goes back to the newest restore point that can: the next run begins from it and reads everything
    /// anew. Points after it are no longer listed. Only on the word of somebody who has looked, for their changes are lost.</summary>
    /// <returns>Whether it was needed, and the point that is the newest now.</returns>
    /// <exception cref="SegmentTakenException">A run was going.</exception>
    public Task<(bool WasNeeded, RestorePoint? Point)> SetBackAsync(CancellationToken cancellation) => SetBack.RunAsync(_context with { Cache = new(_context.Options.CacheBytes) }, cancellation);

    /// <exception cref="RestorePointNotFoundException">No such point, or it was pruned.</exception>
    /// <exception cref="DamagedObjectException">The point exists but its item table cannot be read.</exception>
    public async Task<PointReader> OpenPointAsync(long sequence, CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(_context.Files, _context.Names, cancellation);
        if (catalog.WayTo(sequence) is null && await IsListedAsync(catalog, sequence, cancellation))
            throw LoadedState.MissingBefore(_context, catalog, sequence);
        if (!catalog.Allows(sequence) || catalog.WayTo(sequence) is null)
            throw new RestorePointNotFoundException(Resource, sequence);
        var state = await LoadedState.LoadAsync(_context, catalog, sequence, cancellation);
        return state.Points.LastOrDefault() is { } point && point.Sequence == sequence
            ? new(_context, point, state, catalog) : throw new RestorePointNotFoundException(Resource, sequence);
    }

    private async Task<bool> IsListedAsync(LogCatalog catalog, long sequence, CancellationToken cancellation) =>
        catalog.Allows(sequence) && sequence <= catalog.Head
            && (await LoadedState.LoadAsync(_context, catalog, catalog.Head, cancellation)).Points.Any(p => p.Sequence == sequence);

    /// <summary>Removes these restore points, except the newest of all, and later what only they needed. A point that is not named stays, also
    /// one that was sealed since the caller decided.</summary>
    /// <remarks>The points are gone when this returns; their objects are deleted by a prune that runs once
    /// <see cref="VaultOptions.GracePeriod"/> has passed, so call it regularly. Safe beside runs, readers and other prunes, in any process.</remarks>
    /// <exception cref="DamagedObjectException">The log cannot be read; nothing was removed.</exception>
    public Task<PruneResult> PruneAsync(ImmutableArray<long> drop, CancellationToken cancellation) =>
        new Pruner(_context).PruneAsync(drop.ToHashSet(), cancellation);

    /// <summary>Takes items out of every restore point, so that their bytes go from the store, and leaves every other item as it was. Each point from the first on that holds any of
    /// them is sealed again under a new number, with its times, and the old one is removed.</summary>
    /// <remarks>Objects go with a prune that runs once <see cref="VaultOptions.GracePeriod"/> has passed, and shared chunks with the tenant's sweeps after that. No run and no other
    /// prune may be going until this has returned; after a crash call it again.</remarks>
    /// <param name="erasure">Names the erasure in the points that it makes.</param>
    /// <exception cref="SegmentTakenException">A run was going.</exception>
    /// <exception cref="DamagedObjectException">A point cannot be read; no point was removed.</exception>
    public Task<ErasureResult> EraseAsync(Guid erasure, IReadOnlySet<string> itemIds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(itemIds);
        return new Erasure.ResourceErasure(_context, erasure, itemIds).RunAsync(cancellation);
    }

    /// <summary>Where the log is now. Keep it outside the store, and compare with <see cref="EnsureNotRolledBackAsync"/>.</summary>
    public async Task<VaultMark> ReadMarkAsync(CancellationToken cancellation) =>
        await MarkKeeper.ReadAsync(_context, await LogCatalog.LoadAsync(_context.Files, _context.Names, cancellation), cancellation);

    /// <summary>Returns if the store holds what is remembered, or more. Call it before a run builds on the store.</summary>
    /// <exception cref="VaultRolledBackException">The store was set back to an earlier time, or objects were taken away.</exception>
    public async Task EnsureNotRolledBackAsync(VaultMark remembered, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(remembered);
        await MarkKeeper.EnsureAsync(_context, await LogCatalog.LoadAsync(_context.Files, _context.Names, cancellation), remembered, cancellation);
    }

    /// <summary>Looks for damage; a finding names the object and the items that depend on it. Damage is never thrown.</summary>
    /// <param name="progress">Gets the stored bytes read so far.</param>
    public Task<CheckReport> CheckAsync(CheckDepth depth, IProgress<long>? progress, CancellationToken cancellation) =>
        new ResourceCheck(_context, depth, progress).RunAsync(cancellation);

    /// <summary>Reads and verifies the next share of everything that the resource's restore points need; called daily, it covers all of it within
    /// <paramref name="slices"/> days. Safe beside runs and prunes. Damage is never thrown.</summary>
    /// <param name="cursor">What the last slice returned; null: a new round begins.</param>
    public Task<ScrubSlice> ScrubAsync(string? cursor, int slices, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slices, 1);
        return new ResourceScrub(_context).RunAsync(cursor, slices, cancellation);
    }

    /// <summary>Looks again at objects that a scrub found damaged.</summary>
    /// <returns>Those that restore points still depend on.</returns>
    public Task<ImmutableArray<DamagedObject>> LookAgainAsync(IEnumerable<string> objects, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(objects);
        return new ResourceScrub(_context).LookAgainAsync(objects.Select(o => new Stores.BlobName(o)), cancellation);
    }

    /// <summary>Deletes everything of the resource, the newest point included, without grace. Shared content is left to the sweep.</summary>
    /// <remarks>No run may be going. After a crash call it again.</remarks>
    public Task<DeletionResult> DeleteAllAsync(CancellationToken cancellation) => ResourceDeletion.DeleteAllAsync(_context, cancellation);
}
