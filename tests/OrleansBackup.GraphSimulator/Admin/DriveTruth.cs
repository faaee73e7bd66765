using OrleansBackup.GraphSimulator.Drives;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>Reads what a drive was at any moment from its history.</summary>
internal static class DriveTruth
{
    public static DriveState Read(Drive drive, DateTimeOffset at) => drive.Read(() =>
    {
        var living = drive.AllItems.Select(item => item.At(at)).OfType<DriveItemVersion>().Where(version => !version.IsDeleted && version.Parent is not null)
            .ToDictionary(version => version.Item);
        return new DriveState(drive.Id, at, [.. living.Values.Select(version => Show(version, living)).OrderBy(item => item.Path, StringComparer.Ordinal)]);
    });

    private static StateDriveItem Show(DriveItemVersion version, Dictionary<DriveItem, DriveItemVersion> living) => new(
        version.Item.Id, PathOf(version, living), version.Parent!.Id, version.Item.Kind.ToString().ToLowerInvariant(), version.Content?.Length ?? 0, version.Content?.Sha256,
        version.Created, version.Modified, [.. version.Sharing.Select(Describe).Order(StringComparer.Ordinal)],
        DriveDownloads.RefusalOf(version) is null && !version.Oddities.HasFlag(FileOddities.InfectedHeader));

    private static string Describe(SharingPermission permission) =>
        $"{permission.Role}:{(permission.LinkType is null ? permission.UserId ?? permission.Email ?? permission.SiteGroup : $"{permission.LinkType} link for {permission.LinkScope}")}";

    private static string PathOf(DriveItemVersion version, Dictionary<DriveItem, DriveItemVersion> living)
    {
        var names = new Stack<string>();
        for (var current = version; ; current = living[current.Parent!])
        {
            names.Push(current.Name);
            if (current.Parent!.Kind == DriveItemKind.Root)
                return string.Join('/', names);
        }
    }
}
