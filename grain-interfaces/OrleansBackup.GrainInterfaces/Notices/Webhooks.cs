using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.GrainInterfaces.Notices;

/// <summary>Where a customer's or provider's own system is told of notices.</summary>
/// <param name="Url">An https address that lies in the open internet.</param>
/// <param name="Told">The kinds of notices it gets; with a fault also its end.</param>
[GenerateSerializer, Immutable, Alias("webhook-settings")]
public sealed record WebhookSettings([property: Id(0)] string Url, [property: Id(1)] ImmutableSortedSet<NoticeKind> Told, [property: Id(2)] bool Enabled)
{
    public bool IsTold(NoticeKind kind) => Enabled && Told.Contains(kind == NoticeKind.FaultEnded ? NoticeKind.CriticalFault : kind);
}

[GenerateSerializer, Immutable, Alias("webhook-listing")]
public sealed record WebhookListing([property: Id(0)] Guid Id, [property: Id(1)] WebhookSettings Settings, [property: Id(2)] DateTimeOffset CreatedAt);

/// <summary>A new webhook with its secret, which is kept wrapped and never shown again.</summary>
[GenerateSerializer, Immutable, Alias("webhook-created")]
public sealed record WebhookCreated([property: Id(0)] WebhookListing Webhook, [property: Id(1)] string Secret)
{
    public override string ToString() => $"{nameof(WebhookCreated)} {{ Webhook = {Webhook.Id} }}";
}
