using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrleansBackup.Microsoft365.Teams;

/// <summary>A post or reply of a channel.</summary>
/// <param name="PostId">The post that it answers; null for a post. Ids are unique in a chain only.</param>
/// <param name="Json">The message as it was sent, without the replies that came with it.</param>
public sealed partial record ChannelMessage(string Id, string? PostId, string ETag, bool IsDeleted, bool IsSystem, ReadOnlyMemory<byte> Json)
{
    public DateTimeOffset? Created { get; private init; }

    public DateTimeOffset? Modified { get; private init; }

    public string? Subject { get; private init; }

    public string? Author { get; private init; }

    /// <summary>Pictures and snippets that lie in the message itself.</summary>
    public ImmutableArray<string> HostedContents { get; private init; } = [];

    internal static ChannelMessage? Read(ReadOnlyMemory<byte> json, string? postId)
    {
        using var document = JsonDocument.Parse(json);
        var message = document.RootElement;
        if (TolerantJson.GetText(message, "id") is not { Length: > 0 } id) return null;
        var type = TolerantJson.GetText(message, "messageType");
        var body = message.TryGetProperty("body", out var found) ? TolerantJson.GetText(found, "content") ?? "" : "";
        var modified = Time(message, "lastModifiedDateTime");
        return new ChannelMessage(id, postId ?? TolerantJson.GetText(message, "replyToId"), TolerantJson.GetText(message, "etag") ?? modified?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? "",
            TolerantJson.GetText(message, "deletedDateTime") is { Length: > 0 } || message.TryGetProperty("@removed", out _), type is "unknownFutureValue" or "systemEventMessage" || body == "<systemEventMessage/>", WithoutReplies(json))
        {
            Created = Time(message, "createdDateTime"), Modified = modified, Subject = TolerantJson.GetText(message, "subject"), Author = AuthorOf(message),
            HostedContents = [.. HostedAddress().Matches(body).Select(match => Uri.UnescapeDataString(match.Groups[1].Value)).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>The replies that came with a post, and where there are more.</summary>
    internal static (ImmutableArray<ReadOnlyMemory<byte>> Replies, string? More) RepliesIn(ReadOnlyMemory<byte> post)
    {
        using var document = JsonDocument.Parse(post);
        if (!document.RootElement.TryGetProperty("replies", out var replies) || replies.ValueKind != JsonValueKind.Array) return ([], null);
        return ([.. replies.EnumerateArray().Select(reply => (ReadOnlyMemory<byte>)System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(reply).ToArray())], TolerantJson.GetText(document.RootElement, "replies@odata.nextLink"));
    }

    /// <summary>Every other property stays byte for byte.</summary>
    private static ReadOnlyMemory<byte> WithoutReplies(ReadOnlyMemory<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length);
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 128 });
        reader.Read();
        output.Write("{"u8);
        var isFirst = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isReplies = reader.ValueSpan.StartsWith("replies"u8);
            reader.Read();
            reader.Skip();
            if (isReplies) continue;
            if (!isFirst) output.Write(","u8);
            isFirst = false;
            output.Write(json.Span[start..(int)reader.BytesConsumed]);
        }

        output.Write("}"u8);
        return output.WrittenMemory.ToArray();
    }

    private static string? AuthorOf(JsonElement message)
    {
        if (!message.TryGetProperty("from", out var from) || from.ValueKind != JsonValueKind.Object) return null;
        foreach (var kind in new[] { "user", "application", "device" })
            if (from.TryGetProperty(kind, out var who) && TolerantJson.GetText(who, "displayName") is { Length: > 0 } name) return name;
        return null;
    }

    private static DateTimeOffset? Time(JsonElement message, string property) =>
        DateTimeOffset.TryParse(TolerantJson.GetText(message, property), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    [GeneratedRegex(@"/hostedContents/([^/""'\s]+)/\$value", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    internal static partial Regex HostedAddress();
}
