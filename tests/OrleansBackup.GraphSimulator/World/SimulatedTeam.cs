using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>A team: its settings, people, channels and what was said in them.</summary>
public sealed class SimulatedTeam(Guid groupId, SimulatorClock clock, Action<SimulatedTeam>? fill = null)
{
    private readonly ConcurrentDictionary<string, ChannelContent> _contents = new(StringComparer.Ordinal);
    private readonly ChronicleBook<TeamState> _settings = new(clock);
    private readonly ChronicleBook<ChannelState> _channels = new(clock);
    private readonly ChronicleBook<TeamMemberState> _members = new(clock);
    private readonly Lock _lock = new();
    private Action<SimulatedTeam>? _fill = fill;

    /// <summary>The id of its group.</summary>
    public string Id { get; } = groupId.ToString();

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why the team cannot be used; null when it can.</summary>
    public MailboxRefusal? Refusal { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>Replies that come with a message before a link to the rest.</summary>
    public int RepliesWithMessage { get; set; } = 1_000;

    /// <summary>Being made with somebody else's history: neither people nor ordinary messages yet.</summary>
    public bool IsMigrating { get; set; }

    /// <summary>One thing: the settings through time.</summary>
    public ChronicleBook<TeamState> Settings => Filled(_settings);

    public ChronicleBook<ChannelState> Channels => Filled(_channels);

    public ChronicleBook<TeamMemberState> Members => Filled(_members);

    public ImmutableArray<(string Id, string Name)> Apps { get; set; } = [];

    /// <summary>What is in a channel; also in one that is gone.</summary>
    public ChannelContent Content(string channelId)
    {
        _ = Channels;
        return _contents.GetOrAdd(channelId, _ => new ChannelContent(clock));
    }

    private T Filled<T>(T collection)
    {
        lock (_lock)
        {
            if (_fill is { } fill)
            {
                _fill = null; // first, because filling calls back
                fill(this);
            }
        }
        return collection;
    }
}

/// <summary>What is in one channel.</summary>
public sealed class ChannelContent(SimulatorClock clock)
{
    /// <summary>Posts by their id, replies by the post's id, a slash and their own.</summary>
    public ChronicleBook<ChannelMessageState> Messages { get; } = new(clock);

    public ChronicleBook<ChannelTabState> Tabs { get; } = new(clock);

    /// <summary>Of private and shared channels; a standard one has the team's.</summary>
    public ChronicleBook<TeamMemberState> Members { get; } = new(clock);
}

/// <summary>A team's settings. Immutable.</summary>
public sealed record TeamState
{
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public string Visibility { get; init; } = "private";
    public bool IsArchived { get; init; }
    public bool AllowGiphy { get; init; } = true;
    public string GiphyRating { get; init; } = "moderate";
    public bool AllowUserEditMessages { get; init; } = true;
    public bool AllowCreateUpdateChannels { get; init; } = true;
    public bool AllowGuestCreateUpdateChannels { get; init; }
}

/// <summary>Somebody in a team or channel. Immutable.</summary>
/// <param name="Role"><c>owner</c>, <c>guest</c>, or null for a member.</param>
public sealed record TeamMemberState(Guid UserId, string DisplayName, string? Email, string? Role, DateTimeOffset Since);

/// <summary>A channel. Immutable.</summary>
public sealed record ChannelState
{
    /// <summary>Occurs without.</summary>
    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    /// <summary><c>standard</c>, <c>private</c> or <c>shared</c>.</summary>
    public string MembershipType { get; init; } = "standard";

    public required DateTimeOffset CreatedAt { get; init; }
    public bool IsGeneral { get; init; }
    public bool IsArchived { get; init; }

    /// <summary>The site that has its files: a private or shared channel's own, otherwise the team's; null: no folder yet.</summary>
    public string? SiteId { get; init; }

    /// <summary><c>inProgress</c> while messages are imported, <c>completed</c> afterwards, otherwise null.</summary>
    public string? MigrationMode { get; init; }
}

/// <summary>A tab. Immutable.</summary>
public sealed record ChannelTabState(string DisplayName, string AppId, string AppName, string? EntityId, string? ContentUrl, string? WebsiteUrl);

/// <summary>A post or reply. Immutable.</summary>
public sealed record ChannelMessageState
{
    /// <summary>Milliseconds since 1970; unique only in its chain.</summary>
    public required string MessageId { get; init; }

    /// <summary>The post that it answers; null for a post.</summary>
    public string? ReplyToId { get; init; }

    public bool IsSystem { get; init; }
    public string? Subject { get; init; }
    public string Importance { get; init; } = "normal";
    public string BodyType { get; init; } = "html";

    /// <summary>With <c>{hosted:n}</c> where the address of a hosted content belongs.</summary>
    public required string Body { get; init; }

    /// <summary>Null for system messages and some bots.</summary>
    public Guid? FromUserId { get; init; }

    public string? FromName { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Modified { get; init; }
    public DateTimeOffset? Edited { get; init; }

    /// <summary>Deleted by its author: still told, without its text.</summary>
    public DateTimeOffset? Deleted { get; init; }

    public ImmutableArray<MessageReaction> Reactions { get; init; } = [];
    public ImmutableArray<MessageMention> Mentions { get; init; } = [];
    public ImmutableArray<MessageAttachment> Attachments { get; init; } = [];
    public ImmutableArray<HostedContent> Hosted { get; init; } = [];

    /// <summary>Came in by an import.</summary>
    public bool IsImported { get; init; }

    public string Key => ReplyToId is null ? MessageId : $"{ReplyToId}/{MessageId}";
}

public sealed record MessageReaction(string Type, Guid UserId, string UserName, DateTimeOffset At);

public sealed record MessageMention(int Id, string Text, Guid UserId);

/// <summary>A link to a file, a card, or a quoted message.</summary>
public sealed record MessageAttachment(string Id, string ContentType, string? ContentUrl, string? Name, string? Content);

/// <summary>A picture or snippet that lies in the message itself.</summary>
/// <param name="IsBroken">The service never hands it out.</param>
public sealed record HostedContent(string Id, string ContentType, ImmutableArray<byte> Bytes, bool IsBroken = false);
