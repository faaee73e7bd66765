using System.Text.Json;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.Grains.Notices;

namespace OrleansBackup.Grains.Subscriptions;

/// <summary>Sends one event to one subscriber: as a signed call, or as a mail.</summary>
internal sealed class EventSender(WebhookCaller webhooks, MailDelivery mail, WebhookSecrets secrets)
{
    public const string EventHeader = "OrleansBackup-Event", DeliveryHeader = "OrleansBackup-Delivery";

    /// <returns>The HTTP status of the answer; null: it was a mail.</returns>
    /// <param name="owner">Whose subscription it is; null: the provider's.</param>
    /// <exception cref="DeliveryException">It was not taken, as far as can be told.</exception>
    public async Task<int?> SendAsync(IGrainFactory grains, TenantId? owner, Guid subscription, EventDelivery delivery, SubscriptionTarget target, CancellationToken cancellation)
    {
        var (settings, happened) = (target.Settings, delivery.Event);
        var customer = await CustomerAsync(grains, happened.Tenant, cancellation);
        if (settings.Channel == NoticeChannel.Mail)
        {
            await mail.SendAsync(new MailLetter(happened.Id, settings.Address, settings.Name, EventText.Of(happened, settings.Language, customer)), cancellation);
            return null;
        }
        var valid = await Task.WhenAll(target.WrappedSecrets.Select(wrapped => secrets.UnwrapAsync(GrainKeys.OfBook(owner), subscription, wrapped, cancellation)));
        return await webhooks.CallAsync(settings.Address, BodyOf(delivery, subscription, customer), [.. valid],
            [(EventHeader, happened.Id.ToString("D")), (DeliveryHeader, delivery.Id.ToString("D"))], cancellation);
    }

    /// <summary>Contract: names are added, never changed or taken away; <c>version</c> counts up if that ever has to be otherwise.</summary>
    internal static byte[] BodyOf(EventDelivery delivery, Guid subscription, string? customer)
    {
        var (happened, description) = (delivery.Event, EventCatalogue.Of(delivery.Event.Kind));
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            Version = 1,
            happened.Id,
            Kind = JsonNamingPolicy.CamelCase.ConvertName(happened.Kind.ToString()),
            Delivery = delivery.Id,
            delivery.Sequence,
            Subscription = subscription,
            Tenant = happened.Tenant?.ToString(),
            Customer = customer,
            happened.OccurredAt,
            happened.Subject,
            Title = new { description.Title.Nl, description.Title.En },
            happened.Facts,
        }, WebhookCaller.Form);
    }

    /// <summary>Null: it concerns no single one, or one that is gone.</summary>
    private static async Task<string?> CustomerAsync(IGrainFactory grains, TenantId? tenant, CancellationToken cancellation)
    {
        try
        {
            return tenant is { } id ? await grains.Tenant(id).GetName(cancellation) : null;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
