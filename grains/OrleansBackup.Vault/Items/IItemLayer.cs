using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Items;

/// <summary>What changed from one state to a later one. A state is its layers, oldest first; the newest that mentions an item is right.</summary>
internal interface IItemLayer
{
    /// <summary>How many items it mentions: what merging it costs.</summary>
    long Entries { get; }

    /// <summary>The kinds of the versions in it.</summary>
    IReadOnlyCollection<string> Kinds { get; }

    /// <returns>What it says of the item, or null if it does not mention it.</returns>
    ValueTask<ItemChange?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Everything, by id in ordinal order.</summary>
    IAsyncEnumerable<ItemChange> ScanAsync(CancellationToken cancellation);

    /// <summary>The versions in one place, by id in ordinal order.</summary>
    /// <param name="afterId">Only those with a later id; empty: all.</param>
    IAsyncEnumerable<ItemVersion> ScanPlaceAsync(string kind, string? parentId, string afterId, CancellationToken cancellation);

    /// <summary>The versions that match, in no promised order.</summary>
    IAsyncEnumerable<ItemVersion> SearchAsync(ItemQuery query, CancellationToken cancellation);

    /// <summary>The versions of one kind, by <see cref="Place"/>.</summary>
    IAsyncEnumerable<ItemVersion> ScanKindAsync(string kind, CancellationToken cancellation);

    /// <summary>All versions by <see cref="Place"/>.</summary>
    IAsyncEnumerable<ItemVersion> ScanPlacesAsync(CancellationToken cancellation);

    /// <returns>Packed content with this hash and the item that names it in this layer, or null.</returns>
    ValueTask<NamedContent?> FindContentAsync(Hash256 hash, CancellationToken cancellation);
}

/// <summary>Content, and the item whose version names it: as long as that version is the item's state, nothing may remove the content.</summary>
internal readonly record struct NamedContent(ContentReference Content, string ItemId);

/// <summary>The second order of items: by kind, then parent (none first), then id, each ordinal.</summary>
internal readonly record struct Place(string Kind, string? ParentId, string Id) : IComparable<Place>
{
    public static Place Of(ItemVersion item) => new(item.Kind, item.ParentId, item.Id);

    public int CompareTo(Place other)
    {
        var order = string.CompareOrdinal(Kind, other.Kind);
        if (order == 0)
            order = string.CompareOrdinal(ParentId, other.ParentId);
        return order != 0 ? order : string.CompareOrdinal(Id, other.Id);
    }
}
