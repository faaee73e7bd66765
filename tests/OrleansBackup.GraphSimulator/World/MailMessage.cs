using System.Collections.Immutable;
using OrleansBackup.GraphSimulator.Content;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>One message from its arrival to its end: a chain of versions, newest first, so that the past stays readable.</summary>
public sealed class MailMessage(long number)
{
    /// <summary>The message's number in its mailbox; the immutable id is made from it.</summary>
    public long Number { get; } = number;

    /// <summary>The newest version.</summary>
    public MessageVersion Latest { get; internal set; } = null!;

    /// <summary>The version that was true at <paramref name="time"/>; null when the message had not arrived.</summary>
    public MessageVersion? At(DateTimeOffset time)
    {
        var version = Latest;
        while (version is not null && version.At > time)
            version = version.Previous;
        return version;
    }
}

/// <summary>A message as it was from one change to the next. Immutable.</summary>
public sealed record MessageVersion
{
    public required MailMessage Message { get; init; }
    public MessageVersion? Previous { get; init; }

    /// <summary>The mailbox's change number; <c>changeKey</c> is made from it.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Where the message lies; null when it is gone for good.</summary>
    public required MailFolder? Folder { get; init; }

    /// <summary>Number of the id without the immutable-id preference; changes with every move.</summary>
    public required long MutableNumber { get; init; }

    public required MessageContent Content { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public bool IsRead { get; init; }
    public bool IsDraft { get; init; }
    public FollowupFlag Flag { get; init; } = FollowupFlag.None;
    public ImmutableArray<string> Categories { get; init; } = [];
    public string Importance { get; init; } = "normal";
    public string InferenceClassification { get; init; } = "focused";
}

/// <summary>The follow-up flag. <paramref name="Status"/>: <c>notFlagged</c>, <c>complete</c> or <c>flagged</c>.</summary>
public sealed record FollowupFlag(string Status, ZonedTime? Start = null, ZonedTime? Due = null, ZonedTime? Completed = null)
{
    public static FollowupFlag None { get; } = new("notFlagged");
}

/// <summary>Graph's <c>dateTimeTimeZone</c>: a local time as text and the name of its zone.</summary>
public sealed record ZonedTime(string DateTime, string? TimeZone);
