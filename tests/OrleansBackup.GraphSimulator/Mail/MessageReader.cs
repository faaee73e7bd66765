using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Mail;

/// <summary>Reads a message that a client posts or patches as JSON.</summary>
/// <remarks>Source: create and update message; plain dates and other read-only properties are silently ignored, as the service does.</remarks>
internal static class MessageReader
{
    private const int MostHeaders = 5;

    /// <summary>The content of the JSON on top of <paramref name="start"/>.</summary>
    /// <exception cref="GraphErrorException">400: a property is unknown or has the wrong shape.</exception>
    public static MessageDetail Detail(JsonObject body, MessageDetail start)
    {
        RefuseUnknown(body);
        try
        {
            var detail = start;
            if (body["subject"] is { } subject)
                detail = detail with { Subject = subject.GetValue<string>() };
            if (body["body"] is JsonObject text)
                detail = detail with { BodyType = string.Equals((string?)text["contentType"], "html", StringComparison.OrdinalIgnoreCase) ? "html" : "text", Body = (string?)text["content"] ?? "" };
            if (body.ContainsKey("from"))
                detail = detail with { From = Recipient(body["from"]), Sender = detail.Sender ?? Recipient(body["from"]) };
            if (body.ContainsKey("sender"))
                detail = detail with { Sender = Recipient(body["sender"]) };
            if (body["toRecipients"] is JsonArray to)
                detail = detail with { To = Recipients(to) };
            if (body["ccRecipients"] is JsonArray cc)
                detail = detail with { Cc = Recipients(cc) };
            if (body["bccRecipients"] is JsonArray bcc)
                detail = detail with { Bcc = Recipients(bcc) };
            if (body["replyTo"] is JsonArray replyTo)
                detail = detail with { ReplyTo = Recipients(replyTo) };
            if (body["internetMessageId"] is { } id)
                detail = detail with { InternetMessageId = id.GetValue<string>(), Thread = detail.Thread.Length == 0 ? id.GetValue<string>() : detail.Thread };
            if (body["isReadReceiptRequested"] is { } readReceipt)
                detail = detail with { IsReadReceiptRequested = readReceipt.GetValue<bool>() };
            if (body["isDeliveryReceiptRequested"] is { } deliveryReceipt)
                detail = detail with { IsDeliveryReceiptRequested = deliveryReceipt.GetValue<bool>() };
            if (body["internetMessageHeaders"] is JsonArray headers)
                detail = detail with { Headers = Headers(headers) };
            return detail;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new GraphErrorException(400, "RequestBodyRead", "A property of the message has a value of the wrong type.");
        }
    }

    /// <summary>The extended properties by normalised id.</summary>
    public static Dictionary<string, string> Extended(JsonObject body)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body["singleValueExtendedProperties"] is not JsonArray properties)
            return found;
        foreach (var property in properties)
        {
            if ((string?)property?["id"] is not { } id || !ExtendedProperties.IsValidId(id))
                throw new GraphErrorException(400, "ErrorInvalidProperty", "An extended property has no valid id.");
            found[ExtendedProperties.Normalise(id)] = (string?)property["value"] ?? throw new GraphErrorException(400, "ErrorInvalidProperty", $"The extended property '{id}' has no value.");
        }
        return found;
    }

    /// <summary>A time among the extended properties; null when it is not there.</summary>
    /// <exception cref="GraphErrorException">400: it is not a time.</exception>
    public static DateTimeOffset? Time(IReadOnlyDictionary<string, string> extended, string id)
    {
        if (!extended.TryGetValue(id, out var text))
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : throw new GraphErrorException(400, "ErrorInvalidExtendedPropertyValue", $"'{text}' is no time.");
    }

    public static FollowupFlag? Flag(JsonObject body)
    {
        if (body["flag"] is not JsonObject flag)
            return null;
        var status = (string?)flag["flagStatus"] ?? "notFlagged";
        if (status is not ("notFlagged" or "flagged" or "complete"))
            throw new GraphErrorException(400, "RequestBodyRead", $"'{status}' is no flag status.");
        if (flag["dueDateTime"] is not null && flag["startDateTime"] is null)
            throw new GraphErrorException(400, "ErrorInvalidRequest", "A due date needs a start date.");
        return new FollowupFlag(status, Zoned(flag["startDateTime"]), Zoned(flag["dueDateTime"]), Zoned(flag["completedDateTime"]));
    }

    public static ImmutableArray<string>? Categories(JsonObject body) =>
        body["categories"] is JsonArray names ? [.. names.Select(name => name!.GetValue<string>())] : null;

    public static string? Choice(JsonObject body, string name, params ReadOnlySpan<string> allowed)
    {
        if ((string?)body[name] is not { } text)
            return null;
        foreach (var value in allowed)
        {
            if (value.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        throw new GraphErrorException(400, "RequestBodyRead", $"'{text}' is no value of {name}.");
    }

    private static void RefuseUnknown(JsonObject body)
    {
        foreach (var (name, _) in body)
        {
            if (!name.Contains('@', StringComparison.Ordinal) && name is not ("singleValueExtendedProperties" or "multiValueExtendedProperties" or "attachments") && !MessageProperties.IsKnown(name))
                throw new GraphErrorException(400, "RequestBodyRead", $"The property '{name}' does not exist on type '{MessageProperties.TypeName}'. Make sure to only use property names that are defined by the type.");
        }
    }

    private static ImmutableArray<MailHeader> Headers(JsonArray headers)
    {
        var found = headers.Select(header => new MailHeader((string?)header?["name"] ?? "", (string?)header?["value"] ?? "")).ToImmutableArray();
        if (found.FirstOrDefault(header => !header.Name.StartsWith("x-", StringComparison.OrdinalIgnoreCase)) is { } wrong)
            throw new GraphErrorException(400, "InvalidInternetMessageHeader", $"The internet message header name '{wrong.Name}' should start with 'x-' or 'X-'.");
        return found.Length <= MostHeaders ? found : throw new GraphErrorException(400, "InvalidInternetMessageHeaderCollection", $"Maximum number of headers in one message should be less than or equal to {MostHeaders}.");
    }

    private static MailAddress? Recipient(JsonNode? node) => node?["emailAddress"] is JsonObject address && ((string?)address["address"] ?? (string?)address["name"]) is { } known
        ? new MailAddress((string?)address["name"] ?? known, (string?)address["address"] ?? "")
        : null;

    private static ImmutableArray<MailAddress> Recipients(JsonArray nodes) => [.. nodes.Select(Recipient).OfType<MailAddress>()];

    private static ZonedTime? Zoned(JsonNode? node) => node is JsonObject time && (string?)time["dateTime"] is { } text ? new ZonedTime(text, (string?)time["timeZone"]) : null;
}
