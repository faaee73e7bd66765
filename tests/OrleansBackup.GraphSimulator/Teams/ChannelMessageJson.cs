using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Teams;

/// <summary>Shows posts and replies as Graph does. A deleted one is told without its text.</summary>
internal static class ChannelMessageJson
{
    public static JsonObject Show(GraphRequest request, SimulatedTeam team, string channelId, ChronicleVersion<ChannelMessageState> message)
    {
        var state = message.State;
        var isDeleted = state.Deleted is not null;
        return new JsonObject
        {
            ["id"] = state.MessageId,
            ["replyToId"] = state.ReplyToId,
            ["etag"] = state.Modified.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["messageType"] = state.IsSystem ? "unknownFutureValue" : "message",
            ["createdDateTime"] = GraphNodes.TimeToMilliseconds(state.Created),
            ["lastModifiedDateTime"] = GraphNodes.TimeToMilliseconds(state.Modified),
            ["lastEditedDateTime"] = state.Edited is { } edited ? GraphNodes.TimeToMilliseconds(edited) : null,
            ["deletedDateTime"] = state.Deleted is { } deleted ? GraphNodes.TimeToMilliseconds(deleted) : null,
            ["subject"] = isDeleted ? null : state.Subject,
            ["summary"] = null,
            ["importance"] = state.Importance,
            ["locale"] = "en-us",
            ["webUrl"] = $"https://teams.example/l/message/{Uri.EscapeDataString(channelId)}/{state.MessageId}",
            ["from"] = state.FromUserId is { } user ? new JsonObject { ["application"] = null, ["device"] = null, ["user"] = User(request, user, state.FromName) } : null,
            ["body"] = new JsonObject { ["contentType"] = state.BodyType, ["content"] = isDeleted ? "" : Body(request, team, channelId, state) },
            ["channelIdentity"] = new JsonObject { ["teamId"] = team.Id, ["channelId"] = channelId },
            ["policyViolation"] = null,
            ["eventDetail"] = state.IsSystem ? new JsonObject { ["@odata.type"] = "#microsoft.graph.membersAddedEventMessageDetail", ["visibleHistoryStartDateTime"] = "0001-01-01T00:00:00Z", ["members"] = new JsonArray() } : null,
            ["attachments"] = new JsonArray([.. (isDeleted ? [] : state.Attachments).Select(attachment => new JsonObject
            {
                ["id"] = attachment.Id, ["contentType"] = attachment.ContentType, ["contentUrl"] = attachment.ContentUrl, ["name"] = attachment.Name, ["content"] = attachment.Content, ["thumbnailUrl"] = null,
            })]),
            ["mentions"] = new JsonArray([.. (isDeleted ? [] : state.Mentions).Select(mention => new JsonObject
            {
                ["id"] = mention.Id, ["mentionText"] = mention.Text, ["mentioned"] = new JsonObject { ["user"] = User(request, mention.UserId, mention.Text) },
            })]),
            ["reactions"] = new JsonArray([.. (isDeleted ? [] : state.Reactions).Select(reaction => new JsonObject
            {
                ["reactionType"] = reaction.Type, ["createdDateTime"] = GraphNodes.TimeToMilliseconds(reaction.At), ["user"] = new JsonObject { ["user"] = User(request, reaction.UserId, reaction.UserName) },
            })]),
        };
    }

    public static string Address(GraphRequest request, SimulatedTeam team, string channelId, ChannelMessageState state) =>
        $"{request.ServiceRoot}/teams/{team.Id}/channels/{channelId}/messages/" + (state.ReplyToId is { } post ? $"{post}/replies/{state.MessageId}" : state.MessageId);

    private static string Body(GraphRequest request, SimulatedTeam team, string channelId, ChannelMessageState state)
    {
        var body = state.Body;
        for (var i = 0; i < state.Hosted.Length; i++)
            body = body.Replace($"{{hosted:{i}}}", $"{Address(request, team, channelId, state)}/hostedContents/{state.Hosted[i].Id}/$value", StringComparison.Ordinal);
        return body;
    }

    private static JsonObject User(GraphRequest request, Guid id, string? name) => new()
    {
        ["@odata.type"] = "#microsoft.graph.teamworkUserIdentity", ["id"] = id.ToString(), ["displayName"] = name, ["userIdentityType"] = "aadUser",
    };
}
