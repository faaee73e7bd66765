using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Teams;

/// <summary>Reading what was said: posts with replies, what changed, pictures. A protected API.</summary>
internal sealed partial class ChannelMessageEndpoints(SimulatedWorld world)
{
    private const int UsualPage = 20;
    private const int LargestPage = 50;
    private const int MonthsThatDeltaReaches = 8;

    public IEnumerable<GraphRoute> Routes =>
    [
        Route("/teams/{team}/channels/{channel}/messages", List),
        Route("/teams/{team}/channels/{channel}/messages/delta", Delta),
        Route("/teams/{team}/channels/{channel}/messages/{message}", request => GraphNodes.One(Show(request, Find(request), withReplies: false))),
        Route("/teams/{team}/channels/{channel}/messages/{message}/replies", Replies),
        Route("/teams/{team}/channels/{channel}/messages/{message}/replies/{reply}", request => GraphNodes.One(Show(request, Find(request), withReplies: false))),
        Route("/teams/{team}/channels/{channel}/messages/{message}/hostedContents", Hosted),
        Route("/teams/{team}/channels/{channel}/messages/{message}/replies/{reply}/hostedContents", Hosted),
        Route("/teams/{team}/channels/{channel}/messages/{message}/hostedContents/{content}/$value", HostedBytes),
        Route("/teams/{team}/channels/{channel}/messages/{message}/replies/{reply}/hostedContents/{content}/$value", HostedBytes),
    ];

    private static GraphRoute Route(string template, GraphHandler handle) => new("GET", template, GraphService.Teams, CollaborationPermissions.ChannelMessages, handle);

    private static ChronicleBook<ChannelMessageState> Messages(GraphRequest request) => TeamEndpoints.Open(request).Content(TeamEndpoints.Channel(request).Id).Messages;

    private static ChronicleVersion<ChannelMessageState> Find(GraphRequest request)
    {
        var key = request.Values.GetValueOrDefault("reply") is { } reply ? $"{request.Values["message"]}/{reply}" : request.Values["message"];
        return Messages(request).Find(key) ?? throw new GraphErrorException(404, "NotFound", "NotFound");
    }

    /// <summary>Posts, those with the newest activity first.</summary>
    private static GraphResponse List(GraphRequest request)
    {
        CheckTop(request);
        var all = Messages(request).Living;
        var replies = all.Where(message => message.State.ReplyToId is not null).ToLookup(message => message.State.ReplyToId!);
        var posts = all.Where(message => message.State.ReplyToId is null).OrderByDescending(post => replies[post.Id].Select(reply => reply.State.Modified).Append(post.State.Modified).Max()).ToList();
        var expands = request.Option("$expand") == "replies";
        return GraphNodes.Page(request, posts, post => Show(request, post, expands), UsualPage, LargestPage);
    }

    private GraphResponse Delta(GraphRequest request)
    {
        CheckTop(request);
        var messages = Messages(request);
        if (messages.Sequence == 0)
            throw new GraphErrorException(400, "BadRequest", "Parameter 'DeltaToken' not supported for this request.");
        var (position, until, since, expands, top) = Round(request, messages);
        var reach = world.Clock.GetUtcNow().AddMonths(-MonthsThatDeltaReaches);
        var all = messages.Living;
        // A filter gives every chain of which anything changed; without one a reply shows its post only now and then: here never.
        var posts = since is { } moment
            ? all.Where(post => post.State.ReplyToId is null && all.Any(message => (message.Id == post.Id || message.State.ReplyToId == post.Id) && message.State.Modified > moment)).ToList()
            : [.. messages.Changes(position, until, isFirstRound: false, int.MaxValue).Changes.Where(change => !change.IsDeleted && change.State.ReplyToId is null)];
        posts = [.. posts.Where(post => post.State.Created > reach)];
        var skip = request.Option("$skiptoken") is null ? 0 : (int)position;
        if (since is null)
            skip = 0;
        var page = posts.Skip(skip).Take(top).ToList();
        var isLast = skip + page.Count >= posts.Count;
        var answer = new JsonObject { ["value"] = new JsonArray([.. page.Select(post => Show(request, post, expands))]) };
        var next = since is null && !isLast ? page[^1].Sequence : since is not null && !isLast ? skip + page.Count : until;
        var token = OpaqueToken.Pack("messages", Format(next), Format(isLast ? 0 : until), since?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? "", expands ? "1" : "0", Format(top));
        var address = $"{request.ServiceRoot}/teams/{request.Values["team"]}/channels/{Uri.EscapeDataString(request.Values["channel"])}/messages/delta";
        answer[isLast ? "@odata.deltaLink" : "@odata.nextLink"] = $"{address}?{(isLast ? "$deltatoken" : "$skiptoken")}={token}";
        return GraphNodes.One(answer);
    }

    private static (long Position, long Until, DateTimeOffset? Since, bool Expands, int Top) Round(GraphRequest request, ChronicleBook<ChannelMessageState> messages)
    {
        if ((request.Option("$skiptoken") ?? request.Option("$deltatoken")) is { } text)
        {
            if (!OpaqueToken.TryUnpack(text, 6, out var fields) || fields[0] != "messages")
                throw GraphErrors.BadRequest("Badly formed token.");
            var until = long.Parse(fields[2], CultureInfo.InvariantCulture);
            DateTimeOffset? since = fields[3].Length > 0 && until != 0 ? new DateTimeOffset(long.Parse(fields[3], CultureInfo.InvariantCulture), TimeSpan.Zero) : null;
            return (long.Parse(fields[1], CultureInfo.InvariantCulture), until == 0 ? messages.Sequence : until, since, fields[4] == "1", int.Parse(fields[5], CultureInfo.InvariantCulture));
        }
        DateTimeOffset? after = null;
        if (request.Option("$filter") is { } filter)
        {
            var match = SinceFilter().Match(filter);
            after = match.Success ? DateTimeOffset.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                : throw GraphErrors.BadRequest("Only lastModifiedDateTime gt is supported.");
        }
        return (0, messages.Sequence, after, request.Option("$expand") == "replies", Math.Min(request.Number("$top") ?? UsualPage, LargestPage));
    }

    private static GraphResponse Replies(GraphRequest request)
    {
        CheckTop(request);
        var post = Find(request);
        return GraphNodes.Page(request, RepliesOf(request, post), reply => Show(request, reply, withReplies: false), UsualPage, LargestPage);
    }

    private static List<ChronicleVersion<ChannelMessageState>> RepliesOf(GraphRequest request, ChronicleVersion<ChannelMessageState> post) =>
        [.. Messages(request).Living.Where(message => message.State.ReplyToId == post.State.MessageId).OrderByDescending(reply => reply.State.Created)];

    private static JsonObject Show(GraphRequest request, ChronicleVersion<ChannelMessageState> message, bool withReplies)
    {
        var team = TeamEndpoints.Open(request);
        var channel = TeamEndpoints.Channel(request).Id;
        var shown = ChannelMessageJson.Show(request, team, channel, message);
        if (!withReplies)
            return shown;
        var replies = RepliesOf(request, message);
        shown["replies"] = new JsonArray([.. replies.Take(team.RepliesWithMessage).Select(reply => ChannelMessageJson.Show(request, team, channel, reply))]);
        if (replies.Count > team.RepliesWithMessage)
            shown["replies@odata.nextLink"] = $"{request.ServiceRoot}/teams/{team.Id}/channels/{Uri.EscapeDataString(channel)}/messages/{message.State.MessageId}/replies?$skiptoken={OpaqueToken.Pack(Format(team.RepliesWithMessage))}";
        return shown;
    }

    private static GraphResponse Hosted(GraphRequest request) => GraphNodes.Page(request, Find(request).State.Hosted, hosted => new JsonObject { ["id"] = hosted.Id, ["contentBytes"] = null, ["contentType"] = null }, UsualPage, LargestPage);

    private static GraphResponse HostedBytes(GraphRequest request)
    {
        var message = Find(request).State;
        var hosted = message.Deleted is null ? message.Hosted.FirstOrDefault(content => content.Id == request.Values["content"]) : null;
        if (hosted is null)
            throw new GraphErrorException(404, "NotFound", "NotFound");
        return hosted.IsBroken ? throw new GraphErrorException(500, "InternalServerError", "Failed to get the content.") : GraphResponse.Bytes(hosted.ContentType, hosted.Bytes.AsMemory());
    }

    private static void CheckTop(GraphRequest request)
    {
        if (request.Number("$top") > LargestPage)
            throw GraphErrors.BadRequest("The limit of '50' for Top query has been exceeded.");
    }

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^lastModifiedDateTime gt (\S+)$", RegexOptions.IgnoreCase)]
    private static partial Regex SinceFilter();
}
