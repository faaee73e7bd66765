using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Teams;

/// <summary>Where the files of a channel lie: a folder of its own in the library of a site, made when somebody first looks at it.</summary>
internal static class ChannelFiles
{
    public static (string DriveId, string ItemId) FolderOf(SimulatedTenant tenant, SimulatedSite site, ChronicleVersion<ChannelState> channel)
    {
        var drive = tenant.Drives.OfOwner($"site:{site.Id}")[0];
        var name = channel.State.DisplayName is { Length: > 0 } given ? string.Concat(given.Split('"', '*', ':', '<', '>', '?', '/', '\\', '|')) : "General";
        return (drive.Id, drive.Read(() => drive.Child(drive.Root, name) ?? drive.CreateFolder(drive.Root, name)).Id);
    }
}
