using System.Collections.Immutable;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces.Subscriptions;

namespace OrleansBackup.ClientApi.Subscriptions;

/// <summary>Every kind of event that can be subscribed to.</summary>
public sealed record EventKindListBody(ImmutableArray<EventKindBody> Kinds);

/// <summary>A kind of event in words.</summary>
/// <param name="OfTenant">Whether a tenant's own subscription can have it; else it is the provider's only.</param>
/// <param name="Title">What happened.</param>
/// <param name="Meaning">When exactly it is sent.</param>
public sealed record EventKindBody(EventKind Kind, bool OfTenant, EventWordsBody Title, EventWordsBody Meaning)
{
    public static EventKindBody Of(EventDescription description) => new(description.Kind, description.OfTenant, EventWordsBody.Of(description.Title), EventWordsBody.Of(description.Meaning));
}

/// <summary>The same in Dutch and in English.</summary>
public sealed record EventWordsBody(string Nl, string En)
{
    public static EventWordsBody Of(BothLanguages words) => new(words.Nl, words.En);
}

/// <summary>Who is to hear of which events, and how.</summary>
/// <param name="Name">For people, to tell it from others.</param>
/// <param name="Channel">Default webhook.</param>
/// <param name="Address">An https address in the open internet, or an e-mail address.</param>
/// <param name="Kinds">At least one, of those that are listed at /api/v1/event-kinds.</param>
/// <param name="Language">Of a mail, nl or en; default nl. A call carries both.</param>
/// <param name="Enabled">Default true. Off: no event is taken over, and what waits is given up.</param>
public sealed record SubscriptionRequestBody(string? Name, NoticeChannel? Channel, string? Address, ImmutableArray<EventKind>? Kinds, NoticeLanguage? Language, bool? Enabled);

/// <summary>All subscriptions, oldest first.</summary>
public sealed record SubscriptionListBody(ImmutableArray<SubscriptionBody> Subscriptions)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A subscription.</summary>
/// <param name="EarlierSecretUntil">Until then calls are signed with the secret before as well; null: there is one secret.</param>
/// <param name="Deliveries">How they go; in lists only. A single subscription has an ETag, which must not change with each delivery.</param>
public sealed record SubscriptionBody(
    Guid Id, string Name, NoticeChannel Channel, string Address, ImmutableArray<EventKind> Kinds, NoticeLanguage Language, bool Enabled, DateTimeOffset CreatedAt, DateTimeOffset? EarlierSecretUntil,
    OutboxBody? Deliveries)
{
    public static SubscriptionBody Of(SubscriptionListing listing, OutboxStanding? standing = null) => new(
        listing.Id, listing.Settings.Name, listing.Settings.Channel, listing.Settings.Address, [.. listing.Settings.Kinds], listing.Settings.Language, listing.Settings.Enabled, listing.CreatedAt,
        listing.EarlierSecretUntil, standing is null ? null : new OutboxBody(standing.Waiting, standing.GivenUp, standing.LeftOut, standing.DeliveredAt, standing.Problem));
}

/// <summary>Deliveries of a subscription in numbers.</summary>
/// <param name="Waiting">To be sent, or tried again.</param>
/// <param name="GivenUp">Not tried again by themselves, of those that are kept.</param>
/// <param name="LeftOut">Events that were not taken over because too many waited, over all time.</param>
/// <param name="Problem">Of the newest attempt; null: it succeeded, or there was none.</param>
public sealed record OutboxBody(int Waiting, int GivenUp, long LeftOut, DateTimeOffset? DeliveredAt, string? Problem);

/// <summary>A subscription with its new secret, which is not shown again: calls are signed with it (OrleansBackup-Signature: t=seconds,v1=hex of HMAC-SHA256 over "seconds.body").</summary>
/// <param name="Secret">Null: mail has none.</param>
public sealed record SubscriptionCreatedBody(SubscriptionBody Subscription, string? Secret);

/// <summary>A part of the list of deliveries, newest first.</summary>
/// <param name="Next">What to ask for the next part with, as after; null means the end.</param>
public sealed record EventDeliveryListBody(ImmutableArray<EventDeliveryBody> Deliveries, long? Next);

/// <summary>An event on its way to one subscriber.</summary>
/// <param name="Sequence">Counts up by one with each event of the subscription.</param>
/// <param name="Event">Receivers drop by it what reaches them twice.</param>
/// <param name="NextAt">When it is tried next; null: it is not.</param>
/// <param name="AttemptCount">All that there were; the newest are listed.</param>
public sealed record EventDeliveryBody(
    Guid Id, long Sequence, Guid Event, EventKind Kind, Guid? Tenant, string Subject, DateTimeOffset OccurredAt, ImmutableSortedDictionary<string, string> Facts,
    EventDeliveryState State, DateTimeOffset? NextAt, int AttemptCount, ImmutableArray<EventAttemptBody> Attempts)
{
    public static EventDeliveryBody Of(EventDelivery delivery) => new(
        delivery.Id, delivery.Sequence, delivery.Event.Id, delivery.Event.Kind, delivery.Event.Tenant?.Value, delivery.Event.Subject, delivery.Event.OccurredAt, delivery.Event.Facts,
        delivery.State, delivery.IsOpen ? delivery.NextAt : null, delivery.AttemptCount, [.. delivery.Attempts.Select(attempt => new EventAttemptBody(attempt.At, attempt.Status, attempt.Problem))]);
}

/// <summary>One attempt.</summary>
/// <param name="Status">Of the answer; null: there was none, or it was a mail.</param>
/// <param name="Problem">Null: it was taken.</param>
public sealed record EventAttemptBody(DateTimeOffset At, int? Status, string? Problem);
