using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Admin;

/// <summary>Reads sites and teams of any moment in the form of <see cref="StateThing"/>.</summary>
internal static partial class CollaborationTruth
{
    /// <summary>Lists that people fill, their items, pages, and the files of the libraries. What the service keeps for itself is left out.</summary>
    public static IEnumerable<StateThing> OfSite(SimulatedTenant tenant, SimulatedSite site, DateTimeOffset at)
    {
        var lists = site.Lists.LivingAt(at).Where(list => list.State is { Template: "genericList", IsSystem: false }).ToList();
        return lists.Select(list => List(site, list))
            .Concat(lists.SelectMany(list => site.Items(list.Id).LivingAt(at).Select(item => Item(list, item))))
            .Concat(site.Pages.LivingAt(at).Select(page => Page(site, page)))
            .Concat(tenant.Drives.OfOwner($"site:{site.Id}").SelectMany(library => ThingsTruth.OfDrive(library, at)));
    }

    /// <summary>Settings, people, channels, tabs and every message that its author has not deleted.</summary>
    public static IEnumerable<StateThing> OfTeam(SimulatedTeam team, DateTimeOffset at)
    {
        var settings = team.Settings.LivingAt(at)[0].State;
        yield return new StateThing("team", team.Id, null, settings.DisplayName, ThingsTruth.Element(new JsonObject
        {
            ["displayName"] = settings.DisplayName, ["description"] = settings.Description, ["visibility"] = settings.Visibility, ["isArchived"] = settings.IsArchived,
            ["funSettings"] = new JsonObject { ["allowGiphy"] = settings.AllowGiphy, ["giphyContentRating"] = settings.GiphyRating },
        }), []);
        foreach (var member in team.Members.LivingAt(at))
            yield return Member($"member~{member.Id}", team.Id, member.State);
        foreach (var channel in team.Channels.LivingAt(at))
        {
            yield return new StateThing("channel", channel.Id, team.Id, channel.State.DisplayName, ThingsTruth.Element(new JsonObject
            {
                ["displayName"] = channel.State.DisplayName, ["description"] = channel.State.Description, ["membershipType"] = channel.State.MembershipType,
            }), []);
            var content = team.Content(channel.Id);
            foreach (var member in channel.State.MembershipType == "standard" ? [] : content.Members.LivingAt(at))
                yield return Member($"{channel.Id}~member-{member.Id}", channel.Id, member.State);
            foreach (var tab in content.Tabs.LivingAt(at))
                yield return new StateThing("tab", $"{channel.Id}~tab-{tab.Id}", channel.Id, tab.State.DisplayName,
                    ThingsTruth.Element(new JsonObject { ["displayName"] = tab.State.DisplayName, ["configuration"] = new JsonObject { ["contentUrl"] = tab.State.ContentUrl, ["websiteUrl"] = tab.State.WebsiteUrl } }), []);
            foreach (var message in content.Messages.LivingAt(at).Where(message => message.State.Deleted is null))
                yield return Message(channel.Id, message.State);
        }
    }

    private static StateThing List(SimulatedSite site, ChronicleVersion<SiteListState> list) => new("list", list.Id, site.Id, list.State.DisplayName, ThingsTruth.Element(new JsonObject
    {
        ["displayName"] = list.State.DisplayName,
        ["list"] = new JsonObject { ["template"] = list.State.Template, ["hidden"] = list.State.IsHidden },
        ["columns"] = new JsonArray([.. list.State.Columns.Select(column => new JsonObject { ["name"] = column.Name, ["displayName"] = column.DisplayName, [column.Facet] = JsonNode.Parse(column.FacetJson) })]),
    }), []);

    // A column without a value is told as null, so that a value that should be gone is noticed.
    private static StateThing Item(ChronicleVersion<SiteListState> list, ChronicleVersion<ListItemState> item)
    {
        var fields = new JsonObject();
        foreach (var column in list.State.Columns.Where(column => !column.IsReadOnly))
            foreach (var name in new[] { column.Name, column.Name + "LookupId" })
                fields[name] = item.State.Fields.TryGetValue(name, out var value) ? JsonNode.Parse(value) : null;
        return new StateThing("list-item", $"{list.Id}~{item.Id}", list.Id, null, ThingsTruth.Element(new JsonObject
        {
            ["fields"] = fields, ["createdDateTime"] = ThingsTruth.Time(item.State.Created), ["lastModifiedDateTime"] = ThingsTruth.Time(item.State.Modified),
        }), []) { IsReadable = !item.State.IsBroken };
    }

    private static StateThing Page(SimulatedSite site, ChronicleVersion<SitePageState> page) => new("page", $"{site.Id}~{page.Id}", site.Id, null, ThingsTruth.Element(new JsonObject
    {
        ["name"] = page.State.Name, ["title"] = page.State.Title, ["description"] = page.State.Description, ["pageLayout"] = page.State.Layout, ["promotionKind"] = page.State.PromotionKind,
        ["canvasLayout"] = page.State.Canvas is { } canvas ? JsonNode.Parse(canvas) : null, ["publishingState"] = new JsonObject { ["level"] = page.State.IsPublished ? "published" : "checkout" },
    }), []) { IsReadable = !page.State.IsBroken };

    private static StateThing Member(string id, string containerId, TeamMemberState member) => new("team-member", id, containerId, member.DisplayName, ThingsTruth.Element(new JsonObject
    {
        ["userId"] = member.UserId.ToString(), ["roles"] = member.Role is { } role ? new JsonArray(role) : [],
    }), []);

    private static StateThing Message(string channelId, ChannelMessageState state) => new(state.IsSystem ? "channel-event" : "channel-message",
        $"{channelId}~{(state.ReplyToId is null ? "" : state.ReplyToId + ".")}{state.MessageId}", channelId, null, ThingsTruth.Element(new JsonObject
        {
            ["subject"] = state.Subject, ["importance"] = state.Importance, ["createdDateTime"] = Http.GraphNodes.TimeToMilliseconds(state.Created),
            ["body"] = new JsonObject { ["contentType"] = state.BodyType, ["content"] = PlaceOfPicture().Replace(state.Body, "{picture}") },
            ["from"] = state.FromUserId is { } user ? new JsonObject { ["user"] = new JsonObject { ["id"] = user.ToString(), ["displayName"] = state.FromName } } : null,
            ["reactions"] = new JsonArray([.. state.Reactions.Select(reaction => new JsonObject { ["reactionType"] = reaction.Type })]),
            ["attachments"] = new JsonArray([.. state.Attachments.Select(attachment => new JsonObject { ["id"] = attachment.Id, ["contentUrl"] = attachment.ContentUrl, ["name"] = attachment.Name })]),
            ["mentions"] = new JsonArray([.. state.Mentions.Select(mention => new JsonObject { ["id"] = mention.Id, ["mentionText"] = mention.Text })]),
        }), [.. state.Hosted.Where(picture => !picture.IsBroken).Select(picture => new StateContent($"hosted-{picture.Id}", MailboxTruth.Hash(picture.Bytes.AsSpan())))]);

    [GeneratedRegex(@"\{hosted:\d+\}")]
    private static partial Regex PlaceOfPicture();
}
