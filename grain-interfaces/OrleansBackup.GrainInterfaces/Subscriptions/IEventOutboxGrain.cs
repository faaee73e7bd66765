using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Subscriptions;

namespace OrleansBackup.GrainInterfaces.Subscriptions;

/// <summary>The events of one subscription: taken over, sent, tried again for a day, kept for a while.</summary>
/// <remarks>
/// Key: <see cref="GrainKeys.OfOutbox"/>. No call waits for a receiver. Each event is sent at least once, one at a time and the oldest first; what has to be tried again comes
/// after newer ones, so that one event cannot hold the others.
/// </remarks>
[Alias("event-outbox")]
public interface IEventOutboxGrain : IGrainWithStringKey
{
    /// <summary>When it returns, the event is kept. One that is there already is not taken twice.</summary>
    [AlwaysInterleave, Alias("accept")]
    Task Accept(ServiceEvent happened, CancellationToken cancellation);

    /// <summary>Deliveries, newest first.</summary>
    /// <param name="after">The last sequence of the page before, or null.</param>
    /// <param name="state">Only those that stand so; null: all.</param>
    [AlwaysInterleave, Alias("list")]
    Task<EventDeliveryPage> List(long? after, int limit, EventDeliveryState? state, CancellationToken cancellation);

    [AlwaysInterleave, Alias("get-standing")]
    Task<OutboxStanding> GetStanding(CancellationToken cancellation);

    /// <summary>Sends it again, whatever became of it, and tries for a day again.</summary>
    /// <exception cref="NotFoundException">There is no such delivery.</exception>
    [Alias("resend")]
    Task<EventDelivery> Resend(Guid delivery, CancellationToken cancellation);

    /// <summary>Begins to send whatever is due. A tick is a hint and can be lost; the state says what is due.</summary>
    [AlwaysInterleave, Alias("attend")]
    Task Attend(CancellationToken cancellation);

    /// <summary>Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);
}

/// <param name="Next">What to ask for the next part with; null: the end.</param>
[GenerateSerializer, Immutable, Alias("event-delivery-page")]
public sealed record EventDeliveryPage([property: Id(0)] ImmutableArray<EventDelivery> Deliveries, [property: Id(1)] long? Next);

/// <summary>How an outbox does, in numbers.</summary>
/// <param name="LeftOut">Events that were not taken over, because too many waited already; over all time.</param>
[GenerateSerializer, Immutable, Alias("outbox-standing")]
public sealed record OutboxStanding(
    [property: Id(0)] int Waiting, [property: Id(1)] int GivenUp, [property: Id(2)] long LeftOut, [property: Id(3)] DateTimeOffset? DeliveredAt, [property: Id(4)] string? Problem);
