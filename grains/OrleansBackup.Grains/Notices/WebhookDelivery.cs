using System.Text.Json;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Grains.Notices;

/// <summary>Notices as signed calls to a customer's or provider's own system. How a call is made and signed is <see cref="WebhookCaller"/>; receivers drop an <c>OrleansBackup-Notice</c> that they
/// have had.</summary>
internal sealed class WebhookDelivery(WebhookCaller caller) : INoticeDelivery
{
    public const string NoticeHeader = "OrleansBackup-Notice";

    public NoticeChannel Channel => NoticeChannel.Webhook;

    public async Task DeliverAsync(NoticeLetter letter, CancellationToken cancellation) =>
        await caller.CallAsync(letter.To, BodyOf(letter), [letter.Secret!], [(NoticeHeader, letter.Notice.Id.ToString("D"))], cancellation);

    /// <summary>Contract: names are added, never changed or taken away; <c>version</c> counts up if that ever has to be otherwise.</summary>
    private static byte[] BodyOf(NoticeLetter letter)
    {
        var notice = letter.Notice;
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            Version = 1,
            notice.Id,
            Kind = JsonNamingPolicy.CamelCase.ConvertName(notice.Kind.ToString()),
            notice.Key,
            Tenant = letter.Tenant.ToString(),
            letter.Customer,
            notice.CreatedAt,
            notice.Ends,
            notice.HappensAt,
            Subject = new { Nl = letter.Dutch.Subject, En = letter.English.Subject },
            Text = new { Nl = letter.Dutch.AsPlain(), En = letter.English.AsPlain() },
            notice.Count,
            Resources = notice.Resources.Select(resource => new { Id = resource.LocalName, resource.Name, resource.Address }),
        }, WebhookCaller.Form);
    }
}
