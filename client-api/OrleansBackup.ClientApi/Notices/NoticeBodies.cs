using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces.Notices;

namespace OrleansBackup.ClientApi.Notices;

/// <summary>Everybody at a customer who is told of its backup. A list that is put replaces the one before.</summary>
public sealed record ContactListBody(ImmutableArray<ContactBody>? Contacts);

/// <summary>Somebody at a customer.</summary>
/// <param name="Language">nl or en; default nl.</param>
/// <param name="Told">What he is told; default all: foundUnprotected, criticalFault (with its end), consequenceAhead.</param>
/// <param name="Authority">What he may decide: requestRestore, changeScope, endContract; default nothing.</param>
public sealed record ContactBody(string? Name, string? Email, NoticeLanguage? Language, ImmutableArray<NoticeKind>? Told, ImmutableArray<ContactAuthority>? Authority)
{
    public static ContactBody Of(Contact contact) => new(contact.Name, contact.Email, contact.Language, [.. contact.Told], [.. contact.Authority]);
}

/// <summary>A part of the list of notices, newest first.</summary>
/// <param name="Next">What to ask for the next part with; null means the end.</param>
public sealed record NoticeListBody(ImmutableArray<NoticeBody> Notices, Guid? Next);

/// <summary>Something that a customer is told, once.</summary>
/// <param name="Key">What it is about.</param>
/// <param name="NeedsAPerson">It did not reach everybody it should, and does not by itself.</param>
/// <param name="DueAt">When it is sent; until then more of its kind may join it.</param>
/// <param name="Ends">The fault that is over.</param>
/// <param name="HappensAt">When what it announces happens.</param>
/// <param name="Count">How many resources it is about; at most 500 of them are named.</param>
public sealed record NoticeBody(
    Guid Id, NoticeKind Kind, string Key, NoticeState State, bool NeedsAPerson, DateTimeOffset CreatedAt, DateTimeOffset DueAt, Guid? Ends, DateTimeOffset? HappensAt,
    int Count, ImmutableArray<NoticeResourceBody> Resources, ImmutableArray<DeliveryBody> Deliveries, NoticeTextBody Nl, NoticeTextBody En)
{
    public static NoticeBody Of(NoticeListing listing) => new(
        listing.Notice.Id, listing.Notice.Kind, listing.Notice.Key, listing.State, listing.State.NeedsAPerson(), listing.Notice.CreatedAt, listing.Notice.DueAt, listing.Notice.Ends, listing.Notice.HappensAt,
        listing.Notice.Count, [.. listing.Notice.Resources.Select(NoticeResourceBody.Of)], [.. listing.Deliveries.Select(DeliveryBody.Of)],
        NoticeTextBody.Of(listing.Dutch), NoticeTextBody.Of(listing.English));
}

/// <summary>A resource that a notice names.</summary>
public sealed record NoticeResourceBody(string Id, ResourceKind Kind, string Name, string Address)
{
    public static NoticeResourceBody Of(NoticeResource resource) => new(resource.LocalName, resource.Kind, resource.Name, resource.Address);
}

/// <summary>A notice in the words of one language.</summary>
public sealed record NoticeTextBody(string Subject, string Text)
{
    public static NoticeTextBody Of(NoticeText text) => new(text.Subject, text.AsPlain());
}

/// <summary>A notice on its way to one receiver.</summary>
/// <param name="To">An e-mail address, or the id of a webhook.</param>
/// <param name="IsCopy">For the provider; the customer is not told by it.</param>
/// <param name="NextAt">When it is tried next; null: it is not.</param>
/// <param name="Problem">Why the last attempt failed.</param>
public sealed record DeliveryBody(
    NoticeChannel Channel, string To, bool IsCopy, DeliveryState State, int Attempts, DateTimeOffset? NextAt, DateTimeOffset? SentAt, DateTimeOffset? FailedAt, string? Problem)
{
    public static DeliveryBody Of(NoticeDelivery delivery) => new(
        delivery.Channel, delivery.To, delivery.IsCopy, delivery.State, delivery.Attempts, delivery.State == DeliveryState.Open ? delivery.NextAt : null, delivery.SentAt, delivery.FailedAt, delivery.Problem);
}

/// <summary>Webhooks of a tenant.</summary>
public sealed record WebhookListBody(ImmutableArray<WebhookBody> Webhooks)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>Where notices are to be sent by a signed call.</summary>
/// <param name="Url">An https address in the open internet.</param>
/// <param name="Told">Which notices it gets; default all: foundUnprotected, criticalFault (with its end), consequenceAhead.</param>
/// <param name="Enabled">Default true.</param>
public sealed record WebhookRequestBody(string? Url, ImmutableArray<NoticeKind>? Told, bool? Enabled);

/// <summary>A webhook.</summary>
public sealed record WebhookBody(Guid Id, string Url, ImmutableArray<NoticeKind> Told, bool Enabled, DateTimeOffset CreatedAt)
{
    public static WebhookBody Of(WebhookListing webhook) => new(webhook.Id, webhook.Settings.Url, [.. webhook.Settings.Told], webhook.Settings.Enabled, webhook.CreatedAt);
}

/// <summary>A new webhook with its secret, which is not shown again: calls are signed with it (OrleansBackup-Signature: t=seconds,v1=hex of HMAC-SHA256 over "seconds.body").</summary>
public sealed record WebhookCreatedBody(WebhookBody Webhook, string Secret);
