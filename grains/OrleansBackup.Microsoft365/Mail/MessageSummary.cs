using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>One message as a listing gives it: every property that we keep, body included, with the raw JSON.</summary>
/// <remarks>Everything but the id may be missing or nonsense in real mailboxes, so everything else is nullable or has a neutral value.</remarks>
public sealed record MessageSummary
{
    internal const string Select =
        "id,changeKey,createdDateTime,lastModifiedDateTime,receivedDateTime,sentDateTime,subject,bodyPreview,body,importance,categories,"
        + "parentFolderId,conversationId,conversationIndex,internetMessageId,hasAttachments,isRead,isDraft,isDeliveryReceiptRequested,"
        + "isReadReceiptRequested,inferenceClassification,flag,sender,from,toRecipients,ccRecipients,bccRecipients,replyTo";

    /// <summary>What a listing is reduced to where a message's content makes it fail.</summary>
    internal const string SlimSelect = "id,changeKey,parentFolderId";

    public required string Id { get; init; }

    /// <summary>Changes with every update, of properties too.</summary>
    public string? ChangeKey { get; init; }

    public string? FolderId { get; init; }

    /// <summary>The message object as sent, repaired where it was not valid JSON. A slice of its page: copy it to keep it for long.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>Graph's type where it is no plain message, such as <c>#microsoft.graph.eventMessageRequest</c>.</summary>
    public string? Kind { get; init; }

    public string? Subject { get; init; }

    /// <summary>Address of the sender, or the name where there is no address; may be no SMTP address.</summary>
    public string? Sender { get; init; }

    public DateTimeOffset? Received { get; init; }

    public DateTimeOffset? Sent { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    public bool IsDraft { get; init; }

    /// <summary>False also when all attachments are inline.</summary>
    public bool HasAttachments { get; init; }

    public bool IsRead { get; init; }

    public string? BodyPreview { get; init; }

    public string? InternetMessageId { get; init; }

    public string? Importance { get; init; }

    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary><c>notFlagged</c>, <c>flagged</c> or <c>complete</c>.</summary>
    public string? FlagStatus { get; init; }

    /// <summary>The HTML body refers to inline content, so there are attachments even where <see cref="HasAttachments"/> denies it.</summary>
    public bool RefersToInlineContent { get; init; }

    /// <summary>A body came along: without one this is only a listing entry.</summary>
    public bool HasBody { get; init; }

    /// <exception cref="JsonException"><paramref name="json"/> is no message object.</exception>
    public static MessageSummary Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        return Read(document.RootElement, json) ?? throw new JsonException("A message object has no id.");
    }

    internal static MessageSummary? Read(JsonElement message, ReadOnlyMemory<byte> json)
    {
        if (TolerantJson.GetText(message, "id") is not { Length: > 0 } id) return null;
        var body = message.TryGetProperty("body", out var b) && b.ValueKind == JsonValueKind.Object ? TolerantJson.GetText(b, "content") : null;
        return new MessageSummary
        {
            Id = id,
            ChangeKey = TolerantJson.GetText(message, "changeKey"),
            FolderId = TolerantJson.GetText(message, "parentFolderId"),
            Json = json,
            Kind = TolerantJson.GetText(message, "@odata.type"),
            Subject = TolerantJson.GetText(message, "subject"),
            Sender = Address(message, "from") ?? Address(message, "sender"),
            Received = Time(message, "receivedDateTime"),
            Sent = Time(message, "sentDateTime"),
            LastModified = Time(message, "lastModifiedDateTime"),
            IsDraft = Flag(message, "isDraft"),
            HasAttachments = Flag(message, "hasAttachments"),
            IsRead = Flag(message, "isRead"),
            BodyPreview = TolerantJson.GetText(message, "bodyPreview"),
            InternetMessageId = TolerantJson.GetText(message, "internetMessageId"),
            Importance = TolerantJson.GetText(message, "importance"),
            Categories = message.TryGetProperty("categories", out var categories) && categories.ValueKind == JsonValueKind.Array
                ? [.. categories.EnumerateArray().Select(TolerantJson.GetText).OfType<string>()] : [],
            FlagStatus = message.TryGetProperty("flag", out var flag) ? TolerantJson.GetText(flag, "flagStatus") : null,
            RefersToInlineContent = body?.Contains("cid:", StringComparison.OrdinalIgnoreCase) ?? false,
            HasBody = body is not null,
        };
    }

    private static string? Address(JsonElement message, string property) =>
        message.TryGetProperty(property, out var party) && party.ValueKind == JsonValueKind.Object && party.TryGetProperty("emailAddress", out var address)
            ? TolerantJson.GetText(address, "address") is { Length: > 0 } text ? text : TolerantJson.GetText(address, "name") : null;

    private static bool Flag(JsonElement message, string property) =>
        message.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.True;

    private static DateTimeOffset? Time(JsonElement message, string property) =>
        DateTimeOffset.TryParse(TolerantJson.GetText(message, property), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
