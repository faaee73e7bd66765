using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;

namespace OrleansBackup.GrainInterfaces.Subscriptions;

/// <summary>Who hears of the events of one tenant, or of the whole estate. How an event reaches a subscriber is <see cref="IEventOutboxGrain"/>.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId)"/> or <see cref="GrainKeys.Provider"/>. No call waits for a receiver.</remarks>
[Alias("subscription-book")]
public interface ISubscriptionBookGrain : IGrainWithStringKey
{
    [AlwaysInterleave, Alias("list")]
    Task<ImmutableArray<SubscriptionListing>> List(CancellationToken cancellation);

    /// <returns>With the secret of a webhook, which is shown this once only.</returns>
    /// <exception cref="InvalidRequestException">The settings make no sense, the address may not be called, or there are too many.</exception>
    [Alias("add")]
    Task<SubscriptionCreated> Add(SubscriptionSettings settings, CancellationToken cancellation);

    /// <exception cref="NotFoundException">There is no such subscription.</exception>
    /// <exception cref="InvalidRequestException">As <see cref="Add"/>, or the channel is another: make a new one.</exception>
    [Alias("change")]
    Task<SubscriptionListing> Change(Guid subscription, SubscriptionSettings settings, CancellationToken cancellation);

    /// <summary>Gives a webhook a new secret. Calls are signed with both for a while, so that the receiver can change over.</summary>
    /// <exception cref="NotFoundException">There is no such subscription.</exception>
    /// <exception cref="InvalidRequestException">It has no secret, since it is not a webhook.</exception>
    [Alias("rotate-secret")]
    Task<SubscriptionCreated> RotateSecret(Guid subscription, CancellationToken cancellation);

    /// <summary>Safe to repeat. What was still to be sent to it is forgotten.</summary>
    [Alias("remove")]
    Task Remove(Guid subscription, CancellationToken cancellation);

    /// <summary>Hands an event to every subscription that hears of it. When it returns, each has it durably. Safe to repeat: the event's id drops doubles.</summary>
    [AlwaysInterleave, Alias("publish")]
    Task Publish(ServiceEvent happened, CancellationToken cancellation);

    /// <summary>What an outbox needs to send; null: the subscription was removed. For outboxes only.</summary>
    [AlwaysInterleave, Alias("find")]
    Task<SubscriptionTarget?> Find(Guid subscription, CancellationToken cancellation);

    /// <summary>Puts the secrets under the provider's present key. Safe to repeat.</summary>
    [Alias("rewrap-secrets")]
    Task<bool> RewrapSecrets(CancellationToken cancellation);

    /// <summary>Begins again with what the ledger has, when the database is lost. A book that has subscriptions is left as it is. Safe to repeat.</summary>
    [Alias("recover")]
    Task Recover(ImmutableArray<KeptSubscription> kept, CancellationToken cancellation);

    /// <summary>Forgets everything, at the end of the tenant. Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);
}

/// <summary>A subscription as it stands beside the backups, to outlive the database. What was still on its way to it does not.</summary>
/// <param name="WrappedSecret">Under the provider's key; null: mail has none.</param>
/// <param name="EarlierSecret">The one before, valid until <paramref name="EarlierUntil"/>.</param>
[GenerateSerializer, Immutable, Alias("kept-subscription")]
public sealed record KeptSubscription(
    [property: Id(0)] Guid Id, [property: Id(1)] SubscriptionSettings Settings, [property: Id(2)] DateTimeOffset CreatedAt,
    [property: Id(3)] string? WrappedSecret, [property: Id(4)] string? EarlierSecret, [property: Id(5)] DateTimeOffset? EarlierUntil);

/// <param name="EarlierSecretUntil">Until then calls are signed with the secret before as well; null: there is none.</param>
[GenerateSerializer, Immutable, Alias("subscription-listing")]
public sealed record SubscriptionListing(
    [property: Id(0)] Guid Id, [property: Id(1)] SubscriptionSettings Settings, [property: Id(2)] DateTimeOffset CreatedAt, [property: Id(3)] DateTimeOffset? EarlierSecretUntil);

/// <summary>A subscription with its secret, which is kept wrapped and never shown again.</summary>
/// <param name="Secret">Null: mail has none.</param>
[GenerateSerializer, Immutable, Alias("subscription-created")]
public sealed record SubscriptionCreated([property: Id(0)] SubscriptionListing Subscription, [property: Id(1)] string? Secret)
{
    public override string ToString() => $"{nameof(SubscriptionCreated)} {{ Subscription = {Subscription.Id} }}";
}

/// <param name="WrappedSecrets">Under the provider's key, the present one first; empty for mail.</param>
[GenerateSerializer, Immutable, Alias("subscription-target")]
public sealed record SubscriptionTarget([property: Id(0)] SubscriptionSettings Settings, [property: Id(1)] ImmutableArray<string> WrappedSecrets);
