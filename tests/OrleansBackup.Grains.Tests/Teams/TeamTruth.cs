using System.Text.Json.Nodes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Teams;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tests.Teams;

/// <summary>A point of a team against the simulator's own history.</summary>
internal static class TeamTruth
{
    /// <summary>Settings, people, channels, and every message with what it says, its reactions and its pictures.</summary>
    public static async Task AssertAsync(CollaborationScene scene, SimulatedTeam team, RestorePoint point, DateTimeOffset at)
    {
        await using var reader = await scene.OpenAsync(team.Id, point);
        var top = Assert.Single(await CollaborationScene.ItemsAsync(reader, ItemKinds.Team)).Value;
        Assert.Equal(team.Settings.LivingAt(at)[0].State.Description, (string?)top.Json!["description"]);
        var channels = team.Channels.LivingAt(at);
        Assert.Equal(channels.Select(channel => TeamItems.ChannelId(channel.Id)).Order(StringComparer.Ordinal), (await CollaborationScene.ItemsAsync(reader, ItemKinds.Channel)).Keys.Order(StringComparer.Ordinal));

        var truth = channels.SelectMany(channel => team.Content(channel.Id).Messages.LivingAt(at).Where(message => message.State.Deleted is null)
            .Select(message => (Id: TeamItems.MessageId(channel.Id, message.State.ReplyToId, message.State.MessageId), message.State))).ToDictionary(pair => pair.Id, pair => pair.State);
        var messages = await CollaborationScene.ItemsAsync(reader, ItemKinds.ChannelMessage);
        var events = await CollaborationScene.ItemsAsync(reader, ItemKinds.ChannelEvent);
        Assert.Equal(truth.Where(message => !message.Value.IsSystem).Select(message => message.Key).Order(StringComparer.Ordinal), messages.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(truth.Where(message => message.Value.IsSystem).Select(message => message.Key).Order(StringComparer.Ordinal), events.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, (item, json)) in messages)
        {
            var state = truth[id];
            Assert.Equal(state.Subject, (string?)json!["subject"]);
            Assert.Equal(state.Reactions.Select(reaction => reaction.Type), json["reactions"]!.AsArray().Select(reaction => (string)reaction!["reactionType"]!));
            Assert.Equal(state.Body.Split("{hosted")[0], ((string)json["body"]!["content"]!).Split("<div><img src=\"http")[0] + (state.Hosted.Length > 0 ? "<div><img src=\"" : ""));
            Assert.Null(json["replies"]);
            foreach (var hosted in state.Hosted)
                Assert.Equal(hosted.Bytes.ToArray(), await BytesAsync(reader, item.Contents[TeamItems.HostedRole + hosted.Id]));
        }
    }

    private static async Task<byte[]> BytesAsync(PointReader reader, ContentReference content)
    {
        await using var stream = await reader.OpenContentAsync(content, CancellationToken.None);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer);
        return buffer.ToArray();
    }
}
