using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Microsoft365.Teams;

/// <summary>A picture or snippet of a stored message.</summary>
public sealed record StoredHostedContent(string Id, string ContentType, ReadOnlyMemory<byte> Bytes);

/// <summary>From a message as it was sent to what an import takes. Pure; what it does not take is said.</summary>
/// <remarks>Source: Graph's description of importing messages: no mentions, reactions or cards; times are unique in a chain.</remarks>
public static partial class ChannelMessageComposer
{
    /// <param name="createdAt">Its time; another than it had where that is taken.</param>
    /// <returns>Null: the message says no author, and an import needs one.</returns>
    public static (byte[] Body, ImmutableArray<Loss> Losses)? Compose(ReadOnlyMemory<byte> json, IReadOnlyList<StoredHostedContent> hosted, DateTimeOffset createdAt)
    {
        var message = JsonNode.Parse(json.Span)!.AsObject();
        if (message["from"]?["user"] is not JsonObject user || (string?)user["id"] is not { Length: > 0 } userId) return null;
        var losses = ImmutableArray.CreateBuilder<Loss>();
        var type = (string?)message["body"]?["contentType"] ?? "html";
        var html = (string?)message["body"]?["content"] ?? "";
        var contents = new JsonArray();
        html = ChannelMessage.HostedAddress().IsMatch(html) ? WithHosted(html, hosted, contents, losses) : html;
        var body = new JsonObject
        {
            ["createdDateTime"] = createdAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["from"] = new JsonObject { ["user"] = new JsonObject { ["id"] = userId, ["displayName"] = (string?)user["displayName"], ["userIdentityType"] = (string?)user["userIdentityType"] ?? "aadUser" } },
            ["body"] = new JsonObject { ["contentType"] = type, ["content"] = Mention().Replace(html, match => $"<b>@{match.Groups[1].Value}</b>") },
        };
        if ((string?)message["subject"] is { Length: > 0 } subject) body["subject"] = subject;
        if ((string?)message["importance"] is { Length: > 0 } importance) body["importance"] = importance;
        if (contents.Count > 0) body["hostedContents"] = contents;
        AddFiles(message, body);
        losses.AddRange(LossesOf(message));
        return (JsonSerializer.SerializeToUtf8Bytes(body), losses.ToImmutable());
    }

    /// <summary>What of a message no import takes, whatever the target; each kind once.</summary>
    public static ImmutableArray<Loss> LossesOf(ReadOnlyMemory<byte> json) => LossesOf(JsonNode.Parse(json.Span)!.AsObject());

    private static ImmutableArray<Loss> LossesOf(JsonObject message)
    {
        var losses = ImmutableArray.CreateBuilder<Loss>();
        if (AttachmentsOf(message).Count(attachment => !IsFile(attachment)) is > 0 and var cards)
            losses.Add(new(TeamLossKind.Cards, "Cards and quoted messages are not there: an import does not take them.", Count: cards));
        if (message["mentions"] is JsonArray { Count: > 0 } mentions)
            losses.Add(new(TeamLossKind.Mentions, "Mentions are plain text now: an import does not take them.", Count: mentions.Count));
        if (message["reactions"] is JsonArray { Count: > 0 } reactions)
            losses.Add(new(TeamLossKind.Reactions, "Reactions are not there: an import does not take them.", Count: reactions.Count));
        if ((string?)message["lastEditedDateTime"] is { Length: > 0 })
            losses.Add(new(TeamLossKind.Edited, "That it was edited, and when, does not show."));
        return losses.ToImmutable();
    }

    private static void AddFiles(JsonObject message, JsonObject body)
    {
        var files = new JsonArray([.. AttachmentsOf(message).Where(IsFile).Select(attachment =>
            new JsonObject { ["id"] = (string?)attachment["id"], ["contentType"] = "reference", ["contentUrl"] = (string?)attachment["contentUrl"], ["name"] = (string?)attachment["name"] })]);
        if (files.Count > 0) body["attachments"] = files;
    }

    private static IEnumerable<JsonObject> AttachmentsOf(JsonObject message) => message["attachments"] is JsonArray attachments ? attachments.OfType<JsonObject>() : [];

    private static bool IsFile(JsonObject attachment) => (string?)attachment["contentType"] == "reference";

    private static string WithHosted(string html, IReadOnlyList<StoredHostedContent> hosted, JsonArray contents, ImmutableArray<Loss>.Builder losses)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        return HostedSource().Replace(html, match =>
        {
            var id = Uri.UnescapeDataString(match.Groups[1].Value);
            if (hosted.FirstOrDefault(content => content.Id == id) is not { } content)
            {
                losses.Add(new(TeamLossKind.Picture, "A picture in the message is not in the backup.", id));
                return "";
            }

            if (!names.TryGetValue(id, out var name))
            {
                names.Add(id, name = (names.Count + 1).ToString(CultureInfo.InvariantCulture));
                contents.Add(new JsonObject { ["@microsoft.graph.temporaryId"] = name, ["contentBytes"] = Convert.ToBase64String(content.Bytes.Span), ["contentType"] = content.ContentType });
            }

            return $"../hostedContents/{name}/$value";
        });
    }

    /// <summary>A message as a passage of an HTML page that stands alone: pictures are in it.</summary>
    public static string ToHtml(ReadOnlyMemory<byte> json, IReadOnlyList<StoredHostedContent> hosted, bool isReply)
    {
        var message = JsonNode.Parse(json.Span)!.AsObject();
        var author = WebUtility.HtmlEncode((string?)(message["from"]?["user"] ?? message["from"]?["application"])?["displayName"] ?? "");
        var time = WebUtility.HtmlEncode((string?)message["createdDateTime"] ?? "");
        var content = (string?)message["body"]?["content"] ?? "";
        if ((string?)message["body"]?["contentType"] != "html") content = WebUtility.HtmlEncode(content);
        content = HostedSource().Replace(Script().Replace(content, ""), match =>
            hosted.FirstOrDefault(picture => picture.Id == Uri.UnescapeDataString(match.Groups[1].Value)) is { } found ? $"data:{WebUtility.HtmlEncode(found.ContentType)};base64,{Convert.ToBase64String(found.Bytes.Span)}" : "");
        var subject = (string?)message["subject"] is { Length: > 0 } given ? $"<h3>{WebUtility.HtmlEncode(given)}</h3>" : "";
        var files = string.Concat((message["attachments"]?.AsArray().OfType<JsonObject>() ?? []).Where(file => (string?)file["contentUrl"] is { Length: > 0 }).Select(file =>
            $"<p><a href=\"{WebUtility.HtmlEncode((string?)file["contentUrl"])}\">{WebUtility.HtmlEncode((string?)file["name"] ?? "")}</a></p>"));
        var reactions = string.Join(' ', (message["reactions"]?.AsArray().OfType<JsonObject>() ?? []).Select(reaction => WebUtility.HtmlEncode((string?)reaction["reactionType"] ?? "")));
        return $"<article{(isReply ? " style=\"margin-left:2em\"" : "")}><p><b>{author}</b> <time>{time}</time></p>{subject}<div>{content}</div>{files}<p>{reactions}</p></article>\n";
    }

    [GeneratedRegex(@"<at\b[^>]*>(.*?)</at>", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Mention();

    [GeneratedRegex(@"(?:https?://[^""'\s]*|\.\.)/hostedContents/([^/""'\s]+)/\$value", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex HostedSource();

    [GeneratedRegex(@"<script\b.*?(</script\s*>|$)|<iframe\b.*?(</iframe\s*>|$)|<object\b.*?(</object\s*>|$)|<embed\b.*?(</embed\s*>|$)", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Script();
}
