using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Every property of Graph's <c>message</c> and how it is written.</summary>
/// <remarks>Source: Graph v1.0 schema, entity type <c>message</c>; a test walks the schema.</remarks>
internal static class MessageProperties
{
    public const string TypeName = "microsoft.graph.message";

    // Shown only when asked for by name.
    private static readonly FrozenSet<string> OnRequest = new[] { "internetMessageHeaders", "uniqueBody" }.ToFrozenSet();

    // Needs more than the permission to list.
    private static readonly FrozenSet<string> NotBasic = new[] { "body", "bodyPreview", "uniqueBody" }.ToFrozenSet();

    private static readonly (string Name, Action<Utf8JsonWriter, MessageView> Write)[] All =
    [
        ("createdDateTime", (json, view) => Time(json, view.Version.CreatedAt)),
        ("lastModifiedDateTime", (json, view) => Time(json, view.Version.At)),
        ("changeKey", (json, view) => json.WriteStringValue(ChangeKey(view.Mailbox, view.Version.Sequence))),
        ("categories", (json, view) => Strings(json, view.Version.Categories)),
        ("receivedDateTime", (json, view) => Time(json, view.Version.IsDraft ? view.Version.CreatedAt : view.Version.ReceivedAt)),
        ("sentDateTime", (json, view) => Time(json, view.Version.IsDraft ? view.Version.CreatedAt : view.Version.SentAt)),
        ("hasAttachments", (json, view) => json.WriteBooleanValue(view.Detail.Attachments.Any(attachment => !attachment.IsInline))),
        ("internetMessageId", (json, view) => json.WriteStringValue(view.Detail.InternetMessageId)),
        ("subject", (json, view) => json.WriteStringValue(view.Detail.Subject)),
        ("bodyPreview", (json, view) => json.WriteStringValue(view.Detail.Preview)),
        ("importance", (json, view) => json.WriteStringValue(view.Version.Importance)),
        ("parentFolderId", (json, view) => json.WriteStringValue(MailAccess.FolderId(view.Mailbox, view.Version.Folder!))),
        ("conversationId", (json, view) => json.WriteStringValue(ConversationId(view.Mailbox, view.Detail))),
        ("conversationIndex", (json, view) => json.WriteBase64StringValue(ConversationIndex(view.Detail))),
        ("isDeliveryReceiptRequested", (json, view) => Nullable(json, view.Detail.IsDeliveryReceiptRequested)),
        ("isReadReceiptRequested", (json, view) => json.WriteBooleanValue(view.Detail.IsReadReceiptRequested)),
        ("isRead", (json, view) => json.WriteBooleanValue(view.Version.IsRead)),
        ("isDraft", (json, view) => json.WriteBooleanValue(view.Version.IsDraft)),
        ("webLink", (json, view) => json.WriteStringValue($"https://outlook.office365.com/owa/?ItemID={Uri.EscapeDataString(MailAccess.MessageId(view.Mailbox, view.Version, immutable: false))}&exvsurl=1&viewmodel=ReadMessageItem")),
        ("inferenceClassification", (json, view) => json.WriteStringValue(view.Version.InferenceClassification)),
        ("body", Body),
        ("uniqueBody", Body),
        ("sender", (json, view) => Recipient(json, view.Detail.Sender)),
        ("from", (json, view) => Recipient(json, view.Detail.From)),
        ("toRecipients", (json, view) => Recipients(json, view.Detail.To)),
        ("ccRecipients", (json, view) => Recipients(json, view.Detail.Cc)),
        ("bccRecipients", (json, view) => Recipients(json, view.Detail.Bcc)),
        ("replyTo", (json, view) => Recipients(json, view.Detail.ReplyTo)),
        ("flag", (json, view) => Flag(json, view.Version.Flag)),
        ("internetMessageHeaders", Headers),
    ];

    private static readonly FrozenSet<string> Names = All.Select(property => property.Name).Append("id").ToFrozenSet();

    /// <summary>Selects everything.</summary>
    public static IReadOnlySet<string> AllNames => Names;

    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary>Writes the properties of a message, into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, MessageView view)
    {
        if (view.Version.Content.ODataType is { } type)
            json.WriteString("@odata.type", type);
        json.WriteString("@odata.etag", $"W/\"{ChangeKey(view.Mailbox, view.Version.Sequence)}\"");
        json.WriteString("id", MailAccess.MessageId(view.Mailbox, view.Version, view.Display.ImmutableIds));
        foreach (var (name, write) in All)
        {
            if (view.Display.Select is { } select ? !select.Contains(name) : OnRequest.Contains(name))
                continue;
            if (view.Display.BasicOnly && NotBasic.Contains(name))
                continue;
            json.WritePropertyName(name);
            write(json, view);
        }
        WriteExtended(json, view);
    }

    private static void WriteExtended(Utf8JsonWriter json, MessageView view)
    {
        var found = view.Display.Expand.PropertyIds.Select(id => (Id: id, Value: ExtendedProperties.Read(view, id))).Where(pair => pair.Value is not null).ToList();
        if (found.Count == 0)
            return; // the service leaves the collection out when nothing matches
        json.WriteStartArray("singleValueExtendedProperties");
        foreach (var (id, value) in found)
        {
            json.WriteStartObject();
            json.WriteString("id", ExtendedProperties.Normalise(id));
            json.WriteString("value", value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static string ChangeKey(Mailbox mailbox, long sequence)
    {
        Span<byte> bytes = stackalloc byte[24];
        bytes[0] = 9;
        bytes[4] = 22;
        mailbox.UserId.TryWriteBytes(bytes[5..21]);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        number[4..].CopyTo(bytes[20..]);
        return Convert.ToBase64String(bytes);
    }

    public static byte[] ConversationIndex(MessageDetail detail)
    {
        var bytes = new byte[22];
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(6), StableHash.Of(detail.Thread));
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(14), StableHash.Of(detail.Thread + "/index"));
        return bytes;
    }

    private static string ConversationId(Mailbox mailbox, MessageDetail detail) =>
        "AAQk" + Convert.ToBase64String([.. mailbox.UserId.ToByteArray(), .. BitConverter.GetBytes(StableHash.Of(detail.Thread))]).Replace('+', '-').Replace('/', '_');

    public static void Time(Utf8JsonWriter json, DateTimeOffset time) =>
        json.WriteStringValue(time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));

    private static void Body(Utf8JsonWriter json, MessageView view)
    {
        var isHtml = view.Detail.BodyType == "html";
        json.WriteStartObject();
        json.WriteString("contentType", view.Display.TextBody ? "text" : "html");
        json.WriteString("content", (isHtml, view.Display.TextBody) switch
        {
            (true, true) => BodyText.FromHtml(view.Detail.Body),
            (false, false) => BodyText.ToHtml(view.Detail.Body),
            _ => view.Detail.Body,
        });
        json.WriteEndObject();
    }

    private static void Headers(Utf8JsonWriter json, MessageView view)
    {
        json.WriteStartArray();
        if (!view.Version.IsDraft)
        {
            foreach (var header in view.Detail.Headers)
            {
                json.WriteStartObject();
                json.WriteString("name", header.Name);
                json.WriteString("value", header.Value);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    }

    public static void Recipient(Utf8JsonWriter json, MailAddress? address)
    {
        if (address is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        json.WriteStartObject("emailAddress");
        json.WriteString("name", address.Name);
        json.WriteString("address", address.Address);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Recipients(Utf8JsonWriter json, IEnumerable<MailAddress> addresses)
    {
        json.WriteStartArray();
        foreach (var address in addresses)
            Recipient(json, address);
        json.WriteEndArray();
    }

    private static void Flag(Utf8JsonWriter json, FollowupFlag flag)
    {
        json.WriteStartObject();
        json.WriteString("flagStatus", flag.Status);
        foreach (var (name, time) in new[] { ("startDateTime", flag.Start), ("dueDateTime", flag.Due), ("completedDateTime", flag.Completed) })
        {
            if (time is null)
                continue;
            json.WriteStartObject(name);
            json.WriteString("dateTime", time.DateTime);
            json.WriteString("timeZone", time.TimeZone);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, IEnumerable<string> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Nullable(Utf8JsonWriter json, bool? value)
    {
        if (value is { } known)
            json.WriteBooleanValue(known);
        else
            json.WriteNullValue();
    }
}
