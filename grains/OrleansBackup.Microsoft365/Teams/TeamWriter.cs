using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Teams;

/// <summary>Puts settings, people, tabs, channels and messages into one team. Nobody is notified of an imported message.</summary>
public sealed class TeamWriter
{
    private const int LongestName = 50;

    private readonly GraphClient _client;
    private readonly TeamRequests _requests;

    public TeamWriter(GraphClient client, string teamId, TeamReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(teamId);
        ArgumentNullException.ThrowIfNull(options);
        (_client, _requests) = (client, new TeamRequests(client, teamId, options));
    }

    public string TeamId => _requests.TeamId;

    /// <summary>Whether messages can be put back as messages, with author and time; null when the token cannot be read.</summary>
    public static async Task<bool?> CanImportAsync(GraphClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        return (await client.ReadGrantedRolesAsync(cancellation))?.Contains(CollaborationGrants.Migrate[0]);
    }

    /// <summary>Puts the team's settings back as they were sent.</summary>
    public async Task ChangeSettingsAsync(ReadOnlyMemory<byte> teamJson, CancellationToken cancellation)
    {
        var team = JsonNode.Parse(teamJson.Span)!.AsObject();
        var body = new JsonObject();
        foreach (var property in new[] { "displayName", "description", "visibility", "memberSettings", "guestSettings", "messagingSettings", "funSettings" })
            if (team[property] is { } value) body[property] = value.DeepClone();
        await _requests.SendAsync(_requests.Write(HttpMethod.Patch, _requests.Root, JsonSerializer.SerializeToUtf8Bytes(body), CollaborationGrants.WriteTeamSettings, repeatable: true), cancellation);
    }

    /// <summary>Adds somebody with the role that they had; who is there gets the role.</summary>
    /// <param name="channelId">Of a private or shared channel; null: the team.</param>
    public async Task AddMemberAsync(ReadOnlyMemory<byte> memberJson, string? channelId, CancellationToken cancellation)
    {
        var member = JsonNode.Parse(memberJson.Span)!.AsObject();
        var body = new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.aadUserConversationMember", ["roles"] = member["roles"]?.DeepClone() ?? new JsonArray(),
            ["user@odata.bind"] = $"{_client.Address("users")}('{(string?)member["userId"]}')",
        };
        var (path, permissions) = channelId is null ? (_requests.Root, CollaborationGrants.WriteTeamMembers) : (_requests.ChannelPath(channelId), CollaborationGrants.WriteChannelMembers);
        await _requests.SendAsync(_requests.Write(HttpMethod.Post, $"{path}/members", JsonSerializer.SerializeToUtf8Bytes(body), permissions, repeatable: true), cancellation);
    }

    public async Task AddTabAsync(string channelId, ReadOnlyMemory<byte> tabJson, CancellationToken cancellation)
    {
        var tab = JsonNode.Parse(tabJson.Span)!.AsObject();
        var body = new JsonObject { ["displayName"] = (string?)tab["displayName"], ["teamsApp@odata.bind"] = $"{_client.Address("appCatalogs/teamsApps")}('{(string?)tab["teamsApp"]?["id"]}')" };
        if (tab["configuration"] is { } configuration) body["configuration"] = configuration.DeepClone();
        await _requests.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.ChannelPath(channelId)}/tabs", JsonSerializer.SerializeToUtf8Bytes(body), CollaborationGrants.CreateTabs, repeatable: false), cancellation);
    }

    /// <summary>Makes a standard channel.</summary>
    /// <param name="forImportSince">The moment that it shall have been made at, to import what was said since; null: an ordinary channel of now.</param>
    /// <exception cref="GraphRefusedException">The name is taken or not allowed (400).</exception>
    public async Task<string> CreateChannelAsync(string name, string? description, DateTimeOffset? forImportSince, CancellationToken cancellation)
    {
        var body = new JsonObject { ["displayName"] = Acceptable(name), ["membershipType"] = "standard" };
        if (!string.IsNullOrEmpty(description)) body["description"] = description;
        if (forImportSince is { } since)
        {
            body["@microsoft.graph.channelCreationMode"] = "migration";
            body["createdDateTime"] = Text(since);
        }

        var answer = await _requests.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.Root}/channels", JsonSerializer.SerializeToUtf8Bytes(body), CollaborationGrants.CreateChannels, repeatable: false), cancellation);
        using var document = JsonDocument.Parse(answer.Json);
        return TolerantJson.GetText(document.RootElement, "id") ?? throw new GraphTransientException("The service made a channel and did not name it.", "NoId", requestId: null, status: null);
    }

    /// <summary>Opens an existing channel for messages of the past; one that is open already stays so.</summary>
    public async Task StartImportAsync(string channelId, DateTimeOffset? since, CancellationToken cancellation)
    {
        var body = since is { } moment ? JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["conversationCreationDateTime"] = Text(moment) }) : null;
        await _requests.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.ChannelPath(channelId)}/startMigration", body, CollaborationGrants.Migrate, repeatable: false), cancellation);
    }

    public async Task CompleteImportAsync(string channelId, CancellationToken cancellation) =>
        await _requests.SendAsync(_requests.Write(HttpMethod.Post, $"{_requests.ChannelPath(channelId)}/completeMigration", body: null, CollaborationGrants.Migrate, repeatable: false), cancellation);

    /// <summary>Puts a message into a channel that is open for the past.</summary>
    /// <exception cref="GraphRefusedException">A message of that time is in the chain (409), or the service does not take it (400).</exception>
    public async Task<string> ImportAsync(string channelId, string? postId, byte[] body, CancellationToken cancellation)
    {
        var path = postId is null ? $"{_requests.ChannelPath(channelId)}/messages" : $"{_requests.ChannelPath(channelId)}/messages/{Uri.EscapeDataString(postId)}/replies";
        var answer = await _requests.SendAsync(_requests.Write(HttpMethod.Post, path, body, CollaborationGrants.Migrate, repeatable: true), cancellation); // a second one is refused by its time
        using var document = JsonDocument.Parse(answer.Json);
        return TolerantJson.GetText(document.RootElement, "id") ?? throw new GraphTransientException("The service took a message and did not name it.", "NoId", requestId: null, status: null);
    }

    /// <summary>The name, or the nearest that the service takes for a channel.</summary>
    public static string Acceptable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var clean = string.Concat(name.Select(c => "~#%&*{}+/\\:<>?|'\"".Contains(c, StringComparison.Ordinal) || char.IsControl(c) ? '-' : c)).Trim().TrimStart('_').TrimEnd('.');
        return clean.Length == 0 ? "Channel" : clean.Length > LongestName ? clean[..LongestName].TrimEnd(' ', '.') : clean;
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
