using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Portal.Previews;

/// <summary>What of an item's properties a person wants to read, in order: a name that <c>preview.field-…</c> translates, and the value as text. Pure.</summary>
internal static class PreviewFields
{
    private const int MostFields = 60, LongestValue = 2_000, MostOfAList = 200;

    private static readonly ImmutableArray<string> Known =
    [
        "from", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "sentDateTime", "receivedDateTime", "start", "end", "location", "organizer", "attendees", "recurrence", "status", "dueDateTime", "completedDateTime",
        "displayName", "companyName", "jobTitle", "department", "emailAddresses", "mobilePhone", "businessPhones", "homePhones", "homeAddress", "businessAddress", "birthday", "personalNotes", "checklistItems", "categories",
        "createdDateTime", "lastModifiedDateTime", "webUrl",
    ];

    private static readonly ImmutableArray<string> PostalAddress = ["street", "postalCode", "city", "state", "countryOrRegion"];

    /// <param name="Name">A known one, or the name of a column of a list.</param>
    /// <param name="IsColumn">The customer named it.</param>
    public readonly record struct Field(string Name, string Value, bool IsColumn);

    public static ImmutableArray<Field> Of(JsonElement item)
    {
        var fields = ImmutableArray.CreateBuilder<Field>();
        if (item.ValueKind != JsonValueKind.Object)
            return [];
        foreach (var name in Known)
            if (item.TryGetProperty(name, out var value) && Text(value) is { Length: > 0 } text)
                fields.Add(new(name, Cut(text), false));
        if (item.TryGetProperty("fields", out var columns) && columns.ValueKind == JsonValueKind.Object)
            foreach (var column in columns.EnumerateObject())
                if (fields.Count < MostFields && !column.Name.StartsWith('@') && !column.Name.StartsWith('_') && Text(column.Value) is { Length: > 0 } text)
                    fields.Add(new(column.Name, Cut(text), true));
        return fields.ToImmutable();
    }

    /// <summary>The text of an item: what a body holds, and whether it is HTML.</summary>
    public static (string Content, bool IsHtml)? Body(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String && content.GetString() is { Length: > 0 } text
            ? (text, body.TryGetProperty("contentType", out var type) && type.ValueKind == JsonValueKind.String && string.Equals(type.GetString(), "html", StringComparison.OrdinalIgnoreCase))
            : null;

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True => value.GetRawText(),
        JsonValueKind.Array => string.Join("; ", value.EnumerateArray().Take(MostOfAList).Select(Text).Where(text => text is { Length: > 0 })),
        JsonValueKind.Object => OfObject(value),
        _ => null,
    };

    // The small objects of Graph: a person, an address of mail, a time with its zone, a place, a postal address.
    private static string? OfObject(JsonElement value)
    {
        string? Get(string name) => value.TryGetProperty(name, out var one) && one.ValueKind == JsonValueKind.String ? one.GetString() : null;
        if (value.TryGetProperty("emailAddress", out var person))
            return Text(person);
        if (Get("address") is { Length: > 0 } address)
            return Get("name") is { Length: > 0 } name && name != address ? $"{name} <{address}>" : address;
        if (Get("dateTime") is { } time)
            return Get("timeZone") is { } zone ? $"{time.Split('.')[0].Replace('T', ' ')} ({zone})" : time;
        var parts = PostalAddress.Select(Get).Where(part => part is { Length: > 0 }).ToList();
        return parts.Count > 0 ? string.Join(", ", parts) : Get("displayName") ?? Get("title") ?? Get("name");
    }

    private static string Cut(string text) => text.Length > LongestValue ? $"{text[..LongestValue]}…" : text;
}
