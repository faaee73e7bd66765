using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.Domain.Notices;

/// <summary>By which way a notice goes.</summary>
public enum NoticeChannel
{
    Mail = 1,
    Webhook = 2,
}

/// <summary>How a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>To be sent, or tried again.</summary>
    Open = 1,

    /// <summary>The receiver's server has taken it.</summary>
    Sent = 2,

    /// <summary>Given up; a person can have it sent again.</summary>
    Failed = 3,
}

/// <summary>A notice on its way to one receiver.</summary>
/// <param name="To">An e-mail address, or the id of a webhook.</param>
/// <param name="IsCopy">For the provider; it does not make a notice one that the customer was told.</param>
/// <param name="NextAt">When it is tried next.</param>
/// <param name="Problem">Why the last attempt failed.</param>
[GenerateSerializer, Immutable, Alias("notice-delivery")]
public sealed record NoticeDelivery(
    [property: Id(0)] NoticeChannel Channel,
    [property: Id(1)] string To,
    [property: Id(2)] string Name,
    [property: Id(3)] NoticeLanguage Language,
    [property: Id(4)] bool IsCopy,
    [property: Id(5)] DateTimeOffset FirstAt,
    [property: Id(6)] DateTimeOffset NextAt)
{
    [Id(7)] public DeliveryState State { get; init; } = DeliveryState.Open;
    [Id(8)] public int Attempts { get; init; }
    [Id(9)] public DateTimeOffset? SentAt { get; init; }
    [Id(10)] public string? Problem { get; init; }
    [Id(11)] public DateTimeOffset? FailedAt { get; init; }

    /// <summary>To the same receiver by the same channel, however far each has come.</summary>
    public bool IsSameWay(NoticeDelivery other) => (Channel, To, IsCopy) == (other.Channel, other.To, other.IsCopy);

    public NoticeDelivery AfterSuccess(DateTimeOffset now) => this with { State = DeliveryState.Sent, Attempts = Attempts + 1, SentAt = now, Problem = null, FailedAt = null };

    /// <param name="isTransient">Whether the same may succeed later.</param>
    public NoticeDelivery AfterFailure(string problem, bool isTransient, DateTimeOffset now)
    {
        var isOver = !isTransient || now - FirstAt >= NoticeSchedule.Patience;
        return this with
        {
            State = isOver ? DeliveryState.Failed : DeliveryState.Open, Attempts = Attempts + 1, Problem = problem,
            FailedAt = isOver ? now : null, NextAt = now + NoticeSchedule.Backoff(Attempts + 1),
        };
    }

    /// <summary>At a person's word: as if never tried.</summary>
    public NoticeDelivery Again(DateTimeOffset now) => this with { State = DeliveryState.Open, FirstAt = now, NextAt = now, FailedAt = null };
}

/// <summary>How a notice stands.</summary>
public enum NoticeState
{
    /// <summary>More may still join it.</summary>
    Gathering = 1,

    /// <summary>On its way, or tried again.</summary>
    Sending = 2,

    /// <summary>Everybody who was to be told was told.</summary>
    Sent = 3,

    /// <summary>Some were told; what goes to others was given up.</summary>
    SentToSome = 4,

    /// <summary>Nobody was told, and it was given up: a person has to act.</summary>
    Failed = 5,

    /// <summary>The customer has nobody to send it to: a person has to act. It goes out when there is somebody.</summary>
    NobodyToTell = 6,
}

/// <summary>How a notice stands, from how its deliveries do. Pure.</summary>
public static class NoticeStates
{
    public static NoticeState Of(Notice notice, ImmutableArray<NoticeDelivery> deliveries, DateTimeOffset now)
    {
        var mine = deliveries.Where(delivery => !delivery.IsCopy).ToList();
        return mine.Count == 0 ? notice.DueAt > now ? NoticeState.Gathering : NoticeState.NobodyToTell
            : mine.Any(delivery => delivery.State == DeliveryState.Open) ? NoticeState.Sending
            : mine.TrueForAll(delivery => delivery.State == DeliveryState.Sent) ? NoticeState.Sent
            : mine.Exists(delivery => delivery.State == DeliveryState.Sent) ? NoticeState.SentToSome : NoticeState.Failed;
    }

    /// <summary>A person has to do something about it.</summary>
    public static bool NeedsAPerson(this NoticeState state) => state is NoticeState.SentToSome or NoticeState.Failed or NoticeState.NobodyToTell;
}
