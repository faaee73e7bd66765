using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Teams;

/// <summary>How what is in a team stands in the item table. Stored: ids and words never change.</summary>
/// <remarks>Ids of messages are unique in a chain only, so a message's id here is made of its channel, its post and its own.</remarks>
internal static class TeamItems
{
    public const string Channels = "channels";

    public const string MembershipProperty = "membership";
    public const string RoleProperty = "role";
    public const string AuthorProperty = "from";
    public const string PostProperty = "post";
    public const string MissingPicturesProperty = "missingPictures";

    /// <summary>Properties of a message that say how much of it no import takes; each has the word of its loss.</summary>
    public static ImmutableArray<string> NeverImported { get; } = [TeamLossKind.Mentions, TeamLossKind.Reactions, TeamLossKind.Cards, TeamLossKind.Edited];

    /// <summary>Before the id of a picture: its content's role.</summary>
    public const string HostedRole = "hosted-";

    private const int LongestTitle = 80;

    public static string TeamId(string teamId) => ItemIds.Of(ItemIds.Team, teamId);

    public static string MemberId(string memberId) => ItemIds.Of(ItemIds.Team, "member", memberId);

    public static string ChannelMemberId(string channelId, string memberId) => ItemIds.Of(ItemIds.Team, channelId, "member-" + memberId);

    public static string TabId(string channelId, string tabId) => ItemIds.Of(ItemIds.Team, channelId, "tab-" + tabId);

    public static string ChannelId(string channelId) => ItemIds.Of(Channels, channelId);

    public static string MessageId(string channelId, string? postId, string messageId) => ItemIds.Of(Channels, channelId, postId is null ? messageId : $"{postId}.{messageId}");

    public static ItemVersion Message(string channelId, ChannelMessage message)
    {
        var properties = ImmutableSortedDictionary<string, string>.Empty;
        if (message.Author is { Length: > 0 } author)
            properties = properties.Add(AuthorProperty, author);
        if (message.PostId is { } post)
            properties = properties.Add(PostProperty, post);
        foreach (var loss in ChannelMessageComposer.LossesOf(message.Json))
            properties = properties.Add(loss.Kind, (loss.Count ?? 1).ToString(CultureInfo.InvariantCulture));
        var kind = message.IsSystem ? ItemKinds.ChannelEvent : ItemKinds.ChannelMessage;
        return new ItemVersion(MessageId(channelId, message.PostId, message.Id), ChannelId(channelId), kind, TitleOf(message), 0, message.Created, properties, ImmutableSortedDictionary<string, ContentReference>.Empty);
    }

    /// <summary>The channel that a message's id names.</summary>
    public static string ChannelOf(string itemId) => ItemIds.ContainerIdOf(itemId)!;

    public static string? PostOf(ItemVersion item) => item.Properties.GetValueOrDefault(PostProperty);

    public static string GraphIdOf(ItemVersion item) => ItemIds.GraphIdOf(item.Id) is var id && id.IndexOf('.', StringComparison.Ordinal) is >= 0 and var cut ? id[(cut + 1)..] : id;

    private static string TitleOf(ChannelMessage message) => message.Subject is { Length: > 0 } subject ? subject.Length > LongestTitle ? subject[..LongestTitle] : subject
        : message.Author is { Length: > 0 } author ? author : "Message";
}
