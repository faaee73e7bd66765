using Microsoft.Extensions.Logging;
using Orleans;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces.Subscriptions;

namespace OrleansBackup.Grains.Subscriptions;

/// <summary>From whatever happens to whoever subscribed to it.</summary>
internal static partial class EventPublishing
{
    /// <summary>Hands an event to the subscriptions of its tenant and of the provider. When it returns, each has it durably; no receiver is waited for. Safe to repeat.</summary>
    /// <remarks>For whoever does it again until it succeeds: then no crash loses the event.</remarks>
    public static async Task PublishAsync(this IGrainFactory grains, ServiceEvent happened, CancellationToken cancellation)
    {
        await grains.Subscriptions(null).Publish(happened, cancellation);
        if (happened.Tenant is { } tenant && EventCatalogue.Of(happened.Kind).OfTenant)
            await grains.Subscriptions(tenant).Publish(happened, cancellation);
    }

    /// <summary>As <see cref="PublishAsync"/>, for what must go on whether or not somebody hears of it: an event that could not be handed over is logged and not sent.</summary>
    public static async Task TryPublishAsync(this IGrainFactory grains, ServiceEvent happened, ILogger log, CancellationToken cancellation)
    {
        try
        {
            await grains.PublishAsync(happened, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            LogNotPublished(log, happened.Id, happened.Kind, happened.Subject, exception);
        }
    }

    [LoggerMessage(2724, LogLevel.Error, "Event {Event} ({Kind} of {Subject}) could not be handed to its subscriptions and is not sent")]
    private static partial void LogNotPublished(ILogger log, Guid @event, EventKind kind, string subject, Exception exception);
}
