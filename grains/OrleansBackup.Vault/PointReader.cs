using System.Collections.Concurrent;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault;

/// <summary>Reads a resource as it was at one restore point. Stays readable for the grace period after the point is pruned.</summary>
/// <remarks>Several callers at once. Memory: the index of each base on the way, the caches of the resource, a block of each layer per listing.</remarks>
public sealed class PointReader : IAsyncDisposable
{
    private readonly ItemState _state;
    private readonly ContentReader _contents;
    private readonly ConcurrentDictionary<string, DamagedObjectException> _damage = new(StringComparer.Ordinal);

    internal PointReader(ResourceContext context, RestorePoint point, LoadedState state, LogCatalog catalog)
    {
        (Point, _state) = (point, CoveredBase.In(state, context, catalog, _damage).Items);
        _contents = new(context.Files, context.Names, context.Cache);
    }

    public RestorePoint Point { get; }

    /// <summary>Damage to item tables that was met and gone round so far. Its names are for the next run (<see cref="ResourceVault.BeginRunAsync"/>),
    /// which writes what takes the place of it.</summary>
    public IReadOnlyCollection<DamagedObjectException> GoneRound => [.. _damage.Values];

    /// <returns>The item at this point, or null.</returns>
    public ValueTask<ItemVersion?> FindAsync(string itemId, CancellationToken cancellation) => _state.FindAsync(itemId, cancellation);

    /// <summary>The items that match, by id in ordinal order.</summary>
    public IAsyncEnumerable<ItemVersion> ItemsAsync(ItemFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _state.ItemsAsync(filter, filter.Kind is null ? null : Point.ItemsByKind.GetValueOrDefault(filter.Kind), cancellation);
    }

    /// <summary>The items that match a search, as they are found, in no promised order. Memory: a block of each layer.</summary>
    public IAsyncEnumerable<ItemVersion> SearchAsync(ItemQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _state.SearchAsync(query, cancellation);
    }

    /// <summary>The content from its beginning; every byte is verified before it is given out. Read asynchronously.</summary>
    /// <exception cref="DamagedObjectException">An object that holds it is missing or damaged; reading on may throw the same later.</exception>
    public Task<Stream> OpenContentAsync(ContentReference content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        return _contents.OpenAsync(content, cancellation);
    }

    /// <summary>As <see cref="OpenContentAsync(ContentReference, CancellationToken)"/>, from a byte on. Chunks that lie before it are not read; of other content they are.</summary>
    public Task<Stream> OpenContentAsync(ContentReference content, long from, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        return _contents.OpenAsync(content, from, cancellation);
    }

    /// <summary>Reads everything that is stored of an item and hashes it anew, piece by piece, to compare with what the backup wrote down of it.</summary>
    /// <exception cref="DamagedObjectException">An object that holds it is missing or damaged.</exception>
    public Task<ContentProof> ProveAsync(ItemVersion item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        return ContentProver.ProveAsync(item, _contents, cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // holds nothing of the system today; a store with sessions will
}
