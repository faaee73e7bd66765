using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>The life of one trial: read, put back, compared, cleared away. What each of these is stands in <see cref="RehearsalTrial"/>.</summary>
/// <remarks>The restore is written down before anything is made, and forgotten only after nothing of it is left, so that whoever goes on knows what to clear.</remarks>
internal sealed partial class RehearsalTrialGrain(
    [PersistentState("rehearsal-trial", StateStores.Default)] IPersistentState<RehearsalTrialState> storage,
    RehearsalTrial trial, IOptions<RehearsalOptions> options, IHostApplicationLifetime process, TimeProvider time, ILogger<RehearsalTrialGrain> log)
    : Grain, IRehearsalTrialGrain, IRemindable
{
    private const string Go = "go";
    private const int FailuresBeforeGivingUp = 5;

    private readonly StateKeeper<RehearsalTrialState> _keeper = new(storage);
    private readonly CancellationTokenSource _leaving = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping);
    private TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _stop;
    private bool _givesWay;
    private LongJob _job = null!;

    private string Key => this.GetPrimaryKeyString();

    private RehearsalTrialState State => _keeper.State;

    private bool IsOpen => State.Drawn is not null && (State.Item is null || State.Restore is not null);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _job = new(this, _leaving.Token) { Reminder = Go, IsOpen = () => IsOpen && !_givesWay, IsTime = HasRested, Attempt = AttemptAsync, Failed = FailedAsync };
        if (HasRested())
            _job.GoOn(); // the process died under it
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _job.Going.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        _keeper.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => _job.TickAsync();

    public async Task<RehearsedItem> Try(DrawnItem drawn, CancellationToken cancellation)
    {
        if (State.Drawn is null)
            await _keeper.ChangeAsync(state => state.Drawn is null ? state with { Drawn = drawn } : state);
        if (IsOpen && !_job.IsGoing)
            await _job.StartAsync();
        while (true)
        {
            var told = _told.Task;
            if (State.Item is { } item && (State.Restore is null || State.IsClearingOwed))
                return item.Way == RehearsalWay.Read ? item : item with { IsCleared = State.Restore is null };
            await told.WaitAsync(cancellation);
        }
    }

    public async Task GiveWay(CancellationToken cancellation)
    {
        _givesWay = true;
        try
        {
            // An item takes seconds. Broken off, a request that is under way could still be carried out behind the clearing.
            await Task.WhenAny(_job.Going, Task.Delay(options.Value.GiveWayWithin, time, cancellation));
            await EndAttemptAsync(cancellation);
            if (State.Restore is not null && !await ClearAsync(cancellation))
                throw new VaultUnavailableException("What a rehearsal restored could not be cleared away.");
        }
        finally
        {
            _givesWay = false;
        }
        if (IsOpen)
            await _job.StartAsync(); // the run that asked keeps it waiting
        else
            await EndedAsync(); // only the clearing was left, and it was done here
    }

    public async Task Settle(CancellationToken cancellation)
    {
        if (State.Drawn is null)
            return;
        await _keeper.ChangeAsync(state => state with { IsSettled = true });
        if (!IsOpen)
            await ForgetAsync();
    }

    public async Task Abandon(CancellationToken cancellation)
    {
        await _leaving.CancelAsync();
        await _job.Going.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            if (State.Restore is not null)
                await ClearAsync(cancellation);
        }
        catch (Exception exception) when (exception is ServiceException or GraphException)
        {
            LogStays(log, Key, State.Restore!.Request.TargetFolder[0], exception); // the tenant's access ends now: nobody could clear it later
        }
        await ForgetAsync();
    }

    private async Task AttemptAsync(CancellationToken leaving)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(leaving);
        _stop = stop;
        try
        {
            if (State.Item is null)
            {
                var item = await OutcomeOrLossAsync(stop.Token);
                stop.Token.ThrowIfCancellationRequested(); // what failed because it was broken off says nothing
                await _keeper.ChangeAsync(state => state with { Item = item, WaitsSince = null, Failures = 0, FailedAt = null });
            }
            if (State is { Item: { IsSame: true, Way: not RehearsalWay.Read }, Restore: not null })
            {
                var resource = GrainFactory.Resource(ResourceOf(State.Drawn!));
                await resource.NoteRestore(time.GetUtcNow(), stop.Token);
                await resource.NoteRehearsal(time.GetUtcNow(), stop.Token);
            }
            if (State.Restore is not null && !await ClearAsync(stop.Token))
                throw new VaultUnavailableException("What was restored for a rehearsal is still there.");
            await EndedAsync();
        }
        finally
        {
            _stop = null;
        }
    }

    private async Task EndedAsync()
    {
        Tell();
        await this.ForgetReminderAsync(Go);
        if (State.IsSettled)
            await ForgetAsync();
    }

    private async Task<RehearsedItem> OutcomeOrLossAsync(CancellationToken cancellation)
    {
        try
        {
            return await OutcomeAsync(cancellation);
        }
        catch (VaultException exception) when (!exception.IsTransient)
        {
            return Lost(State, exception.Message); // damaged, or expired since it was drawn: trying again would change nothing
        }
    }

    private async Task<RehearsedItem> OutcomeAsync(CancellationToken cancellation)
    {
        var (drawn, resource) = (State.Drawn!, ResourceOf(State.Drawn!));
        if (State.Read is null)
        {
            var read = await GrainFactory.Resource(resource).Rehearse(drawn, cancellation);
            await _keeper.ChangeAsync(state => state with { Read = read });
        }
        if (!State.Read!.IsSame)
            return State.Read with { WayReason = "What does not come out of the store whole is not put back." };
        TrialRestore restore;
        while (true)
        {
            if (State.Restore is { } begun)
            {
                restore = begun;
                if (await HeldAsync(restore, cancellation))
                    break;
                if (!await ClearAsync(cancellation)) // an attempt that was cut off may have made something
                    throw new VaultUnavailableException("What was restored for a rehearsal is still there.");
            }
            var job = RestoreJobId.New(time.GetUtcNow());
            var plan = await trial.PlanAsync(resource, State.Read, job, cancellation);
            if (plan.WhyNot is { } why)
                return State.Read with { WayReason = why };
            restore = new TrialRestore(job, plan.Request!, plan.Holds);
            await _keeper.ChangeAsync(state => state with { Restore = restore });
            if (await HeldAsync(restore, cancellation))
                break;
            if (!await WaitAsync(restore, cancellation))
                return State.Read with { WayReason = "A backup of it was going all the time." };
        }
        var outcome = await RestoreAsync(restore, cancellation);
        // Decrypting and hashing would block every other call. Touches no grain state.
        var whole = State.Read;
        return await Task.Run(() => trial.CompareAsync(restore.Request, whole, outcome, cancellation), cancellation);
    }

    private async Task<bool> HeldAsync(TrialRestore restore, CancellationToken cancellation)
    {
        foreach (var resource in restore.Holds)
            if (!await GrainFactory.Resource(resource).HoldForRehearsal(Key, cancellation))
                return false;
        return true;
    }

    /// <summary>Nothing was made. A first run takes days, and the rehearsal has to come to an end.</summary>
    /// <returns>False: it has waited long enough.</returns>
    private async Task<bool> WaitAsync(TrialRestore restore, CancellationToken cancellation)
    {
        await ReleaseAsync(restore, cancellation);
        var now = time.GetUtcNow();
        await _keeper.ChangeAsync(state => state with { Restore = null, WaitsSince = state.WaitsSince ?? now });
        if (now - State.WaitsSince >= options.Value.WaitForRun)
            return false;
        await Task.Delay(options.Value.LookAgainEvery, time, cancellation);
        return true;
    }

    private async Task<ItemOutcome> RestoreAsync(TrialRestore restore, CancellationToken cancellation)
    {
        var job = GrainFactory.Restore(restore.Request.Point.Resource.Tenant, restore.Job);
        await job.Start(restore.Request, cancellation);
        RestoreStatus? last = null;
        await foreach (var status in job.Watch(cancellation))
            last = status;
        var outcomes = last!.OutcomePages > 0 ? await job.ListOutcomes(0, cancellation) : [];
        return outcomes is [var outcome, ..] ? outcome : new ItemOutcome(State.Read!.ItemId!, OutcomeKind.Failed, "", null, last.Problem ?? "The restore named no item.", []);
    }

    /// <summary>Ends the restore, takes away what it made, and lets the backups go on. Safe to repeat, and after a crash to be repeated.</summary>
    private async Task<bool> ClearAsync(CancellationToken cancellation)
    {
        var (restore, kind) = (State.Restore!, State.Drawn!.Kind);
        await GrainFactory.Restore(restore.Request.Point.Resource.Tenant, restore.Job).Abandon(cancellation);
        if (!await Task.Run(() => trial.ClearAsync(restore.Request, kind, cancellation), cancellation))
            return false;
        await ReleaseAsync(restore, cancellation);
        await _keeper.ChangeAsync(state => state with { Restore = null, IsClearingOwed = false });
        return true;
    }

    private async Task ReleaseAsync(TrialRestore restore, CancellationToken cancellation)
    {
        foreach (var resource in restore.Holds)
            await GrainFactory.Resource(resource).ReleaseFromRehearsal(Key, cancellation);
    }

    private async Task EndAttemptAsync(CancellationToken cancellation)
    {
        if (_stop is { } stop)
            await stop.CancelAsync();
        await _job.Going.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task FailedAsync(Exception exception)
    {
        if (exception is OperationCanceledException && _givesWay)
            return;
        LogFailed(log, Key, exception);
        var now = time.GetUtcNow();
        await _keeper.ChangeAsync(state => state with
        {
            FailedAt = now,
            Failures = state.Failures + 1,
            IsClearingOwed = state is { Item: not null, Restore: not null },
            // What nobody foresaw may pass as well; but the rehearsal has to come to an end, and its record says what it was.
            Item = state.Item ?? (state.Failures + 1 < FailuresBeforeGivingUp ? null : Lost(state, LongJob.Tell(exception))),
        });
        Tell();
    }

    private static RehearsedItem Lost(RehearsalTrialState state, string problem) => state is { Read: { } read, Restore: not null }
        ? read with { Way = RehearsalWay.Restored, Before = null, After = null, Problem = problem }
        : new RehearsedItem(state.Drawn!, RehearsalWay.Read, state.Read?.ItemId, 0, null, null, null, problem) { WayReason = "It could not be tried." };

    private bool HasRested() => LongJob.HasRested(State.FailedAt, State.Failures == 0 ? TimeSpan.Zero : RetryBackoff.After(State.Failures), time.GetUtcNow());

    private async Task ForgetAsync()
    {
        await this.ForgetReminderAsync(Go);
        await _keeper.ClearAsync();
        DeactivateOnIdle();
    }

    private void Tell() => Interlocked.Exchange(ref _told, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private static ResourceId ResourceOf(DrawnItem drawn) => ResourceId.TryParseLocalName(TenantId.Parse(drawn.Tenant), drawn.Resource, out var resource)
        ? resource : throw new NotFoundException($"'{drawn.Resource}' is no resource.");

    [LoggerMessage(2811, LogLevel.Warning, "Trial {Trial} was interrupted by an error and goes on by itself")]
    private static partial void LogFailed(ILogger log, string trial, Exception exception);

    [LoggerMessage(2812, LogLevel.Error, "Trial {Trial} ends with its tenant; '{Place}' may still be there")]
    private static partial void LogStays(ILogger log, string trial, string place, Exception exception);
}
