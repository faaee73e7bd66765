using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansBackup.Domain.Rehearsals;

/// <summary>An item as it is compared: the value at every path that a person or a program sees, whichever side it comes from.</summary>
/// <remarks>
/// Pure. Canonical: a value that is null, false or empty is as good as absent; names with <c>@</c> describe Graph's answer, and ids inside a value are made anew with every write, so
/// neither is part of it. The type of a text without a letter says nothing: the service gives one to what was made without a text. Bytes stand as their SHA-256.
/// </remarks>
public sealed record ItemPicture(ImmutableSortedDictionary<string, string> Values)
{
    private static readonly string[] MadeAnew = ["id", "uniqueId", "uniqueIdType", "etag"];

    public static ItemPicture Empty { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <param name="names">Properties of the object to take, with all below them.</param>
    public static ItemPicture Of(ReadOnlyMemory<byte> json, IEnumerable<string> names)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
            if (document.RootElement.TryGetProperty(name, out var value))
                Add(values, name, value);
        return new(values.ToImmutable());
    }

    /// <param name="value">Null or empty: left out.</param>
    public ItemPicture With(string path, string? value) => string.IsNullOrEmpty(value) ? this : new(Values.SetItem(path, value));

    public ItemPicture With(string path, DateTimeOffset? moment) => With(path, moment?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>SHA-256 in hex over a line <c>path=value\n</c> for each value, in ordinal order; both escaped as JSON strings.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Values.Select(at => $"{JsonSerializer.Serialize(at.Key)}={JsonSerializer.Serialize(at.Value)}\n")))));

    private static void Add(ImmutableSortedDictionary<string, string>.Builder values, string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when IsTextOfNothing(value):
                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                    if (!property.Name.Contains('@', StringComparison.Ordinal) && !MadeAnew.Contains(property.Name))
                        Add(values, $"{path}.{property.Name}", property.Value);
                break;
            case JsonValueKind.Array:
                var at = 0;
                foreach (var element in value.EnumerateArray())
                    Add(values, $"{path}[{at++}]", element);
                break;
            case JsonValueKind.String when value.GetString() is { Length: > 0 } text:
                values[path] = text;
                break;
            case JsonValueKind.Number or JsonValueKind.True:
                values[path] = value.GetRawText();
                break;
        }
    }

    // Source: Microsoft Graph v1.0, itemBody.
    private static bool IsTextOfNothing(JsonElement value) => value.TryGetProperty("contentType", out _) && value.TryGetProperty("content", out var content)
        && (content.ValueKind == JsonValueKind.Null || (content.ValueKind == JsonValueKind.String && content.ValueEquals("")));
}

/// <summary>What of an item came back.</summary>
/// <param name="Before">The hash of what had to.</param>
/// <param name="After">The hash of what did, of the same paths.</param>
/// <param name="Lost">Kinds of declared loss by which a difference is excused.</param>
/// <param name="Differences">Paths that nothing excuses, in ordinal order; at most <see cref="MostDifferences"/>.</param>
public sealed record ItemComparison(string Before, string After, ImmutableArray<string> Lost, ImmutableArray<string> Differences)
{
    public const int MostDifferences = 20;

    /// <param name="losses">What the restore declared: kind and name of each loss.</param>
    public static ItemComparison Of(ItemPicture before, ItemPicture after, IReadOnlyCollection<(string Kind, string? Name)> losses)
    {
        var differing = before.Values.Keys.Union(after.Values.Keys, StringComparer.Ordinal)
            .Where(path => before.Values.GetValueOrDefault(path) != after.Values.GetValueOrDefault(path)).Order(StringComparer.Ordinal).ToList();
        var excused = differing.Where(path => losses.Any(loss => ExpectedLoss.Covers(loss.Kind, loss.Name, path))).ToHashSet(StringComparer.Ordinal);
        return new(Without(before, excused).Hash(), Without(after, excused).Hash(),
            [.. losses.Select(loss => loss.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [.. differing.Where(path => !excused.Contains(path)).Take(MostDifferences)]);
    }

    private static ItemPicture Without(ItemPicture picture, HashSet<string> paths) => new(picture.Values.RemoveRange(paths));
}

/// <summary>Which differences a loss that a restore declares excuses: those of what it speaks of, and no others.</summary>
/// <remarks>Pure. A kind that is not in this table excuses nothing, so that a vague or new one cannot hide a defect.</remarks>
public static class ExpectedLoss
{
    private static readonly Dictionary<string, string[]> Covered = new(StringComparer.Ordinal)
    {
        ["draftDates"] = ["receivedDateTime", "sentDateTime"],
        ["flagDates"] = ["flag.startDateTime", "flag.dueDateTime", "flag.completedDateTime"],
        ["textAttached"] = ["body", "attachments", "hasAttachments"],
        ["messageId"] = ["internetMessageId"],
        ["attachedItemBytes"] = ["attachments"],
        ["attachmentName"] = ["attachments"],
        ["attachment"] = ["attachments", "hasAttachments"],
        ["attachedItemAsFile"] = ["attachments", "hasAttachments"],
        ["attendees"] = ["attendees", "body"], // they stand in the text
        ["organizer"] = ["body"],
        ["onlineMeeting"] = ["body"],
        ["timeZone"] = ["start", "end", "recurrence", "exceptionOccurrences", "cancelledOccurrences"],
        ["occurrence"] = ["exceptionOccurrences", "cancelledOccurrences"],
        ["recurrence"] = ["recurrence"],
        ["taskPart"] = ["checklistItems", "linkedResources"],
        ["photo"] = ["photo"],
        ["name"] = ["name"],
        ["dates"] = ["created", "modified"],
        ["changedByService"] = ["content"],
        ["pageContent"] = ["canvasLayout"],
    };

    /// <param name="name">What the loss is about, where its kind alone does not say it.</param>
    /// <param name="path">Of a picture.</param>
    public static bool Covers(string kind, string? name, string path) => kind switch
    {
        "column" or "fieldRefused" or "reference" => name is { Length: > 0 } && (IsBelow(path, $"fields.{name}") || path == $"fields.{name}LookupId"),
        "addresses" => name is { Length: > 0 } && IsBelow(path, name),
        _ => Covered.TryGetValue(kind, out var covered) && covered.Any(some => IsBelow(path, some)),
    };

    private static bool IsBelow(string path, string covered) =>
        path.StartsWith(covered, StringComparison.Ordinal) && (path.Length == covered.Length || path[covered.Length] is '.' or '[');
}
