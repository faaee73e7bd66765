using System.Collections.Immutable;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>The application permissions that requests about groups, sites and teams are satisfied with, least privileged first.</summary>
/// <remarks>Source: Microsoft's permission table for Graph v1.0; a test compares.</remarks>
internal static class CollaborationGrants
{
    public static ImmutableArray<string> ReadGroups { get; } = ["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

    public static ImmutableArray<string> ReadSites { get; } = ["Sites.Read.All", "Sites.ReadWrite.All"];

    public static ImmutableArray<string> WriteSites { get; } = ["Sites.ReadWrite.All"];

    public static ImmutableArray<string> ReadSitePermissions { get; } = ["Sites.FullControl.All"];

    public static ImmutableArray<string> ReadTeams { get; } = ["Team.ReadBasic.All", "TeamSettings.Read.All", "TeamSettings.ReadWrite.All"];

    public static ImmutableArray<string> ReadTeamSettings { get; } = ["TeamSettings.Read.All", "TeamSettings.ReadWrite.All", "Team.ReadBasic.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

    public static ImmutableArray<string> WriteTeamSettings { get; } = ["TeamSettings.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];

    public static ImmutableArray<string> ReadTeamMembers { get; } = ["TeamMember.Read.All", "TeamMember.ReadWrite.All"];

    public static ImmutableArray<string> WriteTeamMembers { get; } = ["TeamMember.ReadWrite.All"];

    public static ImmutableArray<string> ReadApps { get; } = ["TeamsAppInstallation.ReadForTeam.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

    public static ImmutableArray<string> ReadChannels { get; } = ["Channel.ReadBasic.All", "ChannelSettings.Read.All", "ChannelSettings.ReadWrite.All"];

    public static ImmutableArray<string> CreateChannels { get; } = ["Channel.Create", "Teamwork.Migrate.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];

    public static ImmutableArray<string> ReadChannelMembers { get; } = ["ChannelMember.Read.All", "ChannelMember.ReadWrite.All"];

    public static ImmutableArray<string> WriteChannelMembers { get; } = ["ChannelMember.ReadWrite.All"];

    public static ImmutableArray<string> ReadTabs { get; } = ["TeamsTab.Read.All", "TeamsTab.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

    public static ImmutableArray<string> CreateTabs { get; } = ["TeamsTab.Create", "TeamsTab.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];

    public static ImmutableArray<string> ReadFilesFolder { get; } = ["Files.Read.All", "Files.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"];

    public static ImmutableArray<string> ReadMessages { get; } = ["ChannelMessage.Read.All"];

    public static ImmutableArray<string> Migrate { get; } = ["Teamwork.Migrate.All"];
}
