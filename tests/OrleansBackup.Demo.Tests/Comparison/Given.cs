using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Tests.Comparison;

/// <summary>Mailboxes with one of everything that is compared, and ways to change one thing in them.</summary>
internal static class Given
{
    public const string FolderId = "folder-1";
    public const string MessageId = "message-1";

    public static MessagePicture AMessage(string id = MessageId) => new(id, FolderId, ["Inbox", "Kunden"], Parse(Properties), ContentFingerprint.Of("mime"u8),
        [new AttachmentPicture("plan.pdf", "application/pdf", "fileAttachment", IsInline: false, ContentFingerprint.Of("bytes"u8))]);

    public static MailboxPicture AMailbox(params MessagePicture[] messages) => new(
        [new FolderPicture("folder-0", null, ["Inbox"]), new FolderPicture(FolderId, "folder-0", ["Inbox", "Kunden"])],
        messages.Length == 0 ? [AMessage(), AMessage("message-2")] : [.. messages]);

    /// <summary>The message with one property set to other JSON; null takes the property away.</summary>
    public static MessagePicture With(this MessagePicture message, string property, string? json)
    {
        var properties = JsonNode.Parse(message.Properties.GetRawText())!.AsObject();
        if (json is null)
            properties.Remove(property);
        else
            properties[property] = JsonNode.Parse(json);
        return message with { Properties = Parse(properties.ToJsonString()) };
    }

    public static MessagePicture WithAttachment(this MessagePicture message, Func<AttachmentPicture, AttachmentPicture> change) =>
        message with { Attachments = message.Attachments.SetItem(0, change(message.Attachments[0])) };

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    private const string Properties = """
        {
          "@odata.etag": "W/\"1\"", "id": "message-1", "subject": "Zeit für Kaffee", "body": { "contentType": "html", "content": "<p>ja</p>" },
          "sender": { "emailAddress": { "name": "Ada", "address": "ada@contoso.example" } },
          "from": { "emailAddress": { "name": "Ada", "address": "ada@contoso.example" } },
          "toRecipients": [ { "emailAddress": { "name": "Bo", "address": "bo@contoso.example" } }, { "emailAddress": { "name": "Cy", "address": "cy@contoso.example" } } ],
          "ccRecipients": [], "bccRecipients": [], "replyTo": [],
          "receivedDateTime": "2026-03-01T08:00:05Z", "sentDateTime": "2026-03-01T08:00:00Z", "isRead": true, "isDraft": false,
          "flag": { "flagStatus": "flagged" }, "categories": [ "Red category" ], "importance": "normal", "internetMessageId": "<1@contoso.example>", "hasAttachments": true
        }
        """;
}
