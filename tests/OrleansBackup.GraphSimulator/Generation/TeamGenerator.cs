using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Fills a team from a seed: people, channels, tabs, and what was said, with pictures, reactions, mentions, files and things deleted.</summary>
internal sealed class TeamGenerator(SimulatedTeam team, SimulatedTenant tenant, TenantRecipe recipe, IReadOnlyList<SimulatedUser> people, ulong seed)
{
    private static readonly string[] Reactions = ["like", "heart", "laugh", "surprised"];

    public void Fill(SimulatedGroup group, IReadOnlyList<(string? Name, string Membership, string SiteId)> channels)
    {
        var random = new SeededRandom(seed);
        var at = tenant.CreatedAt;
        team.Settings.Add((_, _) => new TeamState { DisplayName = group.DisplayName, Description = group.Description, Visibility = group.Visibility.ToLowerInvariant() }, at: at);
        foreach (var person in people)
            Join(team.Members, person, group.Owners.Contains(person.Id) ? "owner" : null, at);
        for (var i = 0; i < channels.Count; i++)
        {
            var (name, membership, siteId) = channels[i];
            var id = $"19:{random.Next():x16}{random.Next():x16}@thread.tacv2";
            team.Channels.Add((_, _) => new ChannelState
            {
                DisplayName = name, MembershipType = membership, CreatedAt = at.AddDays(-430), IsGeneral = i == 0, SiteId = name == "Quiet" ? null : siteId, Description = i == 0 ? "Everything else" : null,
            }, _ => id, at);
            var content = team.Content(id);
            content.Tabs.Add((_, _) => new ChannelTabState("Wiki", "com.microsoft.teamspace.tab.web", "Website", null, "https://example.com/wiki", "https://example.com/wiki"), number => $"tab-{number}", at);
            if (membership != "standard")
                foreach (var person in people.Take(2))
                    Join(content.Members, person, person == people[0] ? "owner" : null, at);
            if (name != "Quiet")
                Talk(ref random, content, recipe.MessagesPerChannel, at);
        }
    }

    public static void Join(ChronicleBook<TeamMemberState> members, SimulatedUser person, string? role, DateTimeOffset at) =>
        members.Add((_, _) => new TeamMemberState(person.Id, person.DisplayName, person.Mail, role, at), _ => MemberId(person.Id), at);

    public static string MemberId(Guid user) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"member##{user}")).TrimEnd('=');

    private void Talk(ref SeededRandom random, ChannelContent content, int posts, DateTimeOffset until)
    {
        var first = CollaborationGenerator.FirstWords(tenant);
        var span = until - first - TimeSpan.FromDays(1);
        for (var i = 0; i < posts; i++)
        {
            var when = first + span * ((double)i / posts);
            var post = NewMessage(ref random, content, null, when);
            content.Messages.Add((_, _) => post with { IsSystem = i == 1, FromUserId = i == 1 ? null : post.FromUserId, Body = i == 1 ? "<systemEventMessage/>" : post.Body, Hosted = i == 1 ? [] : post.Hosted }, _ => post.Key, until);
            for (var reply = random.Below(4); reply > 0; reply--)
            {
                when = when.AddMinutes(1 + random.Below(60));
                var answer = NewMessage(ref random, content, post.MessageId, when);
                content.Messages.Add((_, _) => answer, _ => answer.Key, until);
            }
            if (i % 10 == 7)
                content.Messages.Change(post.Key, (state, _) => state with { Deleted = state.Created.AddMinutes(5), Modified = state.Created.AddMinutes(5) }, until);
        }
    }

    /// <summary>A post, or an answer to one.</summary>
    public ChannelMessageState NewMessage(ref SeededRandom random, ChannelContent content, string? replyTo, DateTimeOffset at)
    {
        var when = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        while (content.Messages.Find(replyTo is null ? Id(when) : $"{replyTo}/{Id(when)}") is not null)
            when = when.AddMilliseconds(1);
        var author = people.Count == 0 ? null : random.Pick(people);
        var body = $"<div>{Words.Paragraphs(ref random, 20 + random.Below(400), "<br>")}</div>";
        var hosted = ImmutableArray<HostedContent>.Empty;
        if (random.Chance(0.15))
        {
            var bytes = new byte[200 + random.Below(40_000)];
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = (byte)random.Next();
            hosted = [new HostedContent($"aWQ9{random.Next():x}", "image/png", [.. bytes])];
            body += "<div><img src=\"{hosted:0}\" width=\"200\"></div>";
        }
        var mentions = ImmutableArray<MessageMention>.Empty;
        if (people.Count > 0 && random.Chance(0.2))
        {
            var named = random.Pick(people);
            mentions = [new MessageMention(0, named.DisplayName, named.Id)];
            body = $"<at id=\"0\">{named.DisplayName}</at> " + body;
        }
        return new ChannelMessageState
        {
            MessageId = Id(when), ReplyToId = replyTo, Subject = replyTo is null && random.Chance(0.3) ? random.Pick(Words.Topics) : null, Importance = random.Chance(0.1) ? "high" : "normal", Body = body,
            FromUserId = author?.Id, FromName = author?.DisplayName, Created = when, Modified = when, Mentions = mentions, Hosted = hosted,
            Reactions = author is not null && random.Chance(0.2) ? [new MessageReaction(random.Pick(Reactions), author.Id, author.DisplayName, when)] : [],
            Attachments = random.Chance(0.15) ? [new MessageAttachment(random.NextGuid().ToString(), "reference", $"https://contoso.sharepoint.example/sites/x/Shared%20Documents/f{random.Below(100)}.docx", $"f{random.Below(100)}.docx", null)] : [],
        };
    }

    private static string Id(DateTimeOffset when) => when.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
