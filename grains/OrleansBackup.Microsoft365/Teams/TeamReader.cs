using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Teams;

/// <summary>A thing of a team with the JSON that was sent of it.</summary>
public sealed record TeamThing(string Id, string Name, ReadOnlyMemory<byte> Json);

/// <summary>A page of what was said in a channel.</summary>
/// <param name="IsWhole">The channel is being told from its beginning, not its changes.</param>
public sealed record ChannelPage(ImmutableArray<ChannelMessage> Messages, bool IsWhole);

/// <summary>Reads one team: settings, people, channels, tabs, and what is said.</summary>
public sealed class TeamReader
{
    private readonly GraphClient _client;
    private readonly TeamRequests _requests;
    private readonly TeamReadOptions _options;

    public TeamReader(GraphClient client, string teamId, TeamReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(teamId);
        ArgumentNullException.ThrowIfNull(options);
        (_client, _requests, _options) = (client, new TeamRequests(client, teamId, options), options);
    }

    public string TeamId => _requests.TeamId;

    /// <summary>The team with its settings.</summary>
    /// <exception cref="TeamUnavailableException">The team is gone or closed.</exception>
    public async Task<TeamThing> ReadAsync(CancellationToken cancellation)
    {
        var json = (await _requests.SendAsync(_requests.Read(_requests.Root, RequestSubject.Team, CollaborationGrants.ReadTeamSettings), cancellation)).Json;
        return ThingOf(json, "displayName") ?? throw new TeamUnavailableException(TeamProblem.NoTeam, $"Team '{TeamId}' has no id.", "NoTeamId", requestId: null);
    }

    public Task<ImmutableArray<TeamThing>> ReadMembersAsync(CancellationToken cancellation) => ListAsync($"{_requests.Root}/members", CollaborationGrants.ReadTeamMembers, cancellation);

    public Task<ImmutableArray<TeamThing>> ReadAppsAsync(CancellationToken cancellation) => ListAsync($"{_requests.Root}/installedApps?$expand=teamsApp", CollaborationGrants.ReadApps, cancellation);

    /// <summary>The channels that live in the team.</summary>
    public async Task<ImmutableArray<(GraphChannel Channel, ReadOnlyMemory<byte> Json)>> ReadChannelsAsync(CancellationToken cancellation)
    {
        var channels = new Dictionary<string, (GraphChannel, ReadOnlyMemory<byte>)>(StringComparer.Ordinal);
        foreach (var thing in await ListAsync($"{_requests.Root}/channels", CollaborationGrants.ReadChannels, cancellation))
        {
            using var document = JsonDocument.Parse(thing.Json);
            if (GraphChannel.Read(document.RootElement) is { } channel) channels[channel.Id] = (channel, thing.Json);
        }

        return [.. channels.Values];
    }

    public Task<ImmutableArray<TeamThing>> ReadTabsAsync(string channelId, CancellationToken cancellation) =>
        ListAsync($"{_requests.ChannelPath(channelId)}/tabs?$expand=teamsApp", CollaborationGrants.ReadTabs, cancellation);

    /// <summary>Those of a private or shared channel; a standard one has the team's.</summary>
    public Task<ImmutableArray<TeamThing>> ReadChannelMembersAsync(string channelId, CancellationToken cancellation) =>
        ListAsync($"{_requests.ChannelPath(channelId)}/members", CollaborationGrants.ReadChannelMembers, cancellation);

    /// <summary>The folder that has a channel's files; null while there is none.</summary>
    public async Task<(string DriveId, string FolderId)?> FindFilesFolderAsync(string channelId, CancellationToken cancellation)
    {
        try
        {
            var answer = await _requests.SendAsync(_requests.Read($"{_requests.ChannelPath(channelId)}/filesFolder", RequestSubject.TeamItem, CollaborationGrants.ReadFilesFolder), cancellation);
            using var document = JsonDocument.Parse(answer.Json);
            return document.RootElement.TryGetProperty("parentReference", out var parent) && TolerantJson.GetText(parent, "driveId") is { } drive && TolerantJson.GetText(document.RootElement, "id") is { } folder
                ? (drive, folder) : null;
        }
        catch (ItemGoneException)
        {
            return null;
        }
    }

    /// <summary>What was said or changed after a moment, whole chains; or everything, where there is no moment or it is too long ago.</summary>
    /// <remarks>
    /// A changed reply does not always show its post in the plain changes, so they are asked for by the time of the last change. Changes reach back eight
    /// months only, so the beginning of the listing, which has the newest activity first, is read as well: there old posts show with new replies.
    /// </remarks>
    /// <exception cref="TeamUnavailableException">The channel is gone, or its messages are closed to the application.</exception>
    public async IAsyncEnumerable<ChannelPage> ReadMessagesAsync(string channelId, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (since is { } moment && _client.Time.GetUtcNow() - moment < TimeSpan.FromDays(_options.ChangesReachDays))
        {
            // Gathered before anything is given out: changes that cannot be told to their end are followed by everything.
            if (await TryReadChangesAsync(channelId, moment, cancellation) is { } changes)
            {
                foreach (var page in changes) yield return await PageAsync(channelId, page, isWhole: false, cancellation);
                await foreach (var page in _requests.PagesAsync(List(channelId), cancellation))
                {
                    var newest = await PageAsync(channelId, page, isWhole: false, cancellation);
                    yield return newest;
                    if (newest.Messages.GroupBy(message => message.PostId ?? message.Id).Any(chain => chain.Max(message => message.Modified) <= moment)) break;
                }

                yield break;
            }
        }

        await foreach (var page in _requests.PagesAsync(List(channelId), cancellation)) yield return await PageAsync(channelId, page, isWhole: true, cancellation);
    }

    private GraphRequest List(string channelId) =>
        _requests.Read($"{_requests.ChannelPath(channelId)}/messages?$top={_options.PostsPerPage}&$expand=replies", RequestSubject.Team, CollaborationGrants.ReadMessages);

    /// <summary>The bytes of a picture or snippet in a message.</summary>
    /// <exception cref="ItemGoneException">It is gone.</exception>
    /// <exception cref="ItemUnreadableException">The service does not hand it out.</exception>
    public async Task<Stream> OpenHostedContentAsync(string channelId, ChannelMessage message, string contentId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var path = $"{_requests.MessagePath(channelId, message.PostId, message.Id)}/hostedContents/{Uri.EscapeDataString(contentId)}/$value";
        var request = _requests.Read(path, RequestSubject.TeamItem, CollaborationGrants.ReadMessages) with { WantsContent = true };
        return (await _requests.SendAsync(request, cancellation)).Content!;
    }

    private async Task<List<GraphPage>?> TryReadChangesAsync(string channelId, DateTimeOffset since, CancellationToken cancellation)
    {
        var pages = new List<GraphPage>();
        var filter = Uri.EscapeDataString(string.Create(CultureInfo.InvariantCulture, $"lastModifiedDateTime gt {since.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}"));
        var first = _requests.Read($"{_requests.ChannelPath(channelId)}/messages/delta?$filter={filter}&$expand=replies&$top={_options.PostsPerPage}", RequestSubject.Team, CollaborationGrants.ReadMessages);
        try
        {
            await foreach (var page in _requests.PagesAsync(first, cancellation)) pages.Add(page);
            return pages;
        }
        catch (Exception e) when (e is DeltaTokenExpiredException or GraphRefusedException { Status: 400 } || e is GraphTransientException { Code: "CircularPaging" or "BadNextLink" })
        {
            return null; // a channel in which nobody has said anything refuses; others have been told in circles
        }
    }

    private async Task<ChannelPage> PageAsync(string channelId, GraphPage page, bool isWhole, CancellationToken cancellation)
    {
        var messages = ImmutableArray.CreateBuilder<ChannelMessage>();
        foreach (var json in page.Items)
        {
            if (ChannelMessage.Read(json, postId: null) is not { } post) continue;
            messages.Add(post);
            var (replies, more) = ChannelMessage.RepliesIn(json);
            messages.AddRange(replies.Select(reply => ChannelMessage.Read(reply, post.Id)).OfType<ChannelMessage>());
            if (more is null || LinkCheck.Follow(_client, more, _client.Address(_requests.Root)) is not { } next) continue;
            await foreach (var rest in _requests.PagesAsync(_requests.Read(next, RequestSubject.Team, CollaborationGrants.ReadMessages), cancellation))
                messages.AddRange(rest.Items.Select(reply => ChannelMessage.Read(reply, post.Id)).OfType<ChannelMessage>());
        }

        return new ChannelPage(messages.ToImmutable(), isWhole);
    }

    private async Task<ImmutableArray<TeamThing>> ListAsync(string path, ImmutableArray<string> permissions, CancellationToken cancellation)
    {
        var things = new Dictionary<string, TeamThing>(StringComparer.Ordinal);
        await foreach (var page in _requests.PagesAsync(_requests.Read(path, RequestSubject.Team, permissions), cancellation))
            foreach (var item in page.Items)
                if (ThingOf(item, "displayName") is { } thing) things[thing.Id] = thing;
        return [.. things.Values];
    }

    private static TeamThing? ThingOf(ReadOnlyMemory<byte> json, string nameProperty)
    {
        using var document = JsonDocument.Parse(json);
        return TolerantJson.GetText(document.RootElement, "id") is { Length: > 0 } id
            ? new TeamThing(id, TolerantJson.GetText(document.RootElement, nameProperty) is { Length: > 0 } name ? name : id, json.ToArray()) : null;
    }
}
