using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces.Subscriptions;

namespace OrleansBackup.Grains.Subscriptions;

/// <summary>The subscriptions of a tenant or of the provider. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("subscription-book-state")]
internal sealed record SubscriptionBookState : StoredState
{
    /// <summary>Oldest first.</summary>
    [Id(0)] public ImmutableArray<SubscriptionRecord> Subscriptions { get; init; } = [];

    /// <summary>The ledger says the same. False also in states from before there was one.</summary>
    [Id(1)] public bool IsKept { get; init; }
}

/// <param name="WrappedSecret">Under the provider's key; null: mail has none.</param>
/// <param name="EarlierSecret">The one before, valid until <paramref name="EarlierUntil"/>.</param>
[GenerateSerializer, Immutable, Alias("subscription-record")]
internal sealed record SubscriptionRecord(
    [property: Id(0)] Guid Id, [property: Id(1)] SubscriptionSettings Settings, [property: Id(2)] DateTimeOffset CreatedAt,
    [property: Id(3)] string? WrappedSecret, [property: Id(4)] string? EarlierSecret, [property: Id(5)] DateTimeOffset? EarlierUntil)
{
    public static SubscriptionRecord Of(KeptSubscription kept) => new(kept.Id, kept.Settings, kept.CreatedAt, kept.WrappedSecret, kept.EarlierSecret, kept.EarlierUntil);

    public KeptSubscription Kept() => new(Id, Settings, CreatedAt, WrappedSecret, EarlierSecret, EarlierUntil);

    public SubscriptionListing Listing(DateTimeOffset now) => new(Id, Settings, CreatedAt, IsEarlierValid(now) ? EarlierUntil : null);

    public SubscriptionTarget Target(DateTimeOffset now) => new(Settings, [.. new[] { WrappedSecret, IsEarlierValid(now) ? EarlierSecret : null }.OfType<string>()]);

    private bool IsEarlierValid(DateTimeOffset now) => EarlierSecret is not null && now < EarlierUntil;
}
