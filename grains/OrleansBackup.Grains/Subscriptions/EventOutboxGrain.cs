using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.Grains.Notices;

namespace OrleansBackup.Grains.Subscriptions;

/// <summary>The life of one subscription's events: taken over, sent one at a time, tried again, kept, pruned. Each subscription has its own, so that no receiver waits for another's.</summary>
internal sealed partial class EventOutboxGrain(
    [PersistentState("event-outbox", StateStores.Default)] IPersistentState<EventOutboxState> storage,
    EventSender sender, IOptions<SubscriptionOptions> options, IHostApplicationLifetime process, TimeProvider time, ILogger<EventOutboxGrain> log) : Grain, IEventOutboxGrain, IRemindable
{
    private const string Send = "send";
    private const int LargestPage = 1_000;

    // A receiver that is away is not asked for everything that waits: the next minute's tick asks again.
    private const int FailuresInARow = 3;

    private readonly StateKeeper<EventOutboxState> _keeper = new(storage);
    private readonly CancellationTokenSource _leaving = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping);
    private readonly List<ServiceEvent> _arriving = [];
    private readonly SemaphoreSlim _turn = new(1);
    private LongJob _sending = null!;

    private TenantId? Tenant => GrainKeys.ParseOutbox(this.GetPrimaryKeyString()).Tenant;

    private Guid Subscription => GrainKeys.ParseOutbox(this.GetPrimaryKeyString()).Subscription;

    private EventOutboxState State => _keeper.State;

    private DateTimeOffset Now => time.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _sending = new LongJob(this, _leaving.Token)
        {
            Reminder = Send,
            IsOpen = () => State.Deliveries.Any(delivery => delivery.IsOpen),
            IsTime = () => NextDue() is not null,
            Attempt = SendDueAsync,
            Failed = exception =>
            {
                LogInterrupted(log, this.GetPrimaryKeyString(), exception); // the next minute's tick goes on
                return Task.CompletedTask;
            },
        };
        _sending.GoOn(); // the process died under it
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _sending.Going.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => _sending.TickAsync();

    public async Task Accept(ServiceEvent happened, CancellationToken cancellation)
    {
        if (!_sending.IsOpen())
            await _sending.StartAsync(); // the reminder first: what is kept is then never without somebody who looks after it
        // What arrives while something is being written is written together: a thousand events are some writes.
        _arriving.Add(happened);
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_arriving.ToImmutableArray() is { IsEmpty: false } together)
            {
                await _keeper.ChangeAsync(state => together.Aggregate(state, (all, one) => all.With(one, Now, options.Value.MostWaiting)).Pruned(Now, options.Value.Kept, options.Value.KeptFor));
                _arriving.RemoveRange(0, together.Length);
            }
        }
        finally
        {
            _turn.Release();
        }
        _sending.GoOn();
    }

    public Task<EventDeliveryPage> List(long? after, int limit, EventDeliveryState? state, CancellationToken cancellation)
    {
        if (limit is < 1 or > LargestPage)
            throw new InvalidRequestException("limit", $"Ask for between 1 and {LargestPage} deliveries at once.");
        var found = State.Deliveries.Where(delivery => (after is not { } last || delivery.Sequence < last) && (state is null || delivery.State == state)).Take(limit + 1).ToImmutableArray();
        return Task.FromResult(found.Length > limit ? new EventDeliveryPage(found.RemoveAt(limit), found[limit - 1].Sequence) : new EventDeliveryPage(found, null));
    }

    public Task<OutboxStanding> GetStanding(CancellationToken cancellation) => Task.FromResult(new OutboxStanding(
        State.Deliveries.Count(delivery => delivery.IsOpen), State.Deliveries.Count(delivery => delivery.State == EventDeliveryState.GivenUp), State.LeftOut, State.DeliveredAt,
        State.Deliveries.Where(delivery => !delivery.Attempts.IsEmpty).MaxBy(delivery => delivery.Attempts[^1].At)?.Attempts[^1].Problem));

    public async Task<EventDelivery> Resend(Guid delivery, CancellationToken cancellation)
    {
        var known = State.Deliveries.FirstOrDefault(one => one.Id == delivery) ?? throw new NotFoundException($"This subscription has no delivery {delivery:D}.");
        await _sending.StartAsync();
        await _keeper.ChangeAsync(state => state with { Deliveries = [.. state.Deliveries.Select(one => one.Id == delivery ? one.Again(Now) : one)] });
        _sending.GoOn();
        return State.Deliveries.FirstOrDefault(one => one.Id == delivery) ?? known.Again(Now);
    }

    public Task Attend(CancellationToken cancellation) => _sending.TickAsync();

    public async Task Forget(CancellationToken cancellation)
    {
        await this.ForgetReminderAsync(Send);
        await _keeper.ClearAsync();
    }

    private EventDelivery? NextDue() => State.Deliveries.LastOrDefault(delivery => delivery.IsOpen && delivery.NextAt <= Now);

    private async Task SendDueAsync(CancellationToken cancellation)
    {
        for (var failures = 0; failures < FailuresInARow && NextDue() is { } delivery;)
        {
            if (await GrainFactory.Subscriptions(Tenant).Find(Subscription, cancellation) is not { } target)
            {
                await Forget(cancellation); // it was removed, and a crash left this
                return;
            }
            var after = await SendAsync(delivery, target, cancellation);
            failures = after.State == EventDeliveryState.Failed ? failures + 1 : 0;
            if (State.Deliveries.Any(one => one.Id == after.Id)) // else everything was forgotten meanwhile, and stays so
                await _keeper.ChangeAsync(state => state.With(after).Pruned(Now, options.Value.Kept, options.Value.KeptFor));
        }
    }

    private async Task<EventDelivery> SendAsync(EventDelivery delivery, SubscriptionTarget target, CancellationToken cancellation)
    {
        try
        {
            if (!target.Settings.Enabled)
                throw new DeliveryException("The subscription is switched off.", isTransient: false);
            var after = delivery.AfterSuccess(await sender.SendAsync(GrainFactory, Tenant, Subscription, delivery, target, cancellation), Now);
            LogDelivered(log, delivery.Event.Id, this.GetPrimaryKeyString(), after.AttemptCount);
            return after;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // What is wrong with one event must not keep the others waiting.
            var after = exception is DeliveryException refused
                ? delivery.AfterFailure(refused.Message, refused.Status, refused.IsTransient, Now) : delivery.AfterFailure(LongJob.Tell(exception), null, isTransient: true, Now);
            LogNotDelivered(log, delivery.Event.Id, this.GetPrimaryKeyString(), after.AttemptCount, after.State, exception);
            return after;
        }
    }

    [LoggerMessage(2721, LogLevel.Information, "Event {Event} was taken by the receiver of {Outbox}, attempt {Attempt}")]
    private static partial void LogDelivered(ILogger log, Guid @event, string outbox, int attempt);

    [LoggerMessage(2722, LogLevel.Warning, "Event {Event} was not taken by the receiver of {Outbox}, attempt {Attempt}: now {State}")]
    private static partial void LogNotDelivered(ILogger log, Guid @event, string outbox, int attempt, EventDeliveryState state, Exception exception);

    [LoggerMessage(2723, LogLevel.Error, "Events of {Outbox} could not be sent; tried again in a minute")]
    private static partial void LogInterrupted(ILogger log, string outbox, Exception exception);
}
