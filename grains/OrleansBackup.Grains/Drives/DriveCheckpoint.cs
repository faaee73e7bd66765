using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Grains.Drives;

/// <summary>How far a drive has been read. Every segment carries it.</summary>
/// <param name="DriveId">Which drive it is about; another one begins anew.</param>
/// <param name="Link">Where to go on; null: from nothing.</param>
/// <param name="GoneFolders">Folders that this round told as deleted: at its end nothing may be left in them.</param>
/// <param name="CompareNeeded">Before the point is sealed the drive is to be compared with listings of its folders; never set in a sealed point.</param>
/// <remarks>Stored as JSON in the vault's segments. Additive: a property, once written, keeps its meaning.</remarks>
internal sealed record DriveCheckpoint(string DriveId, string? Link, ImmutableSortedSet<string> GoneFolders, bool CompareNeeded = false)
{
    public static DriveCheckpoint Start(string driveId) => new(driveId, null, ImmutableSortedSet.Create<string>(StringComparer.Ordinal));

    /// <returns>Null: there is none.</returns>
    /// <exception cref="JsonException">The text is not a checkpoint; the vault verified it, so it was written by a newer or broken release.</exception>
    public static DriveCheckpoint? Parse(string? text)
    {
        if (text is null)
            return null;
        var stored = JsonSerializer.Deserialize<Stored>(text, JsonSerializerOptions.Web) ?? throw new JsonException("The checkpoint is empty.");
        return stored.Version == 1
            ? new DriveCheckpoint(stored.Drive, stored.Link, (stored.Gone ?? []).ToImmutableSortedSet(StringComparer.Ordinal), stored.Compare ?? false)
            : throw new JsonException($"The checkpoint has version {stored.Version}; this release reads version 1.");
    }

    public override string ToString() =>
        JsonSerializer.Serialize(new Stored(1, DriveId, Link, GoneFolders.IsEmpty ? null : [.. GoneFolders], CompareNeeded ? true : null), JsonSerializerOptions.Web);

    private sealed record Stored(int Version, string Drive, string? Link, string[]? Gone, bool? Compare);
}
