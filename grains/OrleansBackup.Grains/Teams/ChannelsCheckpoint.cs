using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Grains.Teams;

/// <summary>How far the channels of a team have been read: per channel id the moment after which changes are to be asked for.</summary>
/// <remarks>
/// A moment and no link: changed replies show only to those who ask by time. Stored as JSON in the vault's segments. Additive: a property, once written,
/// keeps its meaning.
/// </remarks>
internal sealed record ChannelsCheckpoint(ImmutableSortedDictionary<string, DateTimeOffset> ReadUntil)
{
    /// <exception cref="JsonException">The text is not a checkpoint; the vault verified it, so it was written by a newer or broken release.</exception>
    public static ChannelsCheckpoint Parse(string? text)
    {
        if (text is null)
            return new(ImmutableSortedDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal));
        var stored = JsonSerializer.Deserialize<Stored>(text, JsonSerializerOptions.Web) ?? throw new JsonException("The checkpoint is empty.");
        return stored.Version == 1
            ? new((stored.Until ?? []).ToImmutableSortedDictionary(StringComparer.Ordinal))
            : throw new JsonException($"The checkpoint has version {stored.Version}; this release reads version 1.");
    }

    public override string ToString() => JsonSerializer.Serialize(new Stored(1, new Dictionary<string, DateTimeOffset>(ReadUntil)), JsonSerializerOptions.Web);

    private sealed record Stored(int Version, Dictionary<string, DateTimeOffset>? Until);
}
