using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansBackup.Grains.Runs;

/// <summary>How far each part of a resource has been read, as one text in every segment.</summary>
/// <remarks>
/// The part of mail came first: its object is the text, and the others stand in a member <c>parts</c> that releases before them do not know and leave out. Such a
/// release reads its own part and a later one reads the others from the start, which loses nothing.
/// </remarks>
internal static class RunCheckpoint
{
    private const string Parts = "parts";

    /// <returns>Per part its own text.</returns>
    /// <exception cref="JsonException">The text is no checkpoint; the vault verified it, so it was written by a newer or broken release.</exception>
    public static ImmutableSortedDictionary<string, string> Parse(string? text)
    {
        var sections = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (text is null)
            return sections.ToImmutable();
        if (JsonNode.Parse(text) is not JsonObject root)
            throw new JsonException("The checkpoint is no object.");
        if (root[Parts] is JsonObject parts)
            foreach (var (part, section) in parts)
                sections[part] = section?.GetValue<string>() ?? throw new JsonException($"The checkpoint of part '{part}' is empty.");
        root.Remove(Parts);
        if (root.Count > 0)
            sections[ItemIds.Mail] = root.ToJsonString();
        return sections.ToImmutable();
    }

    public static string Write(IReadOnlyDictionary<string, string> sections)
    {
        var mail = sections.GetValueOrDefault(ItemIds.Mail);
        var others = sections.Where(section => section.Key != ItemIds.Mail).ToArray();
        if (others.Length == 0)
            return mail ?? "{}";
        var root = mail is null ? [] : JsonNode.Parse(mail)!.AsObject();
        var parts = new JsonObject();
        foreach (var (part, section) in others.OrderBy(section => section.Key, StringComparer.Ordinal))
            parts[part] = section;
        root[Parts] = parts;
        return root.ToJsonString();
    }
}
