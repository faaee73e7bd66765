using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Drives;

/// <summary>How far a large file has been downloaded: which version of it, what is stored, and the hash up to there.</summary>
/// <remarks>
/// An item of its own kind, because only what an item names is safe from a sweep. It stands in segments and never in a point: it goes with the file's
/// own item, or before the point is sealed. The written form is additive.
/// </remarks>
internal sealed record FileTransfer(string DriveId, string GraphId, string ETag, string HashState, ImmutableArray<ContentReference> Stretches)
{
    private const string StretchRole = "stretch-";

    /// <summary>Bytes that are stored.</summary>
    public long Length => Stretches.Sum(stretch => stretch.Length);

    public static string IdOf(string driveId, string graphId) => ItemIds.Of(ItemIds.Transfer, driveId, graphId);

    public static FileTransfer Begin(string driveId, DriveItem file) => new(driveId, file.Id, file.ETag, new QuickXorHash().Save(), []);

    /// <summary>Whether it is about the version that is listed now; the eTag changes with the name as well, then it begins anew.</summary>
    public bool IsOf(DriveItem file) => ETag.Length > 0 && ETag == file.ETag;

    public ItemVersion Write() => new(IdOf(DriveId, GraphId), null, ItemKinds.Transfer, "", Length, null,
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("eTag", ETag).Add("hash", HashState),
        Stretches.Select((stretch, number) => (Role: StretchRole + number.ToString("D6", CultureInfo.InvariantCulture), stretch))
            .ToImmutableSortedDictionary(one => one.Role, one => one.stretch, StringComparer.Ordinal));

    public static FileTransfer Read(ItemVersion item) => new(
        ItemIds.ContainerIdOf(item.Id) ?? throw new FormatException($"'{item.Id}' is no id of a transfer."), ItemIds.GraphIdOf(item.Id),
        item.Properties["eTag"], item.Properties["hash"], [.. item.Contents.Values]);
}
