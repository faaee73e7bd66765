using System.Collections.Immutable;
using OrleansBackup.GraphSimulator.Content;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>What is put into a folder: content and the properties that live beside it.</summary>
public sealed record NewMessage(MailFolder Folder, MessageContent Content)
{
    /// <summary>Default: the time of the event.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>Default: <see cref="ReceivedAt"/>.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Default: the time of the event.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public bool IsRead { get; init; }
    public bool IsDraft { get; init; }
    public FollowupFlag? Flag { get; init; }
    public ImmutableArray<string> Categories { get; init; } = [];
    public string Importance { get; init; } = "normal";
    public string InferenceClassification { get; init; } = "focused";
}
