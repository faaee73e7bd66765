using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.GrainInterfaces.Notices;

/// <summary>Whom of a tenant to tell things, what was told, and what could not be.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(Domain.Identity.TenantId)"/>. No call waits for a delivery. A notice is delivered at least once: its id comes along, and a receiver drops by it what
/// reaches him twice.</remarks>
[Alias("notice-book")]
public interface INoticeBookGrain : IGrainWithStringKey
{
    [AlwaysInterleave, Alias("get-contacts")]
    Task<ImmutableArray<Contact>> GetContacts(CancellationToken cancellation);

    /// <summary>Replaces all contacts. Notices that had nobody to go to go out now.</summary>
    /// <exception cref="InvalidRequestException">One of them makes no sense, or there are too many.</exception>
    [Alias("set-contacts")]
    Task<ImmutableArray<Contact>> SetContacts(ImmutableArray<Contact> contacts, CancellationToken cancellation);

    /// <summary>What was found and is not protected. Safe to repeat: each resource is told of once, and what is found within a while goes into one notice, on the day of finding.</summary>
    [Alias("tell-unprotected")]
    Task TellUnprotected(ImmutableArray<NoticeResource> found, CancellationToken cancellation);

    /// <summary>A critical fault, or a consequence that lies ahead. Told at once, and once while it stands, however often it is raised.</summary>
    /// <exception cref="InvalidRequestException">The matter makes no sense.</exception>
    [Alias("raise")]
    Task Raise(NoticeMatter matter, CancellationToken cancellation);

    /// <summary>The matter of this key is over. Who may have been told of a fault is told of its end, once. Nothing happens if none stands.</summary>
    [Alias("end")]
    Task End(string key, CancellationToken cancellation);

    /// <summary>Notices, newest first.</summary>
    /// <param name="after">The last id of the page before, or null.</param>
    [AlwaysInterleave, Alias("list-notices")]
    Task<NoticePage> ListNotices(Guid? after, int limit, CancellationToken cancellation);

    /// <summary>Sends a notice again to everybody it went to, and to contacts who were not there then.</summary>
    /// <exception cref="NotFoundException">There is no such notice.</exception>
    [Alias("resend")]
    Task<NoticeListing> Resend(Guid notice, CancellationToken cancellation);

    [AlwaysInterleave, Alias("list-webhooks")]
    Task<ImmutableArray<WebhookListing>> ListWebhooks(CancellationToken cancellation);

    /// <returns>With the secret, which is shown this once only.</returns>
    /// <exception cref="InvalidRequestException">The address may not be called, or there are too many.</exception>
    [Alias("add-webhook")]
    Task<WebhookCreated> AddWebhook(WebhookSettings settings, CancellationToken cancellation);

    /// <exception cref="NotFoundException">There is no such webhook.</exception>
    [Alias("change-webhook")]
    Task<WebhookListing> ChangeWebhook(Guid webhook, WebhookSettings settings, CancellationToken cancellation);

    /// <summary>Safe to repeat. What was still to be sent to it is given up.</summary>
    [Alias("remove-webhook")]
    Task RemoveWebhook(Guid webhook, CancellationToken cancellation);

    /// <summary>Begins to send whatever is due. A tick is a hint and can be lost; the state says what is due.</summary>
    [AlwaysInterleave, Alias("attend")]
    Task Attend(CancellationToken cancellation);

    /// <summary>What waits for a person.</summary>
    [AlwaysInterleave, Alias("get-standing")]
    Task<NoticeStanding> GetStanding(CancellationToken cancellation);

    /// <summary>Puts the secrets of webhooks under the provider's present key. Safe to repeat.</summary>
    [Alias("rewrap-secrets")]
    Task<bool> RewrapSecrets(CancellationToken cancellation);

    /// <summary>Who is told, as the tenant's card in the vault keeps it; null: nobody yet.</summary>
    [AlwaysInterleave, Alias("get-addresses")]
    Task<NoticeAddresses?> GetAddresses(CancellationToken cancellation);

    /// <summary>Takes over who is told, after the database was lost. A book that knows anybody keeps whom it knows. Safe to repeat.</summary>
    [Alias("recover")]
    Task Recover(NoticeAddresses addresses, CancellationToken cancellation);

    /// <summary>Forgets everything, at the end of the tenant. Safe to repeat.</summary>
    [Alias("forget")]
    Task Forget(CancellationToken cancellation);
}

/// <summary>Who is told of a tenant's notices.</summary>
/// <param name="Webhooks">Their secrets under the provider's key.</param>
[GenerateSerializer, Immutable, Alias("notice-addresses")]
public sealed record NoticeAddresses([property: Id(0)] ImmutableArray<Contact> Contacts, [property: Id(1)] ImmutableArray<WebhookAddress> Webhooks);

/// <summary>A webhook with its secret under the provider's key.</summary>
[GenerateSerializer, Immutable, Alias("webhook-address")]
public sealed record WebhookAddress(
    [property: Id(0)] Guid Id, [property: Id(1)] WebhookSettings Settings, [property: Id(2)] string WrappedSecret, [property: Id(3)] DateTimeOffset CreatedAt);

/// <summary>Something that a customer is to know.</summary>
/// <param name="Kind">Every kind but those that a book makes itself: <see cref="NoticeKind.FoundUnprotected"/> and <see cref="NoticeKind.FaultEnded"/>.</param>
/// <param name="Key">What it is about: while one of this key stands, it is not told again.</param>
/// <param name="HappensAt">When what it announces happens.</param>
[GenerateSerializer, Immutable, Alias("notice-matter")]
public sealed record NoticeMatter(
    [property: Id(0)] NoticeKind Kind,
    [property: Id(1)] string Key,
    [property: Id(2)] BothLanguages What,
    [property: Id(3)] ImmutableArray<NoticeResource> Resources,
    [property: Id(4)] DateTimeOffset? HappensAt)
{
    /// <summary>The e-mail address of a contact who is told whatever kinds he chose; null: nobody.</summary>
    [Id(5)] public string? AlsoTo { get; init; }
}

/// <summary>A notice and how it stands.</summary>
[GenerateSerializer, Immutable, Alias("notice-listing")]
public sealed record NoticeListing(
    [property: Id(0)] Notice Notice, [property: Id(1)] NoticeState State, [property: Id(2)] ImmutableArray<NoticeDelivery> Deliveries, [property: Id(3)] NoticeText Dutch, [property: Id(4)] NoticeText English);

/// <summary>A part of the list of notices. <see cref="Next"/> is what to ask for the next part with; null means the end.</summary>
[GenerateSerializer, Immutable, Alias("notice-page")]
public sealed record NoticePage([property: Id(0)] ImmutableArray<NoticeListing> Notices, [property: Id(1)] Guid? Next);

/// <summary>What of a tenant's notices waits for a person.</summary>
/// <param name="NobodyToTell">Notices that have nobody to go to.</param>
/// <param name="Undelivered">Notices that could not be delivered to somebody, and were given up.</param>
[GenerateSerializer, Immutable, Alias("notice-standing")]
public sealed record NoticeStanding([property: Id(0)] int NobodyToTell, [property: Id(1)] int Undelivered)
{
    /// <summary>In a whole sentence for the provider; null: nothing.</summary>
    public string? Problem() => NobodyToTell > 0
        ? $"{NobodyToTell} {(NobodyToTell == 1 ? "notice has" : "notices have")} nobody to go to: give this tenant a contact."
        : Undelivered > 0 ? $"{Undelivered} {(Undelivered == 1 ? "notice" : "notices")} could not be delivered: look at the tenant's notices, put right what they say, and send them again." : null;
}
