using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using OrleansBackup.Microsoft365.Limits;
using OrleansBackup.Microsoft365.Paging;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Teams;

/// <summary>The one place that spells the addresses of one team, and keeps to the few requests a second that it grants.</summary>
internal sealed class TeamRequests(GraphClient client, string teamId, TeamReadOptions options)
{
    private readonly Lock _lock = new();
    private readonly SlidingWindow _window = new(options.RequestsPerSecond, TimeSpan.FromSeconds(1));

    public string TeamId => teamId;

    public string Root { get; } = $"teams/{Uri.EscapeDataString(teamId)}";

    public string ChannelPath(string channelId) => $"{Root}/channels/{Uri.EscapeDataString(channelId)}";

    public string MessagePath(string channelId, string? postId, string messageId) => postId is null
        ? $"{ChannelPath(channelId)}/messages/{Uri.EscapeDataString(messageId)}"
        : $"{ChannelPath(channelId)}/messages/{Uri.EscapeDataString(postId)}/replies/{Uri.EscapeDataString(messageId)}";

    public GraphRequest Read(Uri address, RequestSubject subject, ImmutableArray<string> permissions) => new()
    {
        Method = HttpMethod.Get, Address = address, Subject = subject, Mailbox = CollaborationFailures.LoadOfTeam(teamId), AnyPermission = permissions,
    };

    public GraphRequest Read(string path, RequestSubject subject, ImmutableArray<string> permissions) => Read(client.Address(path), subject, permissions);

    /// <param name="repeatable">Whether a lost answer may be followed by the same request again.</param>
    public GraphRequest Write(HttpMethod method, string path, byte[]? body, ImmutableArray<string> permissions, bool repeatable) => new()
    {
        Method = method, Address = client.Address(path), Subject = RequestSubject.TeamWrite, Mailbox = CollaborationFailures.LoadOfTeam(teamId), AnyPermission = permissions, IsRepeatable = repeatable,
        BodyBytes = body?.Length ?? 0, Body = body is null ? null : () => new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    public async Task<GraphResponse> SendAsync(GraphRequest request, CancellationToken cancellation)
    {
        await PaceAsync(cancellation);
        return await client.SendAsync(request, cancellation);
    }

    /// <summary>Follows a plain list to its end, at the team's pace.</summary>
    /// <exception cref="GraphTransientException">The list walks in circles: what was read is not all.</exception>
    public async IAsyncEnumerable<GraphPage> PagesAsync(GraphRequest first, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pages = ListWalk.PagesAsync(client, first, cancellation).GetAsyncEnumerator(cancellation);
        await using (pages)
        {
            while (true)
            {
                await PaceAsync(cancellation);
                if (!await pages.MoveNextAsync()) yield break;
                yield return pages.Current;
            }
        }
    }

    private async Task PaceAsync(CancellationToken cancellation)
    {
        while (true)
        {
            TimeSpan wait;
            lock (_lock)
            {
                var now = client.Time.GetUtcNow();
                wait = _window.WaitFor(1, now);
                if (wait <= TimeSpan.Zero) _window.Spend(1, now);
            }

            if (wait <= TimeSpan.Zero) return;
            await Task.Delay(wait, client.Time, cancellation);
        }
    }
}
