using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Erasures;
using OrleansBackup.GrainInterfaces.Exports;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys.Destruction;

namespace OrleansBackup.Grains.Tenants;

/// <summary>How a tenant ends. What is destroyed, tried and signed is the vault's; here stand who ordered it, what refuses it, and what is forgotten afterwards.</summary>
internal sealed partial class TenantGrain
{
    private const string Destruction = "destruction";

    public async Task<TenantDestructionStatus> StartDestruction(DestructionRequest request, CancellationToken cancellation)
    {
        if (request.Confirmation != $"destroy {Tenant}")
            throw new InvalidRequestException("confirmation", $"To destroy everything of this tenant, write exactly: destroy {Tenant}");
        var ordered = Decision.Of(request.Who, request.Why, Now);
        if (State.Destruction is { IsOpen: true } open)
            return open;
        RequireOnboarded();
        if (State.Contract?.DestructionRefused is { } refusal)
            throw new NotPossibleNowException(refusal);
        if (OpenMove is not null)
            throw new NotPossibleNowException("The tenant is being moved to another store; it can be destroyed once that has ended.");
        await RequireNoHoldAsync(cancellation);
        await _keeper.ChangeAsync(state => state with
        {
            Destruction = new TenantDestructionStatus(ordered, DestructionState.Destroying, "Accepted", null, null, 0, 0, 0, null, false, 0, null),
        });
        LogDestructionOrdered(log, Tenant, request.Who);
        await _destruction.StartAsync();
        return State.Destruction!;
    }

    public Task<TenantDestructionStatus> GetDestruction(CancellationToken cancellation) => Task.FromResult(State.Destruction
        ?? throw new NotFoundException($"Nobody has ordered to destroy tenant {Tenant}."));

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadDeletionRecord(CancellationToken cancellation) => ends.ReadRecordAsync(Tenant, cancellation);

    public async Task<string?> FindHold(CancellationToken cancellation)
    {
        if (State.Settings.Retention.LegalHold)
            return "the tenant's settings hold everything. Lift it there first.";
        foreach (var found in await AskPartsAsync((part, _) => part.FindHold(cancellation)))
            if (found is { } hold)
                return $"that of {hold.Resource.LocalName}, placed at {hold.PlacedAt:u}. Lift it first.";
        return null;
    }

    private async Task RequireNoHoldAsync(CancellationToken cancellation)
    {
        if (await FindHold(cancellation) is { } hold)
            throw new NotPossibleNowException($"A legal hold forbids it: {hold}");
    }

    private LongJob DestructionJob() => new(this, _leaving.Token)
    {
        Reminder = Destruction,
        IsOpen = () => State.Destruction is { IsOpen: true },
        IsTime = () => State.Destruction is { } order
            && LongJob.HasRested(order.LastAttemptAt, order.State == DestructionState.WaitingForRetention ? RetentionTick : RetryBackoff.After(order.Attempts), Now),
        Attempt = DestroyOnceAsync,
        Failed = DestructionFailedAsync,
    };

    private async Task DestroyOnceAsync(CancellationToken cancellation)
    {
        var (ordered, store) = (State.Destruction!.Ordered, stores.Of(StoreName));
        await ChangeDestructionAsync(order => order with { Step = "Waiting until nothing of the tenant is written any more" });
        await QuietAsync(cancellation);
        await ForgetRestoresAsync(cancellation);
        await ChangeDestructionAsync(order => order with { Step = "Destroying the key, trying a sample, deleting the objects" });
        // Hashing and deleting thousands of objects would block every call to this grain. Touches no grain state.
        var record = await Task.Run(() => ends.DestroyAsync(Tenant, store, new DestructionOrder(ordered.Who, ordered.Why), cancellation), cancellation);
        await ForgetCustomerAsync(cancellation);
        var isOver = record.ObjectsLeft.Objects == 0;
        if (isOver)
            await ends.ForgetAsync(Tenant, store, cancellation);
        // Before it counts as done: after a crash here it stands in the book twice, never not at all.
        await GrainFactory.Audit(Tenant).NoteAsync(AuditActs.Service, AuditActs.Destroyed, Tenant.ToString(), cancellation,
            ("objects", $"{record.Inventory.Objects}"), ("left", $"{record.ObjectsLeft.Objects}"), ("inventory", record.Inventory.Sha256));
        await ChangeDestructionAsync(order => order with
        {
            State = isOver ? DestructionState.Done : DestructionState.WaitingForRetention, Problem = null, Attempts = 0, LastAttemptAt = Now, EndedAt = isOver ? Now : null, HasRecord = true,
            Objects = record.Inventory.Objects, Bytes = record.Inventory.Bytes, ObjectsLeft = record.ObjectsLeft.Objects, KeptUntil = record.ObjectsLeft.KeptUntil,
            Step = isOver ? "Ended" : "The store may not delete everything yet; tried again each day",
        });
        LogDestroyed(log, Tenant, record.Inventory.Objects, record.ObjectsLeft.Objects);
        if (isOver)
            await this.ForgetReminderAsync(Destruction);
    }

    private async Task DestructionFailedAsync(Exception exception)
    {
        LogDestructionFailed(log, Tenant, exception);
        // While the key is there nothing is destroyed, and what will not pass by itself is told instead of tried for ever.
        var isOver = exception is VaultException { IsTransient: false } && State.Access is not null && await HasKeyAsync();
        await ChangeDestructionAsync(order => order with
        {
            Attempts = order.Attempts + 1, LastAttemptAt = Now, Problem = LongJob.Tell(exception), EndedAt = isOver ? Now : null,
            State = isOver ? DestructionState.Failed : order.State, Step = isOver ? "Given up; nothing was destroyed" : "Tried again by itself",
        });
        if (isOver)
            await WakeResourcesAsync();
    }

    private async Task<bool> HasKeyAsync()
    {
        try
        {
            return await stores.Of(StoreName).Repository.TenantExistsAsync(Tenant.ToString(), _leaving.Token);
        }
        catch (Exception exception) when (exception is VaultException or IOException)
        {
            LogDestructionFailed(log, Tenant, exception);
            return false; // not known: then it goes on
        }
    }

    private async Task ForgetRestoresAsync(CancellationToken cancellation)
    {
        foreach (var job in State.Restores)
            await GrainFactory.Restore(Tenant, job).Abandon(cancellation);
    }

    /// <summary>Names, addresses, the secret, what each resource remembers. What was ordered stays.</summary>
    private async Task ForgetCustomerAsync(CancellationToken cancellation)
    {
        await WithPartsAsync((part, _, token) => part.Forget(token), cancellation);
        await GrainFactory.NoticeBook(Tenant).Forget(cancellation);
        await GrainFactory.Subscriptions(Tenant).Forget(cancellation);
        await ForgetReportsAsync(cancellation);
        await GrainFactory.Exports(Tenant).Forget(cancellation);
        await GrainFactory.ErasureSearches(Tenant).Forget(cancellation);
        await GrainFactory.RestoreRequests(Tenant).Forget(cancellation);
        await GrainFactory.Openings(Tenant).Forget(cancellation);
        await GrainFactory.Rehearsals(Tenant).Abandon(cancellation);
        await GrainFactory.BillingAccount(Tenant).End(cancellation);
        await GrainFactory.Provider().Delist(Tenant, cancellation);
        await this.ForgetReminderAsync(Watch);
        await this.ForgetReminderAsync(Sweep);
        connections.Forget(Tenant);
        await _keeper.ChangeAsync(state => new TenantState { Store = state.Store, Destruction = state.Destruction });
    }

    private Task ChangeDestructionAsync(Func<TenantDestructionStatus, TenantDestructionStatus> change) =>
        _keeper.ChangeAsync(state => state with { Destruction = change(state.Destruction!) });

    private void RequireNotEnding()
    {
        if (State.Destruction is { IsOpen: true })
            throw new NotPossibleNowException("This tenant is being destroyed.");
    }

    [LoggerMessage(2420, LogLevel.Warning, "The destruction of tenant {Tenant} was ordered by {Who}")]
    private static partial void LogDestructionOrdered(ILogger log, TenantId tenant, string who);

    [LoggerMessage(2421, LogLevel.Warning, "Tenant {Tenant} is destroyed: it had {Objects} objects, of which its store still keeps {Left}")]
    private static partial void LogDestroyed(ILogger log, TenantId tenant, long objects, long left);

    [LoggerMessage(2422, LogLevel.Error, "The destruction of tenant {Tenant} was interrupted by an error")]
    private static partial void LogDestructionFailed(ILogger log, TenantId tenant, Exception exception);
}
