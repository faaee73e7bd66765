using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Points;

/// <summary>Restore points that can be put back now, newest first.</summary>
public sealed record PointListBody(ImmutableArray<PointBody> Points);

/// <summary>A sealed state of a resource.</summary>
/// <param name="Sequence">Its number; names it for ever.</param>
/// <param name="Day">The contract's calendar day that it stands for.</param>
/// <param name="Run">The run that sealed it.</param>
/// <param name="LogicalBytes">Size of its items as they came from Microsoft 365.</param>
/// <param name="Debts">Items that Microsoft 365 listed but could not hand over.</param>
/// <param name="ComparedWithListing">True: compared with an independent listing before it was sealed.</param>
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
    DateOnly OwedUntil)
{
    public static PointBody Of(RestorePointSummary point) => new(
        point.Sequence, point.Day, point.StartedAt, point.SealedAt, point.Run.ToString(), point.Items, point.Folders,
        point.LogicalBytes, point.Debts, point.ComparedWithListing, point.OwedUntil);
}

/// <summary>Every folder of a point, parents before children.</summary>
public sealed record FolderListBody(ImmutableArray<FolderBody> Folders);

/// <summary>A mail folder at a point.</summary>
/// <param name="Path">Names from the top down to this one. A name can hold any character, so it is a list.</param>
public sealed record FolderBody(string Id, string? ParentId, string Name, ImmutableArray<string> Path, bool Hidden, string? WellKnownName)
{
    public static FolderBody Of(FolderAtPoint folder) => new(folder.Id, folder.ParentId, folder.Name, folder.Path, folder.Hidden, folder.WellKnownName);
}

/// <summary>A part of a folder's items, in a stable order.</summary>
/// <param name="Next">What to give as <c>after</c> for the next part; null: this was the last.</param>
public sealed record ItemListBody(ImmutableArray<ItemBody> Items, string? Next);

/// <summary>A message at a point.</summary>
/// <param name="Size">Bytes, as Microsoft 365 counts them.</param>
/// <param name="HasMime">False: there is no .eml of it; its properties and attachments are there.</param>
/// <param name="Warnings">What of it is not as it should be.</param>
public sealed record ItemBody(
    string Id,
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
    ImmutableArray<string> Warnings)
{
    public static ItemBody Of(ItemAtPoint item) => new(
        item.Id, item.FolderId, item.Subject, item.From, item.Received, item.Sent, item.Size, item.IsRead, item.IsDraft, item.Importance,
        item.Categories, item.FlagStatus, item.HasMime, [.. item.Attachments.Select(AttachmentBody.Of)], item.Warnings);
}

/// <summary>An attachment of a message at a point. Its place in the list, from 0, is its number in addresses.</summary>
/// <param name="Problem">Why its bytes are missing, or null.</param>
public sealed record AttachmentBody(string Name, string ContentType, string Kind, long Size, bool IsInline, string? Problem)
{
    public static AttachmentBody Of(AttachmentAtPoint attachment) => new(
        attachment.Name, attachment.ContentType, attachment.Kind, attachment.Size, attachment.IsInline, attachment.Problem);
}
