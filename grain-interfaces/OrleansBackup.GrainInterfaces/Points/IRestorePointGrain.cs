using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.GrainInterfaces.Points;

/// <summary>An opened restore point: browsed and downloaded from, never changed. It closes by itself when nobody asks any more.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(RestorePointId)"/>. Every call throws <see cref="NotFoundException"/> when the point is gone or never was.</remarks>
[Alias("restore-point-reader")]
public interface IRestorePointGrain : IGrainWithStringKey
{
    [AlwaysInterleave, Alias("get-summary")]
    Task<RestorePointSummary> GetSummary(CancellationToken cancellation);

    /// <summary>Every folder, parents before children.</summary>
    [AlwaysInterleave, Alias("list-folders")]
    Task<ImmutableArray<FolderAtPoint>> ListFolders(CancellationToken cancellation);

    /// <summary>Items of one folder, in a stable order.</summary>
    /// <param name="after">The last item id of the part before, or null.</param>
    [AlwaysInterleave, Alias("list-items")]
    Task<ItemPage> ListItems(string folderId, string? after, int limit, CancellationToken cancellation);

    /// <summary>The items that match, in parts as they are found, in no promised order. Ends early when the caller stops asking.</summary>
    /// <exception cref="InvalidRequestException">Nothing to look for was given.</exception>
    [AlwaysInterleave, Alias("search")]
    IAsyncEnumerable<ImmutableArray<ItemAtPoint>> Search(ItemSearch search, CancellationToken cancellation);

    /// <summary>What is not alike in this point and another of the same resource, in parts, by id in ordinal order. The same two always give the same.</summary>
    /// <param name="other">The sequence number of the point to compare with: what it has and this one has not is added.</param>
    /// <param name="after">Only what follows this id; null: everything.</param>
    /// <exception cref="NotFoundException">One of the points is gone.</exception>
    [AlwaysInterleave, Alias("compare")]
    IAsyncEnumerable<ImmutableArray<PointChange>> Compare(long other, string? after, CancellationToken cancellation);

    /// <exception cref="NotFoundException">No such item in this point.</exception>
    [AlwaysInterleave, Alias("get-item")]
    Task<ItemAtPoint> GetItem(string itemId, CancellationToken cancellation);

    /// <summary>The message as Microsoft 365 gave it, all its properties: JSON in UTF-8.</summary>
    [AlwaysInterleave, Alias("get-item-properties")]
    Task<ReadOnlyMemory<byte>> GetItemProperties(string itemId, CancellationToken cancellation);

    /// <summary>The message's exact MIME bytes, in pieces. Each piece was verified before it is handed out.</summary>
    /// <exception cref="NotPossibleNowException">Microsoft 365 never gave MIME for this item; its properties and attachments are there.</exception>
    [AlwaysInterleave, Alias("read-mime")]
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadMime(string itemId, CancellationToken cancellation);

    /// <summary>One of an item's contents, by its role in <see cref="ItemAtPoint.Contents"/>.</summary>
    /// <remarks>Made when asked for: <c>ics</c> of an event or task, <c>vcf</c> of a contact, and either of a whole calendar, contact folder or task list by the
    /// folder's id, or of all of them by the words <c>calendar</c>, <c>contacts</c> and <c>tasks</c>.</remarks>
    /// <exception cref="NotFoundException">It has no such content.</exception>
    [AlwaysInterleave, Alias("read-content")]
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadContent(string itemId, string role, CancellationToken cancellation);

    /// <summary>A stretch of one of an item's contents, without reading what lies before it where the vault can do without. Each piece was verified before it is handed out.</summary>
    /// <param name="from">The first byte, from 0.</param>
    /// <param name="length">How many bytes; fewer come when the content ends before.</param>
    /// <exception cref="NotFoundException">It has no such content, or one that is made when asked for.</exception>
    [AlwaysInterleave, Alias("read-stretch")]
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadStretch(string itemId, string role, long from, long length, CancellationToken cancellation);

    /// <summary>What a restore from this point would put back, and what of it not as it was. Nothing is started.</summary>
    /// <exception cref="InvalidRequestException">The selection or target makes no sense.</exception>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("preview-restore")]
    Task<RestorePreview> PreviewRestore(RestoreRequest request, CancellationToken cancellation);

    /// <summary>One attachment's bytes, by its place in <see cref="ItemAtPoint.Attachments"/>.</summary>
    [AlwaysInterleave, Alias("read-attachment")]
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAttachment(string itemId, int index, CancellationToken cancellation);
}

/// <summary>What items lie in: a mail folder, a calendar, a folder of files…</summary>
/// <param name="Path">Names from the top down to this one. Names can hold any character, so it is a list, not a text.</param>
[GenerateSerializer, Immutable, Alias("folder-at-point")]
public sealed record FolderAtPoint(
    [property: Id(0)] string Id,
    [property: Id(1)] string? ParentId,
    [property: Id(2)] string Name,
    [property: Id(3)] ImmutableArray<string> Path,
    [property: Id(4)] bool Hidden,
    [property: Id(5)] string? WellKnownName)
{
    /// <summary>folder (of mail), calendar, drive-folder, channel…</summary>
    [Id(6)] public string Kind { get; init; } = "folder";
}

/// <summary>An item in a restore point, as a list shows it. What messages alone have is empty for others; the subject is then the name, and the received time when it last changed.</summary>
[GenerateSerializer, Immutable, Alias("item-at-point")]
public sealed record ItemAtPoint(
    [property: Id(0)] string Id,
    [property: Id(1)] string FolderId,
    [property: Id(2)] string Subject,
    [property: Id(3)] string From,
    [property: Id(4)] DateTimeOffset? Received,
    [property: Id(5)] DateTimeOffset? Sent,
    [property: Id(6)] long Size,
    [property: Id(7)] bool IsRead,
    [property: Id(8)] bool IsDraft,
    [property: Id(9)] string Importance,
    [property: Id(10)] ImmutableArray<string> Categories,
    [property: Id(11)] string FlagStatus,
    [property: Id(12)] bool HasMime,
    [property: Id(13)] ImmutableArray<AttachmentAtPoint> Attachments,
    [property: Id(14)] ImmutableArray<string> Warnings)
{
    /// <summary>message, event, contact, task, file, list-item…</summary>
    [Id(15)] public string Kind { get; init; } = "message";

    /// <summary>What else is known of an item that is no message, by name.</summary>
    [Id(16)] public ImmutableSortedDictionary<string, string> Facts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What of it can be read byte for byte.</summary>
    [Id(17)] public ImmutableArray<ContentAtPoint> Contents { get; init; } = [];
}

/// <summary>One content of an item.</summary>
/// <param name="Role">json (all properties as Microsoft Graph gave them), content (a file's bytes), mime, photo, permissions…</param>
[GenerateSerializer, Immutable, Alias("content-at-point")]
public sealed record ContentAtPoint([property: Id(0)] string Role, [property: Id(1)] long Size);

/// <summary>An attachment of a message in a restore point.</summary>
/// <param name="Problem">Why its bytes are missing, or null.</param>
[GenerateSerializer, Immutable, Alias("attachment-at-point")]
public sealed record AttachmentAtPoint(
    [property: Id(0)] string Name,
    [property: Id(1)] string ContentType,
    [property: Id(2)] string Kind,
    [property: Id(3)] long Size,
    [property: Id(4)] bool IsInline,
    [property: Id(5)] string? Problem);

/// <summary>A part of a folder's list. <see cref="Next"/> is what to ask for the next part with; null means the end.</summary>
[GenerateSerializer, Immutable, Alias("item-page")]
public sealed record ItemPage([property: Id(0)] ImmutableArray<ItemAtPoint> Items, [property: Id(1)] string? Next);

/// <summary>What to look for in a restore point. At least one of its parts says something.</summary>
/// <param name="Words">Each must occur in the subject, the sender or the name of an attachment; upper and lower case alike.</param>
/// <param name="From">Received (or, for what was never received, last changed) at this time or later.</param>
/// <param name="Until">Before this time.</param>
[GenerateSerializer, Immutable, Alias("item-search")]
public sealed record ItemSearch(
    [property: Id(0)] ImmutableArray<string> Words,
    [property: Id(1)] DateTimeOffset? From,
    [property: Id(2)] DateTimeOffset? Until)
{
    public const int MostWords = 20;
    public const int LongestWord = 200;

    /// <summary>What is wrong with the words, to tell whoever asked; null: nothing.</summary>
    public string? WrongWords => Words.Length > MostWords || Words.Any(word => word.Length is 0 or > LongestWord)
        ? $"Look for at most {MostWords} words of at most {LongestWord} characters." : null;
}
