using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Notices;

/// <summary>How notices leave: whom each goes to is decided when it is due, and every result is written down at once, so that a crash repeats at most what was on its way.</summary>
internal sealed partial class NoticeBookGrain
{
    private const string Deliver = "deliver";
    private const int SentAtOnce = 4;

    private LongJob DeliveryJob() => new(this, _leaving.Token)
    {
        Reminder = Deliver,
        IsOpen = () => State.Notices.Any(record => record.IsOpen),
        IsTime = () => State.Notices.Any(record => record.NextAt <= Now),
        Attempt = DeliverDueAsync,
        Failed = exception =>
        {
            LogNotSent(log, Tenant, exception); // the next minute's tick goes on
            return Task.CompletedTask;
        },
    };

    private async Task DeliverDueAsync(CancellationToken cancellation)
    {
        while (State.Notices.Any(record => record.NextAt <= Now))
        {
            await _keeper.ChangeAsync(state => state with { Notices = [.. state.Notices.Select(record => record is { Planned: false } && record.Notice.DueAt <= Now ? Planned(state, record) : record)] });
            var customer = await GrainFactory.Tenant(Tenant).GetName(cancellation);
            var due = State.Notices.Reverse().SelectMany(record => record.Deliveries.Where(delivery => delivery.State == DeliveryState.Open && delivery.NextAt <= Now).Select(delivery => (record.Notice, delivery))).ToList();
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = SentAtOnce, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current },
                async (one, token) => await SendAsync(one.Notice, one.delivery, customer, token));
        }
    }

    private NoticeRecord Planned(NoticeBookState state, NoticeRecord record)
    {
        var (kind, now) = (record.Notice.Kind, Now);
        var wanted = state.Contacts.Where(contact => contact.IsTold(kind) || string.Equals(contact.Email, record.Notice.AlsoTo, StringComparison.OrdinalIgnoreCase)).Select(contact => new NoticeDelivery(NoticeChannel.Mail, contact.Email, contact.Name, contact.Language, false, now, now))
            .Concat(state.Webhooks.Where(webhook => webhook.Settings.IsTold(kind)).Select(webhook => new NoticeDelivery(NoticeChannel.Webhook, webhook.Id.ToString("D"), "", NoticeLanguage.Nl, false, now, now)));
        if (sending.Options.CopyTo is { } copy)
            wanted = wanted.Append(new NoticeDelivery(NoticeChannel.Mail, copy, "", sending.Options.CopyLanguage, true, now, now));
        return record with { Planned = true, Deliveries = [.. record.Deliveries, .. wanted.Where(delivery => !record.Deliveries.Any(delivery.IsSameWay))] };
    }

    private async Task SendAsync(Notice notice, NoticeDelivery delivery, string customer, CancellationToken cancellation)
    {
        NoticeDelivery after;
        try
        {
            var letter = await LetterOf(notice, delivery, customer, cancellation);
            await sending.DeliverAsync(delivery.Channel, letter, cancellation);
            after = delivery.AfterSuccess(Now);
            LogSent(log, notice.Id, Tenant, delivery.Channel, after.Attempts);
        }
        catch (DeliveryException exception)
        {
            after = delivery.AfterFailure(exception.Message, exception.IsTransient, Now);
            LogRefused(log, notice.Id, Tenant, delivery.Channel, after.Attempts, after.State, exception);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // What is wrong with one way must not keep the others waiting.
            after = delivery.AfterFailure(LongJob.Tell(exception), isTransient: true, Now);
            LogRefused(log, notice.Id, Tenant, delivery.Channel, after.Attempts, after.State, exception);
        }
        if (IndexOf(State, notice.Id) >= 0) // else everything was forgotten meanwhile, and stays so
            await _keeper.ChangeAsync(state => state with { Notices = [.. state.Notices.Select(record => record.Notice.Id == notice.Id ? record with { Deliveries = [.. record.Deliveries.Select(one => one.IsSameWay(delivery) ? after : one)] } : record)] });
    }

    /// <exception cref="DeliveryException">The receiver is none any more.</exception>
    private async Task<NoticeLetter> LetterOf(Notice notice, NoticeDelivery delivery, string customer, CancellationToken cancellation)
    {
        var (dutch, english) = (NoticeText.Of(notice, NoticeLanguage.Nl, customer, sending.Calendar), NoticeText.Of(notice, NoticeLanguage.En, customer, sending.Calendar));
        var text = delivery.Language == NoticeLanguage.En ? english : dutch;
        if (delivery.Channel == NoticeChannel.Webhook)
        {
            var webhook = State.Webhooks.FirstOrDefault(webhook => webhook.Id.ToString("D") == delivery.To) ?? throw new DeliveryException("The webhook was removed.", isTransient: false);
            var secret = await sending.Secrets.UnwrapAsync(Tenant, webhook.Id, webhook.WrappedSecret, cancellation);
            return new NoticeLetter(notice, Tenant, customer, webhook.Settings.Url, "", secret, text, dutch, english);
        }
        if (!delivery.IsCopy && !State.Contacts.Any(contact => contact.Email == delivery.To))
            throw new DeliveryException("This is no contact of the customer any more.", isTransient: false);
        return new NoticeLetter(notice, Tenant, customer, delivery.To, delivery.Name, null, text, dutch, english);
    }

    [LoggerMessage(2701, LogLevel.Information, "Notice {Notice} of tenant {Tenant} was taken by a receiver ({Channel}), attempt {Attempt}")]
    private static partial void LogSent(ILogger log, Guid notice, TenantId tenant, NoticeChannel channel, int attempt);

    [LoggerMessage(2702, LogLevel.Warning, "Notice {Notice} of tenant {Tenant} was not taken by a receiver ({Channel}), attempt {Attempt}: now {State}")]
    private static partial void LogRefused(ILogger log, Guid notice, TenantId tenant, NoticeChannel channel, int attempt, DeliveryState state, Exception exception);

    [LoggerMessage(2704, LogLevel.Error, "Notices of tenant {Tenant} could not be sent; tried again in a minute")]
    private static partial void LogNotSent(ILogger log, TenantId tenant, Exception exception);
}
