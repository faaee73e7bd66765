using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Points;

/// <summary>Restore points that can be put back now, newest first.</summary>
public sealed record PointListBody(ImmutableArray<PointBody> Points)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A sealed state of a resource.</summary>
/// <param name="Sequence">Its number; names it for ever.</param>
/// <param name="Day">The contract's calendar day that it stands for.</param>
/// <param name="Run">The run that sealed it.</param>
/// <param name="LogicalBytes">Size of its items as they came from Microsoft 365.</param>
/// <param name="Debts">Items that Microsoft 365 listed but could not hand over.</param>
/// <param name="ComparedWithListing">True: compared with an independent listing before it was sealed.</param>
/// <param name="Items">Messages, events, contacts, files…</param>
/// <param name="Folders">What they lie in: folders, calendars, libraries, channels…</param>
/// <param name="Lacks">Parts of the resource that the run was not permitted to read.</param>
/// <param name="OwedUntil">The last day on which it is kept under the present retention.</param>
public sealed record PointBody(
    long Sequence,
    DateOnly Day,
    DateTimeOffset StartedAt,
    DateTimeOffset SealedAt,
    string Run,
    long Items,
    long Folders,
    long LogicalBytes,
    long Debts,
    bool ComparedWithListing,
    DateOnly OwedUntil,
    ImmutableArray<LackingPartBody> Lacks)
{
    public static PointBody Of(RestorePointSummary point) => new(
        point.Sequence, point.Day, point.StartedAt, point.SealedAt, point.Run.ToString(), point.Items, point.Folders,
        point.LogicalBytes, point.Debts, point.ComparedWithListing, point.OwedUntil,
        [.. point.Lacks.Select(part => new LackingPartBody(part.Part, part.Reason))]);
}

/// <summary>A part of a resource that a run was not permitted to read: what the point has of it is older.</summary>
/// <param name="Part">calendar, contacts, tasks, drive, site, team…</param>
public sealed record LackingPartBody(string Part, string Reason);

/// <summary>Every folder of a point, parents before children.</summary>
public sealed record FolderListBody(ImmutableArray<FolderBody> Folders);

/// <summary>What items lie in at a point: a mail folder, a calendar, a folder of files, a channel…</summary>
/// <param name="Kind">folder (of mail), calendar, contact-folder, task-list, drive, drive-folder, list, channel…</param>
/// <param name="Path">Names from the top down to this one. A name can hold any character, so it is a list.</param>
public sealed record FolderBody(string Id, string Kind, string? ParentId, string Name, ImmutableArray<string> Path, bool Hidden, string? WellKnownName)
{
    public static FolderBody Of(FolderAtPoint folder) => new(folder.Id, folder.Kind, folder.ParentId, folder.Name, folder.Path, folder.Hidden, folder.WellKnownName);
}

/// <summary>A part of a folder's items, in a stable order.</summary>
/// <param name="Next">What to give as <c>after</c> for the next part; null: this was the last.</param>
public sealed record ItemListBody(ImmutableArray<ItemBody> Items, string? Next);

/// <summary>An item at a point. What messages alone have is empty for others; the subject is then its name, and the received time when it last changed.</summary>
/// <param name="Kind">message, event, contact, task, file, list-item, page, channel-message… Further kinds may come.</param>
/// <param name="Facts">What else is known of an item that is no message, by name.</param>
/// <param name="Contents">What of it can be downloaded byte for byte, by role.</param>
/// <param name="Size">Bytes, as Microsoft 365 counts them.</param>
/// <param name="HasMime">False: there is no .eml of it; its properties and attachments are there.</param>
/// <param name="Warnings">What of it is not as it should be.</param>
public sealed record ItemBody(
    string Id,
    string Kind,
    string FolderId,
    string Subject,
    string From,
    DateTimeOffset? Received,
    DateTimeOffset? Sent,
    long Size,
    bool IsRead,
    bool IsDraft,
    string Importance,
    ImmutableArray<string> Categories,
    string FlagStatus,
    bool HasMime,
    ImmutableArray<AttachmentBody> Attachments,
    ImmutableArray<string> Warnings,
    ImmutableSortedDictionary<string, string> Facts,
    ImmutableArray<ContentBody> Contents)
{
    public static ItemBody Of(ItemAtPoint item) => new(
        item.Id, item.Kind, item.FolderId, item.Subject, item.From, item.Received, item.Sent, item.Size, item.IsRead, item.IsDraft, item.Importance,
        item.Categories, item.FlagStatus, item.HasMime, [.. item.Attachments.Select(AttachmentBody.Of)], item.Warnings, item.Facts,
        [.. item.Contents.Select(content => new ContentBody(content.Role, content.Size))]);
}

/// <summary>One content of an item.</summary>
/// <param name="Role">json (all properties as Microsoft Graph gave them), content (a file's bytes), mime, photo, permissions…</param>
public sealed record ContentBody(string Role, long Size);

/// <summary>An attachment of a message at a point. Its place in the list, from 0, is its number in addresses.</summary>
/// <param name="Problem">Why its bytes are missing, or null.</param>
public sealed record AttachmentBody(string Name, string ContentType, string Kind, long Size, bool IsInline, string? Problem)
{
    public static AttachmentBody Of(AttachmentAtPoint attachment) => new(
        attachment.Name, attachment.ContentType, attachment.Kind, attachment.Size, attachment.IsInline, attachment.Problem);
}
