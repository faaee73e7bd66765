using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Grains.Notices;

/// <summary>What a notice book works with: the ways out, the secrets, the rules.</summary>
internal sealed class NoticeSending(
    IEnumerable<INoticeDelivery> deliveries, WebhookCaller webhooks, WebhookSecrets secrets, ContractCalendar calendar, IOptions<NoticeOptions> options)
{
    public NoticeOptions Options => options.Value;

    public WebhookCaller Webhooks => webhooks;

    public WebhookSecrets Secrets => secrets;

    public ContractCalendar Calendar => calendar;

    public NoticeSchedule Schedule { get; } = new(calendar);

    public Task DeliverAsync(NoticeChannel channel, NoticeLetter letter, CancellationToken cancellation) =>
        (deliveries.FirstOrDefault(delivery => delivery.Channel == channel) ?? throw new DeliveryException($"This release knows no way '{channel}'.", isTransient: true)).DeliverAsync(letter, cancellation);
}
