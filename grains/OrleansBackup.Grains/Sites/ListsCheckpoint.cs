using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Grains.Sites;

/// <summary>How far the lists of a site have been read. Every segment carries it.</summary>
/// <param name="Links">Per list id: a next link in the middle of a first round, or the delta link after one.</param>
/// <param name="CompareNeeded">Before the point is sealed the lists are to be compared with plain listings; never set in a sealed point.</param>
/// <remarks>Stored as JSON in the vault's segments. Additive: a property, once written, keeps its meaning.</remarks>
internal sealed record ListsCheckpoint(ImmutableSortedDictionary<string, string> Links, bool CompareNeeded)
{
    /// <exception cref="JsonException">The text is not a checkpoint; the vault verified it, so it was written by a newer or broken release.</exception>
    public static ListsCheckpoint Parse(string? text)
    {
        if (text is null)
            return new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), CompareNeeded: false);
        var stored = JsonSerializer.Deserialize<Stored>(text, JsonSerializerOptions.Web) ?? throw new JsonException("The checkpoint is empty.");
        return stored.Version == 1
            ? new((stored.Links ?? []).ToImmutableSortedDictionary(StringComparer.Ordinal), stored.Compare ?? false)
            : throw new JsonException($"The checkpoint has version {stored.Version}; this release reads version 1.");
    }

    public ListsCheckpoint WithLink(string listId, string link) => this with { Links = link.Length > 0 ? Links.SetItem(listId, link) : Links.Remove(listId) };

    public override string ToString() => JsonSerializer.Serialize(new Stored(1, new Dictionary<string, string>(Links), CompareNeeded ? true : null), JsonSerializerOptions.Web);

    private sealed record Stored(int Version, Dictionary<string, string>? Links, bool? Compare);
}
