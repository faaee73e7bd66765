using System.Text.Json;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Writes the message inside an item attachment, with the messages inside that one.</summary>
internal static class ItemJson
{
    public static void Write(Utf8JsonWriter json, MessageView outer, MessageContent item, int depth)
    {
        var detail = item.Detail;
        // The nested message has no life of its own: no folder, no id, no changes. It borrows the outer version's frame.
        var version = outer.Version with { Content = item, IsRead = true, IsDraft = false, SentAt = detail.Date ?? outer.Version.SentAt, ReceivedAt = detail.Date ?? outer.Version.ReceivedAt, Importance = detail.Importance, Categories = [], Flag = FollowupFlag.None };
        var select = new HashSet<string> { "subject", "bodyPreview", "body", "from", "sender", "toRecipients", "ccRecipients", "replyTo", "receivedDateTime", "sentDateTime",
            "hasAttachments", "internetMessageId", "importance", "isRead", "isDraft", "createdDateTime", "lastModifiedDateTime" };
        var view = new MessageView(outer.Mailbox, version, outer.Display with { Select = select, Expand = ExpandOption.None });
        json.WriteStartObject();
        if (item.ODataType is null)
            json.WriteString("@odata.type", "#microsoft.graph.message");
        MessageProperties.Write(json, view);
        if (depth < AttachmentJson.DeepestItem && !detail.Attachments.IsEmpty)
        {
            json.WriteStartArray("attachments");
            foreach (var attachment in detail.Attachments)
                Nested(json, view, attachment, depth);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Nested(Utf8JsonWriter json, MessageView view, MailAttachment attachment, int depth)
    {
        json.WriteStartObject();
        json.WriteString("@odata.type", attachment.Item is null ? "#microsoft.graph.fileAttachment" : "#microsoft.graph.itemAttachment");
        json.WriteString("name", attachment.Name);
        json.WriteString("contentType", attachment.Item is null ? attachment.ContentType : null);
        json.WriteNumber("size", AttachmentJson.ShownSize(attachment));
        json.WriteBoolean("isInline", attachment.IsInline);
        if (attachment.Item is null)
        {
            json.WriteString("contentId", attachment.ContentId);
            json.WriteBase64String("contentBytes", attachment.Bytes.Read().Span);
        }
        else
        {
            json.WritePropertyName("item");
            Write(json, view, attachment.Item, depth + 1);
        }
        json.WriteEndObject();
    }
}
