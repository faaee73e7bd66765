using System.Text.Json;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>A tenant that was made, with what a client needs to sign in.</summary>
public sealed record TenantCreated(Guid TenantId, string Name, string Domain, Guid ClientId, string ClientSecret, IReadOnlyList<MailboxSummary> Mailboxes);

/// <summary>A mailbox in a list. <paramref name="Messages"/>: in the visible tree now.</summary>
public sealed record MailboxSummary(Guid UserId, string Upn, string DisplayName, string Purpose, int Messages);

/// <summary>How to play life. <paramref name="Intensity"/>: about how many changes each mailbox sees in a day.</summary>
public sealed record LifeRecipe(int Days = 1, ulong Seed = 1, double Intensity = 10);

/// <summary>What was played. <paramref name="Changes"/>: how many by kind.</summary>
public sealed record LifeReport(DateTimeOffset From, DateTimeOffset To, IReadOnlyDictionary<string, int> Changes);

/// <summary>The exact state of a mailbox at a moment: the truth that a restore is compared with.</summary>
/// <param name="At">The moment.</param>
/// <param name="Folders">All folders of the visible tree except its top; on the first page only.</param>
/// <param name="Messages">A page of the messages in those folders, by arrival number.</param>
/// <param name="Cursor">Asks for the next page; null on the last.</param>
public sealed record MailboxState(DateTimeOffset At, IReadOnlyList<StateFolder> Folders, IReadOnlyList<StateMessage> Messages, string? Cursor);

/// <summary>A folder. <paramref name="Path"/>: names from the top, own name last.</summary>
public sealed record StateFolder(string Id, IReadOnlyList<string> Path, string ParentId, bool IsHidden, string? WellKnownName);

/// <summary>A message.</summary>
/// <param name="Id">Immutable id.</param>
/// <param name="MutableId">The id without the immutable-id preference.</param>
/// <param name="FolderId">Where it lies.</param>
/// <param name="Properties">Every Graph property as a GET with all of them selected sends it, with immutable ids.</param>
/// <param name="MimeSha256">SHA-256 of <c>$value</c>, in small hexadecimal.</param>
/// <param name="MimeLength">Length of <c>$value</c>.</param>
/// <param name="Body">The body as it was written, not converted.</param>
/// <param name="Attachments">In order.</param>
/// <param name="ExtendedProperties">Extended properties that were set through the API, by normalised id.</param>
public sealed record StateMessage(string Id, string MutableId, string FolderId, JsonElement Properties, string MimeSha256, long MimeLength, StateBody Body,
    IReadOnlyList<StateAttachment> Attachments, IReadOnlyDictionary<string, string> ExtendedProperties);

/// <summary><paramref name="ContentType"/>: <c>html</c> or <c>text</c>.</summary>
public sealed record StateBody(string ContentType, string Content);

/// <summary>An attachment. <paramref name="Kind"/>: <c>file</c> or <c>item</c>; hash and length are of the raw bytes that <c>$value</c> answers.</summary>
public sealed record StateAttachment(string Id, string Name, string? ContentType, bool IsInline, string? ContentId, string Kind, string Sha256, long Length);

/// <summary>The exact state of a drive at a moment: the truth that a restore is compared with.</summary>
/// <param name="At">The moment.</param>
/// <param name="Items">Everything but the root, by path.</param>
public sealed record DriveState(string DriveId, DateTimeOffset At, IReadOnlyList<StateDriveItem> Items);

/// <summary>An item of a drive.</summary>
/// <param name="Path">Names from the top, joined with slashes.</param>
/// <param name="Kind"><c>folder</c>, <c>file</c>, <c>package</c> or <c>shortcut</c>.</param>
/// <param name="Sha256">Of the bytes, in small hexadecimal; null for what has none.</param>
/// <param name="Sharing">The item's own permissions, each as <c>role:who</c>, sorted.</param>
/// <param name="IsReadable">The service gives the bytes.</param>
public sealed record StateDriveItem(string Id, string Path, string ParentId, string Kind, long Size, string? Sha256, DateTimeOffset Created, DateTimeOffset Modified,
    IReadOnlyList<string> Sharing, bool IsReadable);
