using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces.Notices;

namespace OrleansBackup.Grains.Notices;

/// <summary>What a tenant's notice book remembers. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("notice-book-state")]
internal sealed record NoticeBookState : StoredState
{
    [Id(0)] public ImmutableArray<Contact> Contacts { get; init; } = [];

    [Id(1)] public ImmutableArray<WebhookRecord> Webhooks { get; init; } = [];

    /// <summary>Newest first.</summary>
    [Id(2)] public ImmutableArray<NoticeRecord> Notices { get; init; } = [];

    /// <summary>Matters that stand, by their key: the notice that told of each.</summary>
    [Id(3)] public ImmutableDictionary<string, Guid> Standing { get; init; } = ImmutableDictionary<string, Guid>.Empty;
}

/// <summary>A notice and its ways to whoever is to be told.</summary>
/// <param name="Planned">Whether it was decided whom it goes to.</param>
[GenerateSerializer, Immutable, Alias("notice-record")]
internal sealed record NoticeRecord([property: Id(0)] Notice Notice, [property: Id(1)] ImmutableArray<NoticeDelivery> Deliveries, [property: Id(2)] bool Planned)
{
    public bool IsOpen => !Planned || Deliveries.Any(delivery => delivery.State == DeliveryState.Open);

    public bool HasNobody => Planned && Deliveries.All(delivery => delivery.IsCopy);

    /// <summary>When something is to be done about it; null: nothing is.</summary>
    public DateTimeOffset? NextAt => Planned ? Deliveries.Where(delivery => delivery.State == DeliveryState.Open).Min(delivery => (DateTimeOffset?)delivery.NextAt) : Notice.DueAt;
}

/// <param name="WrappedSecret">Under the provider's key.</param>
[GenerateSerializer, Immutable, Alias("webhook-record")]
internal sealed record WebhookRecord(
    [property: Id(0)] Guid Id, [property: Id(1)] WebhookSettings Settings, [property: Id(2)] string WrappedSecret, [property: Id(3)] DateTimeOffset CreatedAt)
{
    public WebhookListing Listing() => new(Id, Settings, CreatedAt);
}
