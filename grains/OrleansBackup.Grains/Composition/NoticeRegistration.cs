using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansBackup.Grains.Notices;
using OrleansBackup.Grains.Subscriptions;

namespace OrleansBackup.Grains.Composition;

/// <summary>What tells customers things, and by which ways.</summary>
internal static class NoticeRegistration
{
    public static IServiceCollection AddNotices(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<NoticeOptions>(configuration, NoticeOptions.Section);
        services.AddChecked<MailOptions>(configuration, MailOptions.Section);
        services.AddChecked<WebhookOptions>(configuration, WebhookOptions.Section);
        services.AddChecked<SubscriptionOptions>(configuration, SubscriptionOptions.Section);
        services.TryAddSingleton<INameLookup, SystemNameLookup>();
        services.AddSingleton<WebhookCaller>();
        services.AddSingleton<INoticeDelivery, WebhookDelivery>();
        services.AddSingleton<MailDelivery>();
        services.AddSingleton<INoticeDelivery>(provider => provider.GetRequiredService<MailDelivery>());
        services.AddSingleton<EventSender>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<NoticeSending>();
        return services;
    }
}
