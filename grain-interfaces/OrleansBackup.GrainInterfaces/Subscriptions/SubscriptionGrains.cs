using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Subscriptions;

/// <summary>From an id to its grain, so that callers never put keys together.</summary>
public static class SubscriptionGrains
{
    /// <param name="tenant">Null: the provider's.</param>
    public static ISubscriptionBookGrain Subscriptions(this IGrainFactory grains, TenantId? tenant) => grains.GetGrain<ISubscriptionBookGrain>(GrainKeys.OfBook(tenant));

    public static IEventOutboxGrain Outbox(this IGrainFactory grains, TenantId? tenant, Guid subscription) => grains.GetGrain<IEventOutboxGrain>(GrainKeys.OfOutbox(GrainKeys.OfBook(tenant), subscription));
}
