using System.Collections.Immutable;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Items;

/// <summary>The changes of one segment, or those not yet committed, in memory.</summary>
internal sealed class ChangesLayer : IItemLayer
{
    private readonly ImmutableArray<ItemChange> _changes;
    private readonly Lazy<ItemVersion[]> _byPlace;
    private readonly Lazy<Dictionary<Hash256, NamedContent>> _contents;

    /// <param name="changes">By id in ordinal order, each id once.</param>
    public ChangesLayer(ImmutableArray<ItemChange> changes)
    {
        _changes = changes;
        _byPlace = new(() => [.. Versions.OrderBy(Place.Of)]);
        _contents = new(() => ContentsOf(Versions));
        Kinds = Versions.Select(v => v.Kind).ToHashSet(StringComparer.Ordinal);
    }

    public long Entries => _changes.Length;
    public IReadOnlyCollection<string> Kinds { get; }
    private IEnumerable<ItemVersion> Versions => _changes.Where(c => c.Version is not null).Select(c => c.Version!);

    public ValueTask<ItemChange?> FindAsync(string id, CancellationToken cancellation)
    {
        var (low, high) = (0, _changes.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(_changes[middle].Id, id);
            if (order == 0)
                return ValueTask.FromResult<ItemChange?>(_changes[middle]);
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }
        return ValueTask.FromResult<ItemChange?>(null);
    }

    public IAsyncEnumerable<ItemChange> ScanAsync(CancellationToken cancellation) => _changes.ToAsyncEnumerable();

    public IAsyncEnumerable<ItemVersion> ScanPlaceAsync(string kind, string? parentId, string afterId, CancellationToken cancellation) =>
        From(new(kind, parentId, afterId)).SkipWhile(v => v.Id == afterId).TakeWhile(v => v.Kind == kind && v.ParentId == parentId).ToAsyncEnumerable();

    public IAsyncEnumerable<ItemVersion> SearchAsync(ItemQuery query, CancellationToken cancellation) => Versions.Where(query.Matches).ToAsyncEnumerable();

    public IAsyncEnumerable<ItemVersion> ScanKindAsync(string kind, CancellationToken cancellation) =>
        From(new(kind, null, "")).TakeWhile(v => v.Kind == kind).ToAsyncEnumerable();

    public IAsyncEnumerable<ItemVersion> ScanPlacesAsync(CancellationToken cancellation) => _byPlace.Value.ToAsyncEnumerable();

    public ValueTask<NamedContent?> FindContentAsync(Hash256 hash, CancellationToken cancellation) =>
        ValueTask.FromResult<NamedContent?>(_contents.Value.TryGetValue(hash, out var content) ? content : null);

    public static Dictionary<Hash256, NamedContent> ContentsOf(IEnumerable<ItemVersion> versions)
    {
        var contents = new Dictionary<Hash256, NamedContent>();
        foreach (var version in versions)
            foreach (var content in version.Contents.Values.SelectMany(c => c.Packed))
                contents.TryAdd(content.Hash, new(content, version.Id));
        return contents;
    }

    private IEnumerable<ItemVersion> From(Place place)
    {
        var versions = _byPlace.Value;
        var (low, high) = (0, versions.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = Place.Of(versions[middle]).CompareTo(place) < 0 ? (middle + 1, high) : (low, middle);
        }
        return versions.Skip(low);
    }
}
