using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>A message as it stands in the item table: what browsing, deciding and restoring need, without opening its content.</summary>
/// <remarks>
/// Contents: <c>message</c> is the JSON as Graph sent it, body included; <c>mime</c> the exact MIME bytes; <c>attachment-n</c> the bytes of the n-th
/// entry of <see cref="Attachments"/> and <c>attachment-n-properties</c> its own JSON. Names of properties and contents are stored: once used, they keep their meaning.
/// </remarks>
internal sealed record MailItem
{
    public const string MessageContent = "message";
    public const string MimeContent = "mime";

    public const string FromProperty = "from";
    public const string AttachmentsProperty = "attachments";

    private const string DepartedProperty = "departedFrom";
    private const int KeptSubjectLength = 255;

    public required string Id { get; init; }
    public required string FolderId { get; init; }
    public required string ChangeKey { get; init; }
    public required string ContentPrint { get; init; }
    public required string PropertiesPrint { get; init; }
    public string Subject { get; init; } = "";
    public string From { get; init; } = "";
    public DateTimeOffset? Received { get; init; }
    public DateTimeOffset? Sent { get; init; }
    public long Size { get; init; }
    public bool IsRead { get; init; }
    public bool IsDraft { get; init; }
    public string Importance { get; init; } = "normal";
    public string FlagStatus { get; init; } = "notFlagged";
    public string? InternetMessageId { get; init; }
    public ImmutableArray<string> Categories { get; init; } = [];
    public ImmutableArray<AttachmentEntry> Attachments { get; init; } = [];
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The folder that the message has left without having turned up in another one yet in this run. Never set in a sealed point.</summary>
    public string? DepartedFrom { get; init; }

    public ImmutableSortedDictionary<string, ContentReference> Contents { get; init; } = ImmutableSortedDictionary<string, ContentReference>.Empty;

    public bool HasMime => Contents.ContainsKey(MimeContent);

    public static string AttachmentContent(int index) => string.Create(CultureInfo.InvariantCulture, $"attachment-{index}");

    public static string AttachmentProperties(int index) => AttachmentContent(index) + "-properties";

    /// <summary>As listed, before anything was read or stored.</summary>
    public static MailItem Of(MessageSummary message, string folderId) => new()
    {
        Id = message.Id,
        FolderId = message.FolderId ?? folderId,
        ChangeKey = message.ChangeKey ?? "",
        ContentPrint = MessageFingerprint.OfContent(message.Json),
        PropertiesPrint = MessageFingerprint.OfProperties(message.Json),
        Subject = message.Subject is { Length: > KeptSubjectLength } subject ? subject[..KeptSubjectLength] : message.Subject ?? "",
        From = message.Sender ?? "",
        Received = message.Received,
        Sent = message.Sent,
        IsRead = message.IsRead,
        IsDraft = message.IsDraft,
        Importance = message.Importance ?? "normal",
        FlagStatus = message.FlagStatus ?? "notFlagged",
        InternetMessageId = message.InternetMessageId,
        Categories = message.Categories,
    };

    public ItemVersion Write()
    {
        var properties = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                properties[name] = value;
        }
        Set("changeKey", ChangeKey);
        Set("contentPrint", ContentPrint);
        Set("propertiesPrint", PropertiesPrint);
        Set(FromProperty, From);
        Set("sent", Sent?.ToString("O", CultureInfo.InvariantCulture));
        Set("read", IsRead ? "1" : null);
        Set("draft", IsDraft ? "1" : null);
        Set("importance", Importance == "normal" ? null : Importance);
        Set("flag", FlagStatus == "notFlagged" ? null : FlagStatus);
        Set("messageId", InternetMessageId);
        Set("categories", Categories.IsEmpty ? null : JsonSerializer.Serialize(Categories));
        Set(AttachmentsProperty, Attachments.IsEmpty ? null : JsonSerializer.Serialize(Attachments, JsonSerializerOptions.Web));
        Set("warnings", Warnings.IsEmpty ? null : JsonSerializer.Serialize(Warnings));
        Set(DepartedProperty, DepartedFrom);
        return new ItemVersion(Id, FolderId, ItemKinds.Message, Subject, Size, Received, properties.ToImmutable(), Contents);
    }

    public static MailItem Read(ItemVersion item)
    {
        string? Get(string name) => item.Properties.GetValueOrDefault(name);
        return new MailItem
        {
            Id = item.Id,
            FolderId = item.ParentId ?? "",
            ChangeKey = Get("changeKey") ?? "",
            ContentPrint = Get("contentPrint") ?? "",
            PropertiesPrint = Get("propertiesPrint") ?? "",
            Subject = item.Name,
            From = Get(FromProperty) ?? "",
            Received = item.Time,
            Sent = Get("sent") is { } sent ? DateTimeOffset.Parse(sent, CultureInfo.InvariantCulture) : null,
            Size = item.Size,
            IsRead = Get("read") is not null,
            IsDraft = Get("draft") is not null,
            Importance = Get("importance") ?? "normal",
            FlagStatus = Get("flag") ?? "notFlagged",
            InternetMessageId = Get("messageId"),
            Categories = List<string>(Get("categories")),
            Attachments = List<AttachmentEntry>(Get(AttachmentsProperty)),
            Warnings = List<string>(Get("warnings")),
            DepartedFrom = Get(DepartedProperty),
            Contents = item.Contents,
        };
    }

    /// <summary>Whether <see cref="DepartedFrom"/> is set, without reading the rest.</summary>
    public static bool HasDeparted(ItemVersion item) => item.Properties.ContainsKey(DepartedProperty);

    /// <summary>The listed marks and place over the stored content.</summary>
    public MailItem WithContentOf(MailItem stored) => this with
    {
        Size = stored.Size,
        Attachments = stored.Attachments,
        Warnings = stored.Warnings,
        Contents = stored.Contents,
    };

    private static ImmutableArray<T> List<T>(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<ImmutableArray<T>>(json, JsonSerializerOptions.Web);
}

/// <summary>One attachment as the item table keeps it.</summary>
/// <param name="Problem">Why the bytes are missing, or null.</param>
internal sealed record AttachmentEntry(string Name, string ContentType, string Kind, long Size, bool IsInline, string? ContentId, string? Problem);
