using System.Collections.Immutable;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Microsoft365.Items;

/// <summary>An event, contact or task out of the backup, to be put back.</summary>
/// <param name="Json">As Graph gave it.</param>
/// <param name="Attachments">Those of the item and of single occurrences.</param>
/// <param name="OpenPhoto">Opens a contact's picture; null: none.</param>
/// <param name="Origin">Names the item of the backup for ever; kept on what is made where the service lets it be.</param>
public sealed record StoredItem(ReadOnlyMemory<byte> Json, ImmutableArray<StoredItemAttachment> Attachments, Func<CancellationToken, Task<Stream>>? OpenPhoto, string Origin);

/// <summary>An attachment. <paramref name="Occurrence"/>: id of the occurrence it belonged to; null: the item itself.</summary>
public sealed record StoredItemAttachment(StoredAttachment Attachment, string? Occurrence);

/// <summary>Names one restore of one item, so that an attempt that was interrupted is recognised.</summary>
/// <param name="Text">Kept on what is made, where the service lets it be.</param>
/// <param name="Since">When the job began: what was there before is none of its work.</param>
public sealed record ItemMarker(string Text, DateTimeOffset Since);

/// <summary>An item that is there already. <paramref name="ContainerId"/>: where it is now.</summary>
public sealed record ExistingItem(string Id, string ContainerId);

/// <summary>An item that was put back. <paramref name="Losses"/>: what could not be put back as it was.</summary>
public sealed record RestoredItem(string Id, ImmutableArray<Loss> Losses);

/// <summary>The kinds of losses of calendars, contacts and tasks. Stored and answered: a word, once used, keeps its meaning.</summary>
public static class ItemLossKind
{
    /// <summary>Nobody was invited: who attended stands in the text and in a hidden property.</summary>
    public const string Attendees = "attendees";

    /// <summary>The owner of the target calendar is the organiser now; <c>Name</c> is who it was.</summary>
    public const string Organizer = "organizer";

    /// <summary>The online meeting is not attached any more; its address stands in the text.</summary>
    public const string OnlineMeeting = "onlineMeeting";

    /// <summary>The zone is unknown to the service; the moment is kept. <c>Name</c> is the zone.</summary>
    public const string TimeZone = "timeZone";

    /// <summary>An occurrence that differed, or was cancelled, could not be found again; <c>Name</c> is its day.</summary>
    public const string Occurrence = "occurrence";

    /// <summary>It was cancelled by its organiser; it stands as an event that takes place.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The picture could not be put back.</summary>
    public const string Photo = "photo";

    /// <summary>A step or link of a task could not be put back; <c>Name</c> is its name.</summary>
    public const string TaskPart = "taskPart";

    /// <summary>A repeating task without a due date is a single one now.</summary>
    public const string Recurrence = "recurrence";

    /// <summary>What stands there stays beside the restored one: changing or deleting it would send a message to its attendees.</summary>
    public const string NotReplaced = "notReplaced";

    /// <summary>The container has another name or place; <c>Name</c> is the one that it had.</summary>
    public const string Container = "container";
}

/// <summary>Puts back one kind of what lies in a mailbox beside mail. Never makes the service send anything to anybody.</summary>
public interface IItemTarget
{
    Task<ImmutableArray<ItemContainer>> ReadContainersAsync(CancellationToken cancellation);

    /// <summary>The container of that name in that place, made if there is none. Safe to call twice.</summary>
    /// <param name="parentId">Where to make it; null: at the top.</param>
    /// <param name="json">The original container as Graph gave it; empty for a new one.</param>
    Task<ItemContainer> EnsureContainerAsync(string? parentId, string name, bool isGroup, ReadOnlyMemory<byte> json, CancellationToken cancellation);

    /// <summary>Which of these items are in the mailbox now, by id.</summary>
    /// <param name="items">Id and the container it lay in.</param>
    Task<IReadOnlyDictionary<string, ExistingItem>> FindByIdAsync(IReadOnlyList<(string Id, string ContainerId)> items, CancellationToken cancellation);

    /// <summary>Takes away what an earlier, interrupted attempt of the same job made of this item: whether it is whole cannot be told.</summary>
    /// <param name="except">Ids that the job has written down as made: they are none of that.</param>
    Task RemoveUnfinishedAsync(string containerId, StoredItem item, ItemMarker marker, IReadOnlySet<string> except, CancellationToken cancellation);

    /// <summary>What some restore made of this item before; null: nothing.</summary>
    /// <param name="except">Ids that do not count.</param>
    Task<ExistingItem?> FindRestoredAsync(string containerId, StoredItem item, IReadOnlySet<string> except, CancellationToken cancellation);

    Task<RestoredItem> CreateAsync(string containerId, StoredItem item, ItemMarker marker, CancellationToken cancellation);

    /// <summary>Takes away what is being replaced. False: it stays, since people would be told.</summary>
    Task<bool> TryDeleteAsync(ExistingItem item, CancellationToken cancellation);

    /// <summary>Takes a container away with everything in it, for good where the service can. One that is gone already is fine.</summary>
    /// <remarks>Only for what a restore made: nothing in it has attendees, who would be told.</remarks>
    Task PurgeContainerAsync(string containerId, CancellationToken cancellation);
}
