using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Grains.Mailboxes.Items;

/// <summary>Where the next round over each container starts. Stored as JSON; additive: a property, once written, keeps its meaning.</summary>
internal sealed record ItemCheckpoint(ImmutableSortedDictionary<string, string> Links)
{
    /// <exception cref="JsonException">The text is no checkpoint; the vault verified it, so it was written by a newer or broken release.</exception>
    public static ItemCheckpoint Parse(string? text) => text is null
        ? new ItemCheckpoint(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal))
        : new ItemCheckpoint((JsonSerializer.Deserialize<Stored>(text, JsonSerializerOptions.Web) ?? throw new JsonException("The checkpoint is empty.")).Links.ToImmutableSortedDictionary(StringComparer.Ordinal));

    public ItemCheckpoint With(string containerId, string link) => new(link.Length > 0 ? Links.SetItem(containerId, link) : Links.Remove(containerId));

    public ItemCheckpoint Only(IReadOnlySet<string> containers) => new(Links.RemoveRange(Links.Keys.Where(id => !containers.Contains(id))));

    public override string ToString() => JsonSerializer.Serialize(new Stored(Links), JsonSerializerOptions.Web);

    private sealed record Stored(IReadOnlyDictionary<string, string> Links);
}
