using System.Globalization;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Teams;

/// <summary>Where the files of a channel lie: a folder of its own in the library of a site.</summary>
internal static class ChannelFiles
{
    public static (string DriveId, string ItemId) FolderOf(SimulatedTenant tenant, SimulatedSite site, ChronicleVersion<ChannelState> channel) =>
        ($"b!{StableHash.Of($"{tenant.Id}/{site.Id}").ToString("x16", CultureInfo.InvariantCulture)}", "01" + StableHash.Of(channel.Id).ToString("X16", CultureInfo.InvariantCulture));
}
