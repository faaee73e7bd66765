using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Grains.Notices;

namespace OrleansBackup.Grains.Composition;

/// <summary>What tells customers things, and by which ways.</summary>
internal static class NoticeRegistration
{
    public static IServiceCollection AddNotices(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<NoticeOptions>(configuration, NoticeOptions.Section);
        services.AddChecked<MailOptions>(configuration, MailOptions.Section);
        services.AddChecked<WebhookOptions>(configuration, WebhookOptions.Section);
        services.AddSingleton<WebhookDelivery>();
        services.AddSingleton<INoticeDelivery>(provider => provider.GetRequiredService<WebhookDelivery>());
        services.AddSingleton<INoticeDelivery, MailDelivery>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<NoticeSending>();
        return services;
    }
}
