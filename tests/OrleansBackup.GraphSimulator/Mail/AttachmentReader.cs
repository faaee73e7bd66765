using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Http;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Reads an attachment that a client posts as JSON.</summary>
internal static class AttachmentReader
{
    /// <summary>Larger ones need an upload session.</summary>
    public const int LargestSimple = 3 * 1024 * 1024;

    // Source: what makes the creation of an item attachment fail in practice.
    private static readonly string[] RefusedInItem = ["isDraft", "isOrganizer", "parentFolderId", "internetMessageHeaders", "hasAttachments", "attachments"];

    /// <exception cref="GraphErrorException">The attachment cannot be made.</exception>
    public static MailAttachment Read(JsonObject body, int key, ulong seed)
    {
        var type = ((string?)body["@odata.type"])?.TrimStart('#');
        var name = (string?)body["name"] ?? throw new GraphErrorException(400, "ErrorInvalidRequest", "An attachment needs a name.");
        var isInline = body["isInline"]?.GetValue<bool>() ?? false;
        if (type == "microsoft.graph.fileAttachment")
            return new MailAttachment(key, name, (string?)body["contentType"] ?? "application/octet-stream", isInline, (string?)body["contentId"], new HeldBytes(Bytes(body)));
        if (type != "microsoft.graph.itemAttachment" || body["item"] is not JsonObject item)
            throw new GraphErrorException(400, "ErrorInvalidRequest", "The attachment needs '@odata.type' of a file or item attachment, and an item its 'item'.");
        foreach (var refused in RefusedInItem)
        {
            if (item.ContainsKey(refused))
                throw new GraphErrorException(400, "ErrorItemPropertyRequestFailed", $"The property '{refused}' cannot be set on the item of an attachment.");
        }
        var detail = MessageReader.Detail(item, new MessageDetail());
        var extended = MessageReader.Extended(item);
        var nested = new ComposedContent(detail with { Date = MessageReader.Time(extended, ExtendedProperties.SubmitTime) }, seed + (ulong)key, received: null, extended);
        return new MailAttachment(key, name, "message/rfc822", isInline, null, new HeldBytes(nested.ToMime())) { Item = nested };
    }

    private static byte[] Bytes(JsonObject body)
    {
        try
        {
            var bytes = Convert.FromBase64String((string?)body["contentBytes"] ?? throw new GraphErrorException(400, "ErrorInvalidRequest", "contentBytes is missing."));
            return bytes.Length < LargestSimple ? bytes : throw new GraphErrorException(413, "RequestEntityTooLarge", "The attachment is too large for one request; use an upload session.");
        }
        catch (FormatException)
        {
            throw new GraphErrorException(400, "RequestBodyRead", "contentBytes is no base64.");
        }
    }
}
