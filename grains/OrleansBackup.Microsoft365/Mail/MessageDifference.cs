using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>How far two versions of a message lie apart.</summary>
public enum MessageDifferenceKind
{
    None,

    /// <summary>Read state, flag, categories, folder and the like: the content that is stored stays good.</summary>
    PropertiesOnly,

    /// <summary>Subject, text, people or attachments may be others: fetch again.</summary>
    ContentMayDiffer,
}

/// <param name="Reasons">The properties that differ, or the rule that decided.</param>
public sealed record MessageDifferenceFound(MessageDifferenceKind Kind, ImmutableArray<string> Reasons);

/// <summary>Decides from two listings of a message whether its content must be fetched again. Pure.</summary>
/// <remarks>
/// In doubt the answer is <see cref="MessageDifferenceKind.ContentMayDiffer"/>: an extra download costs little, a missed change is lost.
/// Known gap: an attachment exchanged in a message that was received, in the same round as a property, and leaving hasAttachments and
/// the text as they were.
/// </remarks>
public static class MessageDifference
{
    /// <summary>Change with every update, or not with the message at all.</summary>
    private static readonly FrozenSet<string> Ignored =
        new[] { "changeKey", "lastModifiedDateTime", "webLink" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Content = new[]
    {
        "subject", "body", "bodyPreview", "from", "sender", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "hasAttachments",
        "internetMessageId", "sentDateTime", "isDraft",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <param name="older">The message object as stored.</param>
    /// <param name="newer">The message object as listed now.</param>
    /// <exception cref="JsonException">One of them is no JSON object.</exception>
    public static MessageDifferenceFound Between(ReadOnlyMemory<byte> older, ReadOnlyMemory<byte> newer)
    {
        using var before = JsonDocument.Parse(older, new JsonDocumentOptions { MaxDepth = 128 });
        using var after = JsonDocument.Parse(newer, new JsonDocumentOptions { MaxDepth = 128 });
        if (before.RootElement.ValueKind != JsonValueKind.Object || after.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException("A message is a JSON object.");
        var names = before.RootElement.EnumerateObject().Concat(after.RootElement.EnumerateObject()).Select(p => p.Name)
            .Where(name => !Ignored.Contains(name) && !name.Contains('@', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
        ImmutableArray<string> different = [.. names.Where(name => !IsSame(before.RootElement, after.RootElement, name)).Order(StringComparer.Ordinal)];
        if (different.Any(Content.Contains)) return new MessageDifferenceFound(MessageDifferenceKind.ContentMayDiffer, different);

        var isNewVersion = !IsSame(before.RootElement, after.RootElement, "changeKey");
        // A draft is edited as a whole: its text may be listed cut or late.
        if (isNewVersion && IsDraft(after.RootElement)) return new MessageDifferenceFound(MessageDifferenceKind.ContentMayDiffer, different.Add("draft"));
        if (different.Length > 0) return new MessageDifferenceFound(MessageDifferenceKind.PropertiesOnly, different);
        return isNewVersion
            ? new MessageDifferenceFound(MessageDifferenceKind.ContentMayDiffer, ["changeKey changed and no property explains it"])
            : new MessageDifferenceFound(MessageDifferenceKind.None, []);
    }

    private static bool IsDraft(JsonElement message) => message.TryGetProperty("isDraft", out var draft) && draft.ValueKind == JsonValueKind.True;

    private static bool IsSame(JsonElement before, JsonElement after, string property)
    {
        var hadIt = before.TryGetProperty(property, out var old) && old.ValueKind != JsonValueKind.Null;
        var hasIt = after.TryGetProperty(property, out var now) && now.ValueKind != JsonValueKind.Null;
        if (!hadIt || !hasIt) return hadIt == hasIt;
        if (JsonMarshal.GetRawUtf8Value(old).SequenceEqual(JsonMarshal.GetRawUtf8Value(now))) return true;
        try
        {
            return JsonElement.DeepEquals(old, now);
        }
        catch (InvalidOperationException)
        {
            return false; // half a character somewhere: not comparable as text, and the bytes differ
        }
    }
}
