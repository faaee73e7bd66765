using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Subscriptions;

namespace OrleansBackup.Grains.Subscriptions;

/// <summary>The deliveries of one subscription. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("event-outbox-state")]
internal sealed record EventOutboxState : StoredState
{
    /// <summary>Newest first.</summary>
    [Id(0)] public ImmutableArray<EventDelivery> Deliveries { get; init; } = [];

    /// <summary>Of the newest that was ever taken over.</summary>
    [Id(1)] public long Sequence { get; init; }

    /// <summary>Events that were not taken over, because too many waited.</summary>
    [Id(2)] public long LeftOut { get; init; }

    [Id(3)] public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>With an event more, or one left out more; unchanged if it is there.</summary>
    public EventOutboxState With(ServiceEvent happened, DateTimeOffset now, int mostWaiting)
    {
        if (Deliveries.Any(delivery => delivery.Event.Id == happened.Id))
            return this;
        if (Deliveries.Count(delivery => delivery.IsOpen) >= mostWaiting)
            return this with { LeftOut = LeftOut + 1 };
        return this with { Deliveries = Deliveries.Insert(0, new EventDelivery(Guid.CreateVersion7(now), Sequence + 1, happened, now, now)), Sequence = Sequence + 1 };
    }

    /// <summary>With one delivery as it is after an attempt, unless it was forgotten meanwhile.</summary>
    public EventOutboxState With(EventDelivery after) => this with
    {
        Deliveries = [.. Deliveries.Select(delivery => delivery.Id == after.Id ? after : delivery)],
        DeliveredAt = after.State == EventDeliveryState.Delivered ? after.Attempts[^1].At : DeliveredAt,
    };

    /// <summary>Without ended deliveries beyond the bounds.</summary>
    public EventOutboxState Pruned(DateTimeOffset now, int kept, TimeSpan keptFor)
    {
        var ended = 0;
        var left = Deliveries.RemoveAll(delivery => !delivery.IsOpen && (++ended > kept || now - delivery.Event.OccurredAt > keptFor && now - delivery.FirstAt > keptFor));
        return left.Length == Deliveries.Length ? this : this with { Deliveries = left };
    }
}
