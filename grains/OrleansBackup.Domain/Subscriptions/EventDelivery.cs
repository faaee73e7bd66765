using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Subscriptions;

/// <summary>How an event on its way to one subscriber stands.</summary>
public enum EventDeliveryState
{
    /// <summary>Not tried yet.</summary>
    Pending = 1,

    /// <summary>The receiver has taken it.</summary>
    Delivered = 2,

    /// <summary>The last attempt failed; it is tried again.</summary>
    Failed = 3,

    /// <summary>It is not tried again by itself; a person can have it sent again.</summary>
    GivenUp = 4,
}

/// <summary>One attempt. Of what was answered only the status is kept.</summary>
/// <param name="Status">The HTTP status of the answer; null: there was none, or it was no call.</param>
/// <param name="Problem">In words of this service; null: it was taken.</param>
[GenerateSerializer, Immutable, Alias("event-attempt")]
public sealed record EventAttempt([property: Id(0)] DateTimeOffset At, [property: Id(1)] int? Status, [property: Id(2)] string? Problem);

/// <summary>An event on its way to one subscriber. Pure: what happens to it is a new value.</summary>
/// <param name="Sequence">Counts up by one with each event that the subscription took over.</param>
/// <param name="FirstAt">Since when it is tried; a person's word begins anew.</param>
[GenerateSerializer, Immutable, Alias("event-delivery")]
public sealed record EventDelivery(
    [property: Id(0)] Guid Id, [property: Id(1)] long Sequence, [property: Id(2)] ServiceEvent Event, [property: Id(3)] DateTimeOffset FirstAt, [property: Id(4)] DateTimeOffset NextAt)
{
    /// <summary>So many attempts are kept one by one; the first ones go.</summary>
    public const int AttemptsKept = 20;

    /// <summary>From then on what always failed is left to a person.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    [Id(5)] public EventDeliveryState State { get; init; } = EventDeliveryState.Pending;

    /// <summary>Newest last.</summary>
    [Id(6)] public ImmutableArray<EventAttempt> Attempts { get; init; } = [];

    /// <summary>All that there were.</summary>
    [Id(7)] public int AttemptCount { get; init; }

    /// <summary>In a row since it was begun.</summary>
    [Id(8)] public int Failures { get; init; }

    public bool IsOpen => State is EventDeliveryState.Pending or EventDeliveryState.Failed;

    public EventDelivery AfterSuccess(int? status, DateTimeOffset now) => With(new EventAttempt(now, status, null)) with { State = EventDeliveryState.Delivered, Failures = 0 };

    /// <param name="isTransient">Whether the same may succeed later.</param>
    public EventDelivery AfterFailure(string problem, int? status, bool isTransient, DateTimeOffset now)
    {
        var next = now + NoticeSchedule.Backoff(Failures + 1);
        return With(new EventAttempt(now, status, problem)) with
        {
            State = !isTransient || next - FirstAt > Patience ? EventDeliveryState.GivenUp : EventDeliveryState.Failed, Failures = Failures + 1, NextAt = next,
        };
    }

    /// <summary>At a person's word: as if never tried. What was tried stays listed.</summary>
    public EventDelivery Again(DateTimeOffset now) => this with { State = EventDeliveryState.Pending, FirstAt = now, NextAt = now, Failures = 0 };

    private EventDelivery With(EventAttempt attempt) => this with
    {
        Attempts = [.. Attempts.Skip(Attempts.Length - AttemptsKept + 1), attempt], AttemptCount = AttemptCount + 1,
    };
}
