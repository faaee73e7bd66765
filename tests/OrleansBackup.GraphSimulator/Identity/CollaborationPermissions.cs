namespace OrleansBackup.GraphSimulator.Identity;

/// <summary>The application permissions that open groups, sites and teams.</summary>
/// <remarks>Source: the service's published permission list; a test compares this table with it.</remarks>
public static class CollaborationPermissions
{
    public static IReadOnlyList<string> Groups { get; } = ["Group.Read.All", "GroupMember.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> GroupMembers { get; } = ["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All"];
    public static IReadOnlyList<string> GroupOwners { get; } = ["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All"];
    public static IReadOnlyList<string> GroupsWrite { get; } = ["Group.ReadWrite.All", "Directory.ReadWrite.All"];

    public static IReadOnlyList<string> SitesRead { get; } = ["Sites.Read.All", "Sites.ReadWrite.All"];
    public static IReadOnlyList<string> SitesWrite { get; } = ["Sites.ReadWrite.All"];
    public static IReadOnlyList<string> ListsCreate { get; } = ["Sites.Manage.All", "Sites.ReadWrite.All"];
    public static IReadOnlyList<string> SitePermissions { get; } = ["Sites.FullControl.All"];

    public static IReadOnlyList<string> TeamsList { get; } = ["Team.ReadBasic.All", "TeamSettings.Read.All", "TeamSettings.ReadWrite.All"];
    public static IReadOnlyList<string> Team { get; } = [.. TeamsList, "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> TeamSettingsWrite { get; } = ["TeamSettings.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> TeamCreate { get; } = ["Team.Create", "Teamwork.Migrate.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> TeamMembers { get; } = ["TeamMember.Read.All", "TeamMember.ReadWrite.All"];
    public static IReadOnlyList<string> TeamMembersWrite { get; } = ["TeamMember.ReadWrite.All"];
    public static IReadOnlyList<string> InstalledApps { get; } = ["TeamsAppInstallation.ReadForTeam.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> AllChannels { get; } = ["Channel.ReadBasic.All", "ChannelSettings.Read.All", "ChannelSettings.ReadWrite.All"];
    public static IReadOnlyList<string> Channels { get; } = [.. AllChannels, "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> ChannelCreate { get; } = ["Channel.Create", "Teamwork.Migrate.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> ChannelMembers { get; } = ["ChannelMember.Read.All", "ChannelMember.ReadWrite.All"];
    public static IReadOnlyList<string> ChannelMembersWrite { get; } = ["ChannelMember.ReadWrite.All"];
    public static IReadOnlyList<string> FilesFolder { get; } = ["Files.Read.All", "Files.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All"];
    public static IReadOnlyList<string> Tabs { get; } = ["TeamsTab.Read.All", "TeamsTab.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
    public static IReadOnlyList<string> TabsCreate { get; } = ["TeamsTab.Create", "TeamsTab.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];

    /// <summary>A protected API: besides consent it needs Microsoft's approval of the application.</summary>
    public static IReadOnlyList<string> ChannelMessages { get; } = ["ChannelMessage.Read.All"];

    public static IReadOnlyList<string> Migrate { get; } = ["Teamwork.Migrate.All"];

    /// <summary>Every permission named above.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[]
        {
            Groups, GroupMembers, GroupsWrite, SitesRead, ListsCreate, SitePermissions, Team, TeamCreate, TeamMembers, InstalledApps, Channels, ChannelCreate, ChannelMembers,
            Tabs, TabsCreate, ChannelMessages, Migrate,
        }.SelectMany(list => list).Distinct(),
    ];
}
