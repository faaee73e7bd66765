using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Grains.Notices;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Subscriptions;

/// <summary>The subscriptions of a tenant or of the provider: made, changed, given a new secret, removed. It owns their settings and secrets; their deliveries are <see cref="EventOutboxGrain"/>'s.</summary>
internal sealed partial class SubscriptionBookGrain(
    [PersistentState("subscription-book", StateStores.Default)] IPersistentState<SubscriptionBookState> storage,
    WebhookCaller webhooks, WebhookSecrets secrets, Ledgers ledgers, IOptions<SubscriptionOptions> options, IOptions<NoticeOptions> notices, TimeProvider time, ILogger<SubscriptionBookGrain> log) : Grain, ISubscriptionBookGrain
{
    private static readonly TimeSpan SoonAfterActivation = TimeSpan.FromSeconds(1), BetweenAttempts = TimeSpan.FromHours(1);

    private readonly StateKeeper<SubscriptionBookState> _keeper = new(storage);

    private TenantId? Tenant => GrainKeys.ParseBook(Book);

    private string Book => this.GetPrimaryKeyString();

    private DateTimeOffset Now => time.GetUtcNow();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        if (IsOwed) // an earlier release kept none, or the tenant was on its way to another store
            this.RegisterGrainTimer(_ => KeepOwedAsync(CancellationToken.None), new GrainTimerCreationOptions { DueTime = SoonAfterActivation, Period = BetweenAttempts, Interleave = false });
    }

    public Task<ImmutableArray<SubscriptionListing>> List(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<SubscriptionListing>>([.. _keeper.State.Subscriptions.Select(one => one.Listing(Now))]);

    public async Task<SubscriptionCreated> Add(SubscriptionSettings settings, CancellationToken cancellation)
    {
        await RequireAsync(settings, cancellation);
        if (_keeper.State.Subscriptions.Length >= options.Value.Most)
            throw new InvalidRequestException("name", $"There may be at most {options.Value.Most} subscriptions.");
        var id = Guid.CreateVersion7(Now);
        var (secret, wrapped) = settings.Channel == NoticeChannel.Webhook ? await MakeSecretAsync(id, cancellation) : default;
        var record = new SubscriptionRecord(id, settings, Now, wrapped, null, null);
        await KeepAsync(_keeper.State.Subscriptions.Add(record), cancellation);
        return new SubscriptionCreated(record.Listing(Now), secret);
    }

    public async Task<SubscriptionListing> Change(Guid subscription, SubscriptionSettings settings, CancellationToken cancellation)
    {
        await RequireAsync(settings, cancellation);
        if (Known(subscription).Settings.Channel != settings.Channel)
            throw new InvalidRequestException("channel", "The channel of a subscription stays; make a new one.");
        await ChangeAsync(subscription, record => record with { Settings = settings }, cancellation);
        return Known(subscription).Listing(Now);
    }

    public async Task<SubscriptionCreated> RotateSecret(Guid subscription, CancellationToken cancellation)
    {
        if (Known(subscription).WrappedSecret is null)
            throw new InvalidRequestException("subscription", "Only webhooks have a secret.");
        var (secret, wrapped) = await MakeSecretAsync(subscription, cancellation);
        await ChangeAsync(subscription, record => record with { WrappedSecret = wrapped, EarlierSecret = record.WrappedSecret, EarlierUntil = Now + options.Value.SecretOverlap }, cancellation);
        return new SubscriptionCreated(Known(subscription).Listing(Now), secret);
    }

    public async Task Remove(Guid subscription, CancellationToken cancellation)
    {
        if (_keeper.State.Subscriptions.Any(record => record.Id == subscription))
            await KeepAsync(_keeper.State.Subscriptions.RemoveAll(record => record.Id == subscription), cancellation);
        // Also when it is gone already: the outbox may have been left by a crash in between.
        await GrainFactory.Outbox(Tenant, subscription).Forget(cancellation);
    }

    public Task Publish(ServiceEvent happened, CancellationToken cancellation)
    {
        var hearing = _keeper.State.Subscriptions.Where(record => record.Settings.Hears(happened.Kind)).Select(record => record.Id);
        if (Copy?.Hears(happened.Kind) == true)
            hearing = hearing.Append(ProviderCopy.Id);
        return Task.WhenAll(hearing.Select(id => GrainFactory.Outbox(Tenant, id).Accept(happened, cancellation)));
    }

    public Task<SubscriptionTarget?> Find(Guid subscription, CancellationToken cancellation) => Task.FromResult(
        subscription == ProviderCopy.Id ? Copy is { } copy ? new SubscriptionTarget(copy, []) : null
            : _keeper.State.Subscriptions.FirstOrDefault(record => record.Id == subscription)?.Target(Now));

    public async Task<bool> RewrapSecrets(CancellationToken cancellation)
    {
        var changed = false;
        foreach (var record in _keeper.State.Subscriptions.Where(record => record.WrappedSecret is not null))
        {
            var present = await RewrapAsync(record.Id, record.WrappedSecret!, cancellation);
            var earlier = record.EarlierSecret is { } before && Now < record.EarlierUntil ? await RewrapAsync(record.Id, before, cancellation) : null; // what is not valid any more needs no key
            if (present == record.WrappedSecret && earlier == record.EarlierSecret)
                continue;
            await ChangeAsync(record.Id, known => known.WrappedSecret == record.WrappedSecret ? known with { WrappedSecret = present, EarlierSecret = earlier } : known, cancellation);
            changed = true;
        }
        if (IsOwed) // what stands in the ledger must not be the last thing that needs the earlier key
            await KeepAsync(_keeper.State.Subscriptions, cancellation);
        return changed;
    }

    public Task Recover(ImmutableArray<KeptSubscription> kept, CancellationToken cancellation) => _keeper.State.Subscriptions.IsEmpty
        ? _keeper.ChangeAsync(state => state with { Subscriptions = [.. kept.Select(SubscriptionRecord.Of)], IsKept = true }) : Task.CompletedTask;

    public async Task Forget(CancellationToken cancellation)
    {
        foreach (var record in _keeper.State.Subscriptions)
            await GrainFactory.Outbox(Tenant, record.Id).Forget(cancellation);
        if (_keeper.Exists)
            await _keeper.ClearAsync();
    }

    private SubscriptionSettings? Copy => Tenant is null ? ProviderCopy.Of(notices.Value) : null;

    private SubscriptionRecord Known(Guid subscription) =>
        _keeper.State.Subscriptions.FirstOrDefault(record => record.Id == subscription) ?? throw new NotFoundException($"There is no subscription {subscription:D}.");

    private bool IsOwed => !_keeper.State.IsKept && !_keeper.State.Subscriptions.IsEmpty;

    private Task ChangeAsync(Guid subscription, Func<SubscriptionRecord, SubscriptionRecord> change, CancellationToken cancellation) =>
        KeepAsync([.. _keeper.State.Subscriptions.Select(record => record.Id == subscription ? change(record) : record)], cancellation);

    /// <summary>Beside the backups first: what was acknowledged outlives the database.</summary>
    private async Task KeepAsync(ImmutableArray<SubscriptionRecord> after, CancellationToken cancellation)
    {
        var isKept = await TryEnterAsync(after, cancellation);
        await _keeper.ChangeAsync(state => state with { Subscriptions = after, IsKept = isKept });
    }

    /// <returns>False: there is no place for it now, only later.</returns>
    private async Task<bool> TryEnterAsync(ImmutableArray<SubscriptionRecord> subscriptions, CancellationToken cancellation)
    {
        var text = LedgerJson.Write(new SubscriptionList([.. subscriptions.Select(record => record.Kept())]));
        try
        {
            await (Tenant is { } tenant ? ledgers.ReplaceAsync(tenant, LedgerNames.Subscriptions, text, cancellation) : ledgers.ReplaceAsync(LedgerNames.Subscriptions, text, cancellation));
            return true;
        }
        catch (Exception exception) when (exception is TenantKeyMissingException or NotPossibleNowException or NotFoundException)
        {
            return false; // no backups beside which it could stand, or a tenant that is being moved or destroyed
        }
    }

    private async Task KeepOwedAsync(CancellationToken cancellation)
    {
        try
        {
            if (IsOwed && await TryEnterAsync(_keeper.State.Subscriptions, cancellation))
                await _keeper.ChangeAsync(state => state with { IsKept = true });
        }
        catch (VaultUnavailableException exception)
        {
            LogNotKept(log, Book, exception);
        }
    }

    [LoggerMessage(2726, LogLevel.Warning, "The subscriptions of {Book} could not be written beside the backups; tried again in an hour")]
    private static partial void LogNotKept(ILogger log, string book, Exception exception);

    private async Task RequireAsync(SubscriptionSettings settings, CancellationToken cancellation)
    {
        if (settings.Problem(ofTenant: Tenant is not null) is { } wrong)
            throw new InvalidRequestException(wrong.Field, wrong.Problem);
        if (settings.Channel == NoticeChannel.Webhook && await webhooks.ProblemAsync(settings.Address, cancellation) is { } problem)
            throw new InvalidRequestException("address", problem);
    }

    private async Task<(string Secret, string Wrapped)> MakeSecretAsync(Guid subscription, CancellationToken cancellation)
    {
        var secret = WebhookSecrets.Make();
        return (secret, await WithKeysAsync(() => secrets.WrapAsync(Book, subscription, secret, cancellation)));
    }

    private Task<string> RewrapAsync(Guid subscription, string wrapped, CancellationToken cancellation) => WithKeysAsync(() => secrets.RewrapAsync(Book, subscription, wrapped, cancellation));

    private static async Task<string> WithKeysAsync(Func<Task<string>> work)
    {
        try
        {
            return await work();
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }
}
