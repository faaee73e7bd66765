using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>One team's day: people talk, answer, edit, react and delete, and now and then a channel comes or goes.</summary>
internal sealed class TeamLife(SimulatedTeam team, SimulatedTenant tenant, SortedDictionary<string, int> counts)
{
    private static readonly string[] Reactions = ["like", "heart", "angry", "sad"];

    public void PlayDay(DateTimeOffset start, double intensity, ulong seed)
    {
        if (team.IsDeleted)
            return;
        var random = new SeededRandom(seed);
        var people = tenant.Directory.Users.Where(user => user is { IsLicensed: true, Purpose: "user" }).ToList();
        var generator = new TeamGenerator(team, tenant, new TenantRecipe(), people, seed);
        var count = Math.Max(1, (int)(intensity * (0.5 + random.Fraction())));
        for (var i = 0; i < count; i++)
        {
            var kind = Change(ref random, generator, people, start.AddSeconds(i * 60_000.0 / count));
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }
    }

    private string Change(ref SeededRandom random, TeamGenerator generator, List<SimulatedUser> people, DateTimeOffset at)
    {
        var channels = team.Channels.Living;
        var channel = random.Pick(channels);
        var content = team.Content(channel.Id);
        var kind = random.Below(100);
        var all = content.Messages.Living.Where(message => message.State.Deleted is null && !message.State.IsSystem).ToList();
        if (kind < 30 || all.Count == 0)
        {
            var post = generator.NewMessage(ref random, content, null, at);
            content.Messages.Add((_, _) => post, _ => post.Key, at);
            return "posted";
        }
        var message = random.Pick(all);
        switch (kind)
        {
            case < 60:
                var answer = generator.NewMessage(ref random, content, message.State.ReplyToId ?? message.State.MessageId, at);
                content.Messages.Add((_, _) => answer, _ => answer.Key, at);
                return "replied";
            case < 72:
                var text = Words.Paragraphs(ref random, 100, "<br>");
                content.Messages.Change(message.Id, (state, _) => state with { Body = $"<div>{text}</div>", Hosted = [], Edited = at, Modified = at }, at);
                return "edited";
            case < 84 when people.Count > 0:
                var reaction = new MessageReaction(random.Pick(Reactions), random.Pick(people).Id, "Somebody", at);
                content.Messages.Change(message.Id, (state, _) => state with { Reactions = state.Reactions.Add(reaction), Modified = at }, at);
                return "reacted";
            case < 92:
                content.Messages.Change(message.Id, (state, _) => state with { Deleted = at, Modified = at }, at);
                return "messageDeleted";
            case < 95:
                var name = $"Channel {random.Below(100_000)}";
                var id = $"19:{random.Next():x16}{random.Next():x16}@thread.tacv2";
                team.Channels.Add((_, _) => new ChannelState { DisplayName = name, CreatedAt = at, SiteId = channels.First(other => other.State.SiteId is not null).State.SiteId }, _ => id, at);
                return "channelAdded";
            case < 97 when channels.Count > 3 && !channel.State.IsGeneral:
                team.Channels.Delete(channel.Id, at);
                return "channelDeleted";
            default:
                var description = Words.Paragraphs(ref random, 30, " ");
                team.Settings.Change(team.Settings.Living[0].Id, (state, _) => state with { Description = description }, at);
                return "teamChanged";
        }
    }
}
