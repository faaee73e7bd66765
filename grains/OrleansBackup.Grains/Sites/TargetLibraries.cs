using OrleansBackup.Grains.Drives;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Sites;

/// <summary>Where the files of a library of the point go: their own library, one of its name, or the site's first, which every site has.</summary>
/// <param name="into">A library that takes everything; null: each its own.</param>
internal sealed class TargetLibraries(GraphClient client, PointReader point, string siteId, string? into, DriveReadOptions reading, DriveWriteOptions writing)
{
    private IReadOnlyList<GraphDrive>? _now;

    /// <exception cref="DriveUnavailableException">The site has no library that could take them.</exception>
    public async Task<TargetDrive> FindAsync(string driveId, CancellationToken cancellation)
    {
        _now ??= await DriveReader.ListOfSiteAsync(client, siteId, cancellation);
        var target = into is not null ? _now.FirstOrDefault(drive => drive.Id == into)
            : _now.FirstOrDefault(drive => drive.Id == driveId) ?? await OfNameAsync(driveId, cancellation) ?? (_now is [var first, ..] ? first : null);
        if (target is null)
            throw new DriveUnavailableException(DriveProblem.NoDrive, "The site has no such library.", "NoLibrary", requestId: null);
        var reader = new DriveReader(client, target.Id, reading);
        var root = await reader.TryReadAsync("root", cancellation) ?? throw new DriveUnavailableException(DriveProblem.NoDrive, "The target library has no root.", "NoRoot", requestId: null);
        return new TargetDrive(reader, new DriveWriter(client, target.Id, writing), root.Id, IsOriginal: target.Id == driveId);
    }

    private async Task<GraphDrive?> OfNameAsync(string driveId, CancellationToken cancellation)
    {
        await foreach (var top in point.ItemsAsync(new ItemFilter(ItemKinds.Drive, null), cancellation))
            if (ItemIds.ContainerIdOf(top.Id) == driveId)
                return _now!.FirstOrDefault(drive => drive.Name.Equals(top.Name, StringComparison.OrdinalIgnoreCase));
        return null;
    }
}
