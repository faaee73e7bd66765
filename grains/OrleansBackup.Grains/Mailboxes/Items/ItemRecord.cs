using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes.Items;

/// <summary>An event, contact or task as it stands in the item table.</summary>
/// <remarks>
/// Contents: <c>json</c> is the object as Graph sent it (a series with its exceptions and cancelled days), <c>photo</c> a contact's picture, <c>attachment-n</c> the
/// bytes of the n-th entry of the attachments and <c>attachment-n-properties</c> its own JSON. Names are stored: once used, they keep their meaning.
/// </remarks>
internal static class ItemRecord
{
    public const string Mark = "mark";
    public const string Attachments = "attachments";
    public const string Warnings = "warnings";
    private const int KeptName = 255;

    public static string AttachmentContent(int index) => string.Create(CultureInfo.InvariantCulture, $"attachment-{index}");

    public static string AttachmentProperties(int index) => AttachmentContent(index) + "-properties";

    public static ItemVersion Of(ItemPartKind kind, ListedItem item, ImmutableArray<ItemAttachmentEntry> attachments, ImmutableArray<string> warnings,
        ImmutableSortedDictionary<string, ContentReference> contents)
    {
        var properties = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        properties[Mark] = item.Mark;
        if (!attachments.IsEmpty)
            properties[Attachments] = JsonSerializer.Serialize(attachments, JsonSerializerOptions.Web);
        if (!warnings.IsEmpty)
            properties[Warnings] = JsonSerializer.Serialize(warnings);
        foreach (var (name, value) in Facts(item.Json))
            properties[name] = value;
        return new ItemVersion(kind.IdOf(item.Id), kind.IdOf(item.ContainerId), kind.Item, item.Name.Length > KeptName ? item.Name[..KeptName] : item.Name,
            contents.Values.Sum(content => content.Length), item.Time, properties.ToImmutable(), contents);
    }

    public static ImmutableArray<ItemAttachmentEntry> AttachmentsOf(ItemVersion item) =>
        item.Properties.TryGetValue(Attachments, out var text) ? [.. JsonSerializer.Deserialize<ItemAttachmentEntry[]>(text, JsonSerializerOptions.Web)!] : [];

    public static ImmutableArray<string> WarningsOf(ItemVersion item) =>
        item.Properties.TryGetValue(Warnings, out var text) ? [.. JsonSerializer.Deserialize<string[]>(text)!] : [];

    /// <summary>What a list of items shows beside the name.</summary>
    private static List<(string Name, string Value)> Facts(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        var root = document.RootElement;
        var facts = new List<(string Name, string Value)>();
        foreach (var name in new[] { "type", "status", "companyName", "jobTitle", "showAs" })
            if (TolerantJson.GetText(root, name) is { Length: > 0 } value)
                facts.Add((name, value));
        foreach (var name in new[] { "start", "end", "dueDateTime" })
            if (root.TryGetProperty(name, out var zoned) && zoned.ValueKind == JsonValueKind.Object && TolerantJson.GetText(zoned, "dateTime") is { } time)
                facts.Add((name, time));
        if (root.TryGetProperty("location", out var place) && TolerantJson.GetText(place, "displayName") is { Length: > 0 } where)
            facts.Add(("location", where));
        if (root.TryGetProperty("organizer", out var organizer) && organizer.ValueKind == JsonValueKind.Object && organizer.TryGetProperty("emailAddress", out var address)
            && TolerantJson.GetText(address, "address") is { Length: > 0 } from)
            facts.Add(("from", from));
        if (root.TryGetProperty("emailAddresses", out var addresses) && addresses.ValueKind == JsonValueKind.Array && addresses.GetArrayLength() > 0
            && TolerantJson.GetText(addresses[0], "address") is { Length: > 0 } mail)
            facts.Add(("email", mail));
        foreach (var name in new[] { "attendees", "exceptionOccurrences", "cancelledOccurrences", "checklistItems" })
            if (root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() is > 0 and var count)
                facts.Add((name, count.ToString(CultureInfo.InvariantCulture)));
        foreach (var name in new[] { "isAllDay", "isOnlineMeeting", "isCancelled" })
            if (root.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True)
                facts.Add((name, "1"));
        if (root.TryGetProperty("isOrganizer", out var own) && own.ValueKind == JsonValueKind.False)
            facts.Add(("invited", "1"));
        if (TolerantJson.GetText(root, "originalStartTimeZone") is { } zone)
            facts.Add(("timeZone", zone));
        return facts;
    }
}

/// <summary>An attachment of an item. <paramref name="Occurrence"/>: id of the occurrence it belongs to; null: the item itself.</summary>
internal sealed record ItemAttachmentEntry(string Name, string ContentType, string Kind, long Size, bool IsInline, string? Problem, string? Occurrence);
