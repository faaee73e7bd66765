using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Microsoft365.Items;

/// <summary>An event, contact or task as a round lists it.</summary>
/// <param name="Mark">Changes whenever the item does: its change key or entity tag.</param>
/// <param name="Name">Subject, display name or title.</param>
/// <param name="Time">Start of an event, due date of a task; null for none.</param>
/// <param name="Json">As the service sent it; whole or, in a slim listing, only what tells changes.</param>
public sealed record ListedItem(string Id, string ContainerId, string Mark, string Name, DateTimeOffset? Time, ReadOnlyMemory<byte> Json)
{
    /// <summary>False: the listing was slim, the item has to be read.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>An attachment of an item, or of one occurrence of a series.</summary>
/// <param name="Occurrence">Id of the occurrence it belongs to; null: the item itself.</param>
public sealed record FetchedItemAttachment(FetchedAttachment Attachment, string? Occurrence);

/// <summary>A whole item as far as the service would give it. Disposing it frees its contents.</summary>
/// <param name="Item">With the whole object, of a series with its exceptions and cancelled days.</param>
/// <param name="Photo">A contact's picture; null: it has none.</param>
/// <param name="Warnings">What is missing, in words with codes. Empty: nothing.</param>
public sealed record FetchedItem(ListedItem Item, Stream? Photo, ImmutableArray<FetchedItemAttachment> Attachments, ImmutableArray<string> Warnings) : IAsyncDisposable
{
    /// <summary>Bytes that belong to the item could not be had.</summary>
    public bool LacksParts { get; init; }

    public async ValueTask DisposeAsync()
    {
        if (Photo is not null) await Photo.DisposeAsync();
        foreach (var attachment in Attachments)
        {
            if (attachment.Attachment.Content is { } content) await content.DisposeAsync();
        }
    }
}

/// <summary>One page of a round over a container.</summary>
/// <param name="Items">Each once: the last occurrence wins.</param>
/// <param name="Removed">Left the container: deleted, or moved.</param>
/// <param name="Unlisted">Items that the service could not even name.</param>
/// <param name="Link">On the last page: where the next round starts; empty: it enumerates.</param>
/// <param name="IsFull">The round enumerates: what it does not list is not in the container any more.</param>
/// <param name="Restarted">The round began anew with this page: forget what its earlier pages listed.</param>
public sealed record ItemPage(
    ImmutableArray<ListedItem> Items, ImmutableArray<string> Removed, int Unlisted, string Link, bool IsLast, bool IsFull, bool Restarted, ImmutableArray<string> Warnings);

/// <summary>How a mailbox's calendars, contacts and tasks are read. Configuration section <c>Graph:Items</c>.</summary>
public sealed record ItemReadOptions
{
    public const string Section = "Graph:Items";

    /// <summary>Whole items per page. Default 50; the reader goes lower where a page fails.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 500)]
    public int PageSize { get; init; } = 50;

    /// <summary>Items per page of a listing that only tells changes.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 999)]
    public int ListingPageSize { get; init; } = 500;
}

/// <summary>Reads one kind of what lies in a mailbox beside mail.</summary>
/// <remarks>Common errors: <see cref="MailboxUnavailableException"/>, <see cref="TenantAccessException"/>, <see cref="ThrottledTooLongException"/>, <see cref="GraphTransientException"/>.</remarks>
public interface IItemSource
{
    /// <summary>All containers, each after the one that it lies in.</summary>
    Task<ImmutableArray<ItemContainer>> ReadContainersAsync(CancellationToken cancellation);

    /// <summary>What changed in a container since <paramref name="link"/>, or all of it, page by page; ends after the page that is last.</summary>
    /// <param name="link">From an earlier round; null or empty enumerates.</param>
    /// <param name="isNew">Nothing of the container is known yet, so an enumeration had better bring whole items.</param>
    /// <exception cref="FolderGoneException">The container is no longer there.</exception>
    IAsyncEnumerable<ItemPage> ReadItemsAsync(string containerId, string? link, bool isNew, CancellationToken cancellation);

    /// <summary>The whole item with all that hangs on it.</summary>
    /// <exception cref="ItemGoneException">Deleted meanwhile.</exception>
    /// <exception cref="ItemUnreadableException">The service cannot read it.</exception>
    Task<FetchedItem> FetchAsync(ListedItem item, CancellationToken cancellation);

    /// <summary>One item as it is now, with the container it lies in now; null when it is gone.</summary>
    Task<ListedItem?> TryReadAsync(string itemId, string containerId, CancellationToken cancellation);
}

/// <summary>What of an object tells an item: the names differ by kind.</summary>
internal delegate ListedItem? ItemParser(JsonElement root, ReadOnlyMemory<byte> json, string containerId);
