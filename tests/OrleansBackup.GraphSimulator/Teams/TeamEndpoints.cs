using System.Collections.Frozen;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Teams;

/// <summary>Teams with their settings, people, apps and channels, for reading.</summary>
internal static class TeamEndpoints
{
    private const int UsualPage = 100;

    private static readonly FrozenSet<string> TeamProperties = new[]
    {
        "id", "displayName", "description", "visibility", "isArchived", "createdDateTime", "memberSettings", "guestSettings", "messagingSettings", "funSettings", "specialization", "webUrl", "tenantId", "classification",
        "internalId",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> ChannelProperties = new[]
    {
        "id", "displayName", "description", "membershipType", "createdDateTime", "isArchived", "email", "tenantId", "webUrl", "migrationMode", "originalCreatedDateTime", "layoutType", "isFavoriteByDefault",
    }.ToFrozenSet();

    public static IEnumerable<GraphRoute> Routes =>
    [
        new("GET", "/teams", GraphService.Teams, CollaborationPermissions.TeamsList, List),
        Route("/teams/{team}", CollaborationPermissions.Team, request => GraphNodes.One(GraphNodes.Selected(Show(request, Open(request)), Select(request, TeamProperties, "team")))),
        Route("/teams/{team}/members", CollaborationPermissions.TeamMembers, request => People(request, Open(request).Members)),
        Route("/teams/{team}/installedApps", CollaborationPermissions.InstalledApps, Apps),
        Route("/teams/{team}/channels", CollaborationPermissions.Channels, ListChannels),
        Route("/teams/{team}/allChannels", CollaborationPermissions.AllChannels, ListChannels),
        Route("/teams/{team}/channels/{channel}", CollaborationPermissions.Channels, request => GraphNodes.One(GraphNodes.Selected(ShowChannel(request, Channel(request)), Select(request, ChannelProperties, "channel")))),
        Route("/teams/{team}/channels/{channel}/members", CollaborationPermissions.ChannelMembers, ChannelPeople),
        Route("/teams/{team}/channels/{channel}/allMembers", CollaborationPermissions.ChannelMembers, ChannelPeople),
        Route("/teams/{team}/channels/{channel}/tabs", CollaborationPermissions.Tabs, Tabs),
        new("GET", "/teams/{team}/channels/{channel}/filesFolder", GraphService.Teams, CollaborationPermissions.FilesFolder, FilesFolder),
    ];

    private static GraphRoute Route(string template, IReadOnlyList<string> anyOf, GraphHandler handle) => new("GET", template, GraphService.Teams, anyOf, handle);

    /// <summary>A team that can be used.</summary>
    internal static SimulatedTeam Open(GraphRequest request)
    {
        var team = request.Tenant.Collaboration.FindTeam(request.Values["team"])
            ?? throw new GraphErrorException(404, "NotFound", "Failed to execute Skype backend request GetThreadRosterS2SRequest: No team found with Group Id.");
        return team.Refusal is { } refusal ? throw new GraphErrorException(refusal.Status, refusal.Code, refusal.Message) : team;
    }

    internal static ChronicleVersion<ChannelState> Channel(GraphRequest request) => Channel(Open(request), request.Values["channel"]);

    internal static ChronicleVersion<ChannelState> Channel(SimulatedTeam team, string id) =>
        team.Channels.Find(id) ?? throw new GraphErrorException(404, "NotFound", "No channel found with that id in the team.");

    private static GraphResponse List(GraphRequest request)
    {
        var select = Select(request, TeamProperties, "team");
        return GraphNodes.Page(request, [.. request.Tenant.Collaboration.Teams.Where(team => !team.IsDeleted)], team =>
        {
            // The list knows few of a team's properties; the others are there and null.
            var state = team.Settings.Living[0].State;
            return GraphNodes.Selected(new JsonObject
            {
                ["id"] = team.Id, ["displayName"] = state.DisplayName, ["description"] = state.Description, ["visibility"] = state.Visibility, ["isArchived"] = null, ["webUrl"] = null,
            }, select);
        }, UsualPage, 999);
    }

    private static GraphResponse ListChannels(GraphRequest request)
    {
        var select = Select(request, ChannelProperties, "channel");
        return GraphNodes.Page(request, Open(request).Channels.Living, channel => GraphNodes.Selected(ShowChannel(request, channel), select), UsualPage, 999, size: 999);
    }

    private static GraphResponse Apps(GraphRequest request) => GraphNodes.Page(request, Open(request).Apps, app => new JsonObject
    {
        ["id"] = $"installation-{app.Id}", ["teamsApp"] = new JsonObject { ["id"] = app.Id, ["displayName"] = app.Name, ["distributionMethod"] = "store" },
    }, UsualPage, 999);

    private static GraphResponse Tabs(GraphRequest request) => GraphNodes.Page(request, Open(request).Content(Channel(request).Id).Tabs.Living, ShowTab, UsualPage, 999);

    internal static JsonObject ShowTab(ChronicleVersion<ChannelTabState> tab) => new()
    {
        ["id"] = tab.Id,
        ["displayName"] = tab.State.DisplayName,
        ["webUrl"] = $"https://teams.example/l/entity/{tab.Id}",
        ["configuration"] = new JsonObject { ["entityId"] = tab.State.EntityId, ["contentUrl"] = tab.State.ContentUrl, ["removeUrl"] = null, ["websiteUrl"] = tab.State.WebsiteUrl },
        ["teamsApp"] = new JsonObject { ["id"] = tab.State.AppId, ["displayName"] = tab.State.AppName, ["distributionMethod"] = "store" },
    };

    private static GraphResponse ChannelPeople(GraphRequest request)
    {
        var channel = Channel(request);
        var team = Open(request);
        return People(request, channel.State.MembershipType == "standard" ? team.Members : team.Content(channel.Id).Members);
    }

    private static GraphResponse People(GraphRequest request, ChronicleBook<TeamMemberState> people) =>
        GraphNodes.Page(request, people.Living, member => ShowMember(request, member), UsualPage, 999);

    internal static JsonObject ShowMember(GraphRequest request, ChronicleVersion<TeamMemberState> member) => new()
    {
        ["@odata.type"] = "#microsoft.graph.aadUserConversationMember",
        ["id"] = member.Id,
        ["roles"] = member.State.Role is { } role ? new JsonArray(role) : [],
        ["displayName"] = member.State.DisplayName,
        ["visibleHistoryStartDateTime"] = "0001-01-01T00:00:00Z",
        ["userId"] = member.State.UserId.ToString(),
        ["email"] = member.State.Email,
        ["tenantId"] = request.Tenant.Id.ToString(),
    };

    private static GraphResponse FilesFolder(GraphRequest request)
    {
        var channel = Channel(request);
        // A channel that was just made has no folder until somebody looks at its files.
        if (channel.State.SiteId is not { } siteId || request.Tenant.Collaboration.FindSite(siteId) is not { } site)
            throw new GraphErrorException(404, "NotFound", "Folder location for this channel is not ready yet, please try again later.");
        var (driveId, itemId) = ChannelFiles.FolderOf(request.Tenant, site, channel);
        return GraphNodes.One(new JsonObject
        {
            ["id"] = itemId,
            ["name"] = channel.State.DisplayName,
            ["webUrl"] = $"{Sites.SiteEndpoints.Address(request, site)}/Shared%20Documents/{Uri.EscapeDataString(channel.State.DisplayName ?? "")}",
            ["parentReference"] = new JsonObject { ["driveId"] = driveId, ["driveType"] = "documentLibrary", ["siteId"] = siteId },
            ["folder"] = new JsonObject { ["childCount"] = 0 },
        });
    }

    internal static JsonObject Show(GraphRequest request, SimulatedTeam team)
    {
        var state = team.Settings.Living[0].State;
        return new JsonObject
        {
            ["id"] = team.Id,
            ["displayName"] = state.DisplayName,
            ["description"] = state.Description,
            ["visibility"] = state.Visibility,
            ["isArchived"] = state.IsArchived,
            ["createdDateTime"] = GraphNodes.Time(team.CreatedAt),
            ["tenantId"] = request.Tenant.Id.ToString(),
            ["webUrl"] = $"https://teams.example/l/team/{team.Id}",
            ["specialization"] = "none",
            ["memberSettings"] = new JsonObject
            {
                ["allowCreateUpdateChannels"] = state.AllowCreateUpdateChannels, ["allowDeleteChannels"] = true, ["allowAddRemoveApps"] = true, ["allowCreateUpdateRemoveTabs"] = true,
                ["allowCreateUpdateRemoveConnectors"] = true, ["allowCreatePrivateChannels"] = true,
            },
            ["guestSettings"] = new JsonObject { ["allowCreateUpdateChannels"] = state.AllowGuestCreateUpdateChannels, ["allowDeleteChannels"] = false },
            ["messagingSettings"] = new JsonObject
            {
                ["allowUserEditMessages"] = state.AllowUserEditMessages, ["allowUserDeleteMessages"] = true, ["allowOwnerDeleteMessages"] = true, ["allowTeamMentions"] = true, ["allowChannelMentions"] = true,
            },
            ["funSettings"] = new JsonObject { ["allowGiphy"] = state.AllowGiphy, ["giphyContentRating"] = state.GiphyRating, ["allowStickersAndMemes"] = true, ["allowCustomMemes"] = true },
        };
    }

    internal static JsonObject ShowChannel(GraphRequest request, ChronicleVersion<ChannelState> channel) => new()
    {
        ["id"] = channel.Id,
        ["displayName"] = channel.State.DisplayName,
        ["description"] = channel.State.Description,
        ["membershipType"] = channel.State.MembershipType,
        ["createdDateTime"] = GraphNodes.TimeToMilliseconds(channel.State.CreatedAt),
        ["isArchived"] = channel.State.IsArchived,
        ["tenantId"] = request.Tenant.Id.ToString(),
        ["webUrl"] = $"https://teams.example/l/channel/{Uri.EscapeDataString(channel.Id)}",
        ["migrationMode"] = channel.State.MigrationMode,
    };

    private static IReadOnlySet<string>? Select(GraphRequest request, FrozenSet<string> known, string type) =>
        SelectOption.Read(request.Option("$select"), known.Contains, "microsoft.graph." + type);
}
