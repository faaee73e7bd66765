using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Demo.Comparison;

/// <summary>A mailbox at one moment, in the form in which two sides are compared: what the simulator knows and what the backup holds.</summary>
public sealed record MailboxPicture(ImmutableArray<FolderPicture> Folders, ImmutableArray<MessagePicture> Messages);

/// <summary>A folder and where it lies.</summary>
/// <param name="ParentId">The folder above; for a folder at the top, null or an id that names no folder of the picture.</param>
/// <param name="Path">Names from the top down. Two folders can have the same.</param>
public sealed record FolderPicture(string Id, string? ParentId, ImmutableArray<string> Path);

/// <summary>A message with everything that is compared.</summary>
/// <param name="Properties">The message as Graph's JSON object.</param>
/// <param name="Mime">Its exact MIME bytes; null when the side cannot give them.</param>
public sealed record MessagePicture(
    string Id,
    string FolderId,
    ImmutableArray<string> FolderPath,
    JsonElement Properties,
    ContentFingerprint? Mime,
    ImmutableArray<AttachmentPicture> Attachments)
{
    public string Subject => Properties.ValueKind == JsonValueKind.Object
        && Properties.TryGetProperty("subject", out var subject) && subject.ValueKind == JsonValueKind.String ? subject.GetString()! : "";
}

/// <summary>An attachment: its name and type as Graph shows them, and its bytes.</summary>
/// <param name="Kind"><c>file</c>, <c>item</c> or <c>reference</c>.</param>
/// <param name="Content">Null: this kind has no bytes of its own, or the side could not give them.</param>
public sealed record AttachmentPicture(string Name, string ContentType, string Kind, bool IsInline, ContentFingerprint? Content);
