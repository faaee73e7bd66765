using System.Text.Json;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>What of an attachment is shown. <paramref name="Select"/> null: all; <paramref name="Bytes"/>: with content; <paramref name="Item"/>: with the nested item.</summary>
internal sealed record AttachmentDisplay(IReadOnlySet<string>? Select, bool Bytes, bool Item)
{
    public static AttachmentDisplay Full { get; } = new(null, Bytes: true, Item: false);
}

/// <summary>Writes an attachment as Graph's <c>fileAttachment</c> or <c>itemAttachment</c>.</summary>
internal static class AttachmentJson
{
    public const string TypeName = "microsoft.graph.attachment";
    public const int DeepestItem = 30;
    private static readonly string[] Names = ["id", "name", "contentType", "size", "isInline", "lastModifiedDateTime"];
    private static readonly string[] FileNames = ["contentBytes", "contentId", "contentLocation"];

    public static bool IsKnown(string name) => Names.Contains(name);
    public static bool IsKnownOfFile(string name) => IsKnown(name) || FileNames.Contains(name);

    public static void Write(Utf8JsonWriter json, MessageView view, MailAttachment attachment, AttachmentDisplay display)
    {
        json.WriteStartObject();
        json.WriteString("@odata.type", attachment.Item is null ? "#microsoft.graph.fileAttachment" : "#microsoft.graph.itemAttachment");
        if (attachment.Item is null)
            json.WriteString("@odata.mediaContentType", attachment.ContentType);
        json.WriteString("id", MailAccess.AttachmentId(view.Mailbox, view.Version, attachment.Key, view.Display.ImmutableIds));
        if (Wants("lastModifiedDateTime"))
        {
            json.WritePropertyName("lastModifiedDateTime");
            MessageProperties.Time(json, view.Version.CreatedAt);
        }
        if (Wants("name"))
            json.WriteString("name", attachment.Name);
        if (Wants("contentType"))
            json.WriteString("contentType", attachment.Item is null ? attachment.ContentType : null);
        if (Wants("size"))
            json.WriteNumber("size", ShownSize(attachment));
        if (Wants("isInline"))
            json.WriteBoolean("isInline", attachment.IsInline);
        if (attachment.Item is null && Wants("contentId"))
            json.WriteString("contentId", attachment.ContentId);
        if (attachment.Item is null && Wants("contentLocation"))
            json.WriteString("contentLocation", attachment.ContentLocation);
        if (attachment.Item is null && display.Bytes && Wants("contentBytes"))
            json.WriteBase64String("contentBytes", attachment.Bytes.Read().Span);
        if (attachment.Item is not null && display.Item)
        {
            json.WritePropertyName("item");
            ItemJson.Write(json, view, attachment.Item, depth: 1);
        }
        json.WriteEndObject();

        bool Wants(string name) => display.Select is null || display.Select.Contains(name);
    }

    /// <summary>The size that the service tells: more than the bytes, because it counts overhead.</summary>
    public static int ShownSize(MailAttachment attachment) => attachment.Bytes.Length + 300 + attachment.Name.Length * 2;
}
