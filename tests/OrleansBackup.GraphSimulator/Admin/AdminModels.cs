using System.Text.Json;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>A tenant that was made, with what a client needs to sign in.</summary>
public sealed record TenantCreated(Guid TenantId, string Name, string Domain, Guid ClientId, string ClientSecret, IReadOnlyList<MailboxSummary> Mailboxes);

/// <summary>A mailbox in a list. <paramref name="Messages"/>: in the visible tree now.</summary>
public sealed record MailboxSummary(Guid UserId, string Upn, string DisplayName, string Purpose, int Messages);

/// <summary>How to play life. <paramref name="Intensity"/>: about how many changes to mail each mailbox sees in a day;
/// <paramref name="ItemIntensity"/>: to calendars, contacts and tasks.</summary>
public sealed record LifeRecipe(int Days = 1, ulong Seed = 1, double Intensity = 10, double ItemIntensity = 0);

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

/// <summary>Calendars, contacts and tasks of a mailbox at a moment. <paramref name="Containers"/>: calendars, contact folders, task lists, in the order of their making.</summary>
public sealed record ItemsState(DateTimeOffset At, IReadOnlyList<StateContainer> Containers, IReadOnlyList<StateItem> Items);

/// <summary>A calendar, contact folder or task list. <paramref name="ParentId"/>: of the folder or calendar group above; null for none.</summary>
public sealed record StateContainer(string Id, World.ItemKind Kind, string Name, string? ParentId, string? WellKnownName, JsonElement Properties);

/// <summary>An event, contact or task.</summary>
/// <param name="Id">Immutable id.</param>
/// <param name="ContainerId">Where it lies.</param>
/// <param name="Properties">As a GET with immutable ids sends it.</param>
/// <param name="Held">As the service keeps it: times local, in the zone they were made in.</param>
/// <param name="Attachments">In order.</param>
/// <param name="PhotoSha256">Of a contact's picture, in small hexadecimal; null: none.</param>
/// <param name="Exceptions">Of a series, by the day they were meant for.</param>
/// <param name="Cancelled">Of a series: the days cancelled.</param>
/// <param name="ExtendedProperties">By normalised id.</param>
public sealed record StateItem(string Id, World.ItemKind Kind, string ContainerId, JsonElement Properties, JsonElement Held, IReadOnlyList<StateAttachment> Attachments, string? PhotoSha256,
    IReadOnlyList<StateException> Exceptions, IReadOnlyList<DateOnly> Cancelled, IReadOnlyDictionary<string, string> ExtendedProperties);

/// <summary>One occurrence that differs from its series.</summary>
public sealed record StateException(DateOnly Day, JsonElement Properties, JsonElement Held, IReadOnlyList<StateAttachment> Attachments);

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
