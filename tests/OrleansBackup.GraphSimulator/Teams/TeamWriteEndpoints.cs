using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Teams;

/// <summary>Changing teams: settings, people, channels, tabs, and the import of messages with author and time.</summary>
internal sealed partial class TeamWriteEndpoints(SimulatedWorld world)
{
    private static readonly System.Buffers.SearchValues<char> NotInNames = System.Buffers.SearchValues.Create("~#%&*{}+/\\:<>?|'\"");

    public IEnumerable<GraphRoute> Routes =>
    [
        Route("PATCH", "/teams/{team}", CollaborationPermissions.TeamSettingsWrite, ChangeSettings),
        Route("POST", "/teams/{team}/members", CollaborationPermissions.TeamMembersWrite, request => AddMember(request, TeamEndpoints.Open(request).Members)),
        Route("POST", "/teams/{team}/channels/{channel}/members", CollaborationPermissions.ChannelMembersWrite, AddChannelMember),
        Route("POST", "/teams/{team}/channels", CollaborationPermissions.ChannelCreate, CreateChannel),
        Route("POST", "/teams/{team}/channels/{channel}/tabs", CollaborationPermissions.TabsCreate, AddTab),
        Route("POST", "/teams/{team}/channels/{channel}/startMigration", CollaborationPermissions.Migrate, Start),
        Route("POST", "/teams/{team}/channels/{channel}/completeMigration", CollaborationPermissions.Migrate, Complete),
        Route("POST", "/teams/{team}/channels/{channel}/messages", CollaborationPermissions.Migrate, request => Import(request, post: null)),
        Route("POST", "/teams/{team}/channels/{channel}/messages/{message}/replies", CollaborationPermissions.Migrate, request => Import(request, request.Values["message"])),
    ];

    private static GraphRoute Route(string method, string template, IReadOnlyList<string> anyOf, GraphHandler handle) => new(method, template, GraphService.Teams, anyOf, handle);

    private static GraphResponse ChangeSettings(GraphRequest request)
    {
        var team = TeamEndpoints.Open(request);
        var body = request.JsonBody();
        team.Settings.Change(team.Settings.Living[0].Id, (state, _) => state with
        {
            DisplayName = (string?)body["displayName"] ?? state.DisplayName, Description = body.ContainsKey("description") ? (string?)body["description"] : state.Description,
            Visibility = (string?)body["visibility"] ?? state.Visibility, AllowGiphy = (bool?)body["funSettings"]?["allowGiphy"] ?? state.AllowGiphy,
            GiphyRating = (string?)body["funSettings"]?["giphyContentRating"] ?? state.GiphyRating, AllowUserEditMessages = (bool?)body["messagingSettings"]?["allowUserEditMessages"] ?? state.AllowUserEditMessages,
            AllowCreateUpdateChannels = (bool?)body["memberSettings"]?["allowCreateUpdateChannels"] ?? state.AllowCreateUpdateChannels,
            AllowGuestCreateUpdateChannels = (bool?)body["guestSettings"]?["allowCreateUpdateChannels"] ?? state.AllowGuestCreateUpdateChannels,
        });
        return GraphResponse.NoContent;
    }

    private static GraphResponse AddChannelMember(GraphRequest request)
    {
        var channel = TeamEndpoints.Channel(request);
        return channel.State.MembershipType == "standard"
            ? throw GraphErrors.BadRequest("Members of a standard channel are those of its team.")
            : AddMember(request, TeamEndpoints.Open(request).Content(channel.Id).Members);
    }

    private static GraphResponse AddMember(GraphRequest request, ChronicleBook<TeamMemberState> members)
    {
        var body = request.JsonBody();
        var match = UserBinding().Match((string?)body["user@odata.bind"] ?? "");
        var user = request.Tenant.Directory.Find(match.Groups[1].Value) ?? throw new GraphErrorException(404, "NotFound", "User does not exist.");
        var role = (string?)body["roles"]?.AsArray().FirstOrDefault();
        var id = TeamGenerator.MemberId(user.Id);
        if (members.Find(id) is { } known)
            return GraphNodes.One(TeamEndpoints.ShowMember(request, members.Change(known.Id, (state, _) => state with { Role = role })), 201);
        TeamGenerator.Join(members, user, role, request.Tenant.CreatedAt);
        return GraphNodes.One(TeamEndpoints.ShowMember(request, members.Find(id)!), 201);
    }

    private GraphResponse CreateChannel(GraphRequest request)
    {
        var team = TeamEndpoints.Open(request);
        var body = request.JsonBody();
        var name = (string?)body["displayName"] is { Length: > 0 and <= 50 } given ? given : throw GraphErrors.BadRequest("A channel needs a displayName of up to 50 characters.");
        if (name.AsSpan().ContainsAny(NotInNames) || name.StartsWith('_') || name.EndsWith('.'))
            throw GraphErrors.BadRequest("Channel name contains characters that are not allowed.");
        var isMigration = (string?)body["@microsoft.graph.channelCreationMode"] == "migration";
        if (isMigration && !request.Caller!.Permissions.Contains(CollaborationPermissions.Migrate[0]))
            throw new GraphErrorException(403, "Forbidden", "Missing role permissions on the request.");
        var membership = (string?)body["membershipType"] ?? "standard";
        if (isMigration && membership != "standard")
            throw GraphErrors.BadRequest("Only standard channels can be created in migration mode.");
        var now = world.Clock.GetUtcNow();
        var createdAt = isMigration && (string?)body["createdDateTime"] is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : now;
        if (createdAt > now)
            throw GraphErrors.BadRequest("createdDateTime is in the future.");
        return team.Channels.Read(() =>
        {
            if (team.Channels.Living.Any(channel => string.Equals(channel.State.DisplayName, name, StringComparison.OrdinalIgnoreCase)))
                throw new GraphErrorException(400, "BadRequest", "Channel name already existed, please use other name.");
            var id = $"19:{Guid.NewGuid():N}{Guid.NewGuid():N}@thread.tacv2";
            var site = membership == "standard" ? team.Channels.Living.FirstOrDefault(channel => channel.State is { MembershipType: "standard", SiteId: not null })?.State.SiteId
                : CollaborationGenerator.NewSite(request.Tenant, world.Clock, StableHash.Of(id), SiteKind.Channel, name).Id;
            var made = team.Channels.Add((_, _) => new ChannelState
            {
                DisplayName = name, Description = (string?)body["description"], MembershipType = membership, CreatedAt = createdAt, SiteId = site, MigrationMode = isMigration ? "inProgress" : null,
            }, _ => id);
            return GraphNodes.One(TeamEndpoints.ShowChannel(request, made), 201);
        });
    }

    private static GraphResponse AddTab(GraphRequest request)
    {
        var body = request.JsonBody();
        var app = AppBinding().Match((string?)body["teamsApp@odata.bind"] ?? "") is { Success: true } match ? match.Groups[1].Value : throw GraphErrors.BadRequest("A tab needs its app.");
        var tabs = TeamEndpoints.Open(request).Content(TeamEndpoints.Channel(request).Id).Tabs;
        var configuration = body["configuration"];
        return GraphNodes.One(TeamEndpoints.ShowTab(tabs.Add((_, _) => new ChannelTabState((string?)body["displayName"] ?? "", app, app, (string?)configuration?["entityId"], (string?)configuration?["contentUrl"],
            (string?)configuration?["websiteUrl"]), number => $"tab-{number}")), 201);
    }

    private static GraphResponse Start(GraphRequest request)
    {
        var (team, channel) = (TeamEndpoints.Open(request), TeamEndpoints.Channel(request));
        if (channel.State.MigrationMode == "inProgress")
            throw GraphErrors.BadRequest("The channel is already in migration mode.");
        var created = request.Body.Length > 0 && (string?)request.JsonBody()["conversationCreationDateTime"] is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : channel.State.CreatedAt;
        if (created > channel.State.CreatedAt)
            throw GraphErrors.BadRequest("conversationCreationDateTime must be before the channel's createdDateTime.");
        team.Channels.Change(channel.Id, (state, _) => state with { MigrationMode = "inProgress", CreatedAt = created });
        return GraphResponse.NoContent;
    }

    private static GraphResponse Complete(GraphRequest request)
    {
        var (team, channel) = (TeamEndpoints.Open(request), TeamEndpoints.Channel(request));
        if (channel.State.MigrationMode != "inProgress")
            throw GraphErrors.BadRequest("The channel is not in migration mode.");
        team.Channels.Change(channel.Id, (state, _) => state with { MigrationMode = "completed" });
        return GraphResponse.NoContent;
    }

    private GraphResponse Import(GraphRequest request, string? post)
    {
        var (team, channel) = (TeamEndpoints.Open(request), TeamEndpoints.Channel(request));
        if (channel.State.MigrationMode != "inProgress")
            throw new GraphErrorException(403, "Forbidden", "Application permissions can send messages only while a channel is in migration mode.");
        var body = request.JsonBody();
        foreach (var refused in new[] { "mentions", "reactions" })
        {
            if (body[refused] is JsonArray { Count: > 0 })
                throw GraphErrors.BadRequest($"Messages with {refused} cannot be imported.");
        }
        if (body["attachments"] is JsonArray attachments && attachments.Any(attachment => (string?)attachment!["contentType"] != "reference"))
            throw GraphErrors.BadRequest("Cards cannot be imported.");
        var created = (string?)body["createdDateTime"] is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : throw GraphErrors.BadRequest("createdDateTime is needed.");
        if (created > world.Clock.GetUtcNow() || created < channel.State.CreatedAt)
            throw GraphErrors.BadRequest("createdDateTime must lie between the channel's and now.");
        var messages = team.Content(channel.Id).Messages;
        if (post is not null && messages.Find(post) is null)
            throw new GraphErrorException(404, "NotFound", "NotFound");
        var id = created.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var user = body["from"]?["user"] as JsonObject ?? throw GraphErrors.BadRequest("from.user is needed.");
        var html = (string?)body["body"]?["content"] ?? "";
        var hosted = ImmutableArray.CreateBuilder<HostedContent>();
        foreach (var content in body["hostedContents"]?.AsArray() ?? [])
        {
            var name = (string)content!["@microsoft.graph.temporaryId"]!;
            html = html.Replace($"../hostedContents/{name}/$value", $"{{hosted:{hosted.Count}}}", StringComparison.Ordinal);
            hosted.Add(new HostedContent($"aW1w{created.Ticks:x}{name}", (string)content["contentType"]!, [.. Convert.FromBase64String((string)content["contentBytes"]!)]));
        }
        var state = new ChannelMessageState
        {
            MessageId = id, ReplyToId = post, Subject = (string?)body["subject"], Importance = (string?)body["importance"] ?? "normal", BodyType = (string?)body["body"]?["contentType"] ?? "text", Body = html, Hosted = hosted.ToImmutable(),
            FromUserId = Guid.Parse((string)user["id"]!), FromName = (string?)user["displayName"], Created = created, Modified = created, IsImported = true,
            Attachments = [.. (body["attachments"]?.AsArray() ?? []).Select(attachment => new MessageAttachment((string)attachment!["id"]!, "reference", (string?)attachment["contentUrl"], (string?)attachment["name"], null))],
        };
        return messages.Read(() =>
        {
            if (messages.Find(state.Key) is not null)
                throw new GraphErrorException(409, "Conflict", "A message with that createdDateTime exists.");
            var made = messages.Add((_, _) => state, _ => state.Key);
            return GraphNodes.One(ChannelMessageJson.Show(request, team, channel.Id, made), 201);
        });
    }

    [GeneratedRegex(@"users\('([^']+)'\)$")]
    private static partial Regex UserBinding();

    [GeneratedRegex(@"teamsApps\('?([^')]+)'?\)?$")]
    private static partial Regex AppBinding();
}
