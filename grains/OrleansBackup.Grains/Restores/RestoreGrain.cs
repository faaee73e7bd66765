using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Subscriptions;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Restores;

/// <summary>The life of one restore job: accepted, running, ended, with an outcome for every item asked for.</summary>
/// <remarks>While it is unfinished a reminder ticks every minute, so that it goes on by itself after its process died.</remarks>
internal sealed partial class RestoreGrain(
    [PersistentState("restore", StateStores.Default)] IPersistentState<RestoreJobState> storage,
    ResourceRestorer restores, AdmissionGate gate, TimeProvider time, ILogger<RestoreGrain> log)
    : Grain, IRestoreGrain, IRemindable
{
    private const string Attend = "attend";
    private const int AttemptsBeforeGivingUp = 6;
    private static readonly TimeSpan AttendPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BeforeAnotherTry = TimeSpan.FromSeconds(1);

    private readonly StateKeeper<RestoreJobState> _keeper = new(storage);
    private readonly CancellationTokenSource _leaving = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _stop;
    private Task _work = Task.CompletedTask;
    private string _step = "Accepted";

    private (TenantId Tenant, RestoreJobId Job) Key => GrainKeys.ParseRestore(this.GetPrimaryKeyString());

    private RestoreStatus Status => _keeper.State.Status ?? throw new NotFoundException($"There is no restore job {Key.Job}.");

    public async Task Start(RestoreRequest request, CancellationToken cancellation)
    {
        if (_keeper.State.Status is not null)
            return;
        await _keeper.ChangeAsync(state => state with
        {
            Status = new RestoreStatus(Key.Tenant, Key.Job, request, RestoreState.Accepted, 0, 0, 0, 0, 0, time.GetUtcNow(), null, null, "Accepted", null, 0),
        });
        await this.RegisterOrUpdateReminder(Attend, AttendPeriod, AttendPeriod);
        Begin(interrupted: false);
    }

    public Task Resume(CancellationToken cancellation)
    {
        if (!Status.Ended && _work.IsCompleted)
            Begin(interrupted: Status.State == RestoreState.Running);
        return Task.CompletedTask;
    }

    public async Task Cancel(CancellationToken cancellation)
    {
        if (Status.Ended)
            throw new NotPossibleNowException("This job has ended already.");
        if (_stop is { } stop)
            await stop.CancelAsync();
        else
            await EndAsync(RestoreState.Cancelled, "Cancelled on request.");
    }

    public async Task Abandon(CancellationToken cancellation)
    {
        if (_stop is { } stop)
            await stop.CancelAsync();
        await _work.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await this.ForgetReminderAsync(Attend);
        await ClearAsync(cancellation);
    }

    public async Task<bool> Forget(CancellationToken cancellation)
    {
        if (_keeper.State.Status is { Ended: false })
            return false;
        await ClearAsync(cancellation);
        return true;
    }

    private async Task ClearAsync(CancellationToken cancellation)
    {
        for (var page = 0; page < (_keeper.State.Status?.OutcomePages ?? 0); page++)
            await Outcomes(page).Clear(cancellation);
        await _keeper.ClearAsync(); // last: whoever dies before it finds the pages again
        DeactivateOnIdle();
    }

    public Task<RestoreStatus> GetStatus(CancellationToken cancellation) => Task.FromResult(Status with { Step = _step });

    public async IAsyncEnumerable<RestoreStatus> Watch([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var changed = _changed.Task;
            var status = Status with { Step = _step };
            yield return status;
            if (status.Ended)
                yield break;
            await changed.WaitAsync(cancellation);
        }
    }

    public Task<ImmutableArray<ItemOutcome>> ListOutcomes(int page, CancellationToken cancellation) => page >= 0 && page < Status.OutcomePages
        ? Outcomes(page).Read(cancellation)
        : Task.FromResult(ImmutableArray<ItemOutcome>.Empty);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_keeper.State.Status is null || Status.Ended)
            await this.ForgetReminderAsync(Attend);
        else if (!Resting())
            await Resume(CancellationToken.None);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        if (_keeper.State.Status is { Ended: false } && !Resting())
            await Resume(cancellationToken); // the process died under this job
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        _keeper.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    private void Begin(bool interrupted) => _work = RunOnceAsync(new Ledger(this, TaskScheduler.Current, interrupted));

    private async Task RunOnceAsync(Ledger ledger)
    {
        // Give the caller its turn back, yet go on under the grain's scheduler: state has one thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token, gate.Closing); // nothing is lost: every item carries the job's marker
        _stop = stop;
        using var span = ServiceTelemetry.Restore(Status.Request.Point.Resource, Key.Job);
        try
        {
            await _keeper.ChangeAsync(state => state with
            {
                Status = state.Status! with { State = RestoreState.Running, StartedAt = state.Status.StartedAt ?? time.GetUtcNow() },
            });
            ledger.Step("Waiting at this process's gate for a place among the runs under way");
            var request = Status.Request;
            var target = request.TargetResource ?? request.Point.Resource;
            using var place = await (request.IsRehearsal ? gate.EnterYieldingAsync(target, "rehearsal", stop.Token) : gate.EnterFirstAsync(target, "restore", stop.Token));
            ledger = await PutBackAsync(request, ledger, stop.Token);
            await EndAsync(Status.Failed > 0 || !ledger.Warnings.IsEmpty ? RestoreState.CompletedWithFailures : RestoreState.Completed,
                ledger.Warnings.IsEmpty ? null : string.Join(" ", ledger.Warnings));
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested || gate.IsClosed)
        {
            return; // the next activation goes on after the last page
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await EndAsync(RestoreState.Cancelled, "Cancelled on request.");
        }
        catch (InconsistentStateException exception)
        {
            LogOtherOwner(log, Key.Job, exception);
            DeactivateOnIdle();
        }
        catch (Exception exception) when (ClusterFault.Is(exception))
        {
            LogBrokenOff(log, Key.Job, exception); // no attempt is counted: the next minute's tick goes on
        }
        catch (Exception exception)
        {
            LogFailed(log, Key.Job, exception);
            await GiveUpOrRestAsync(exception);
        }
        finally
        {
            _stop = null;
            ServiceTelemetry.RestoreLeft(span, Status);
        }
    }

    /// <summary>The work itself. Another process that dies, or a database that is away, is no fault of the job: it begins again after its last page until they are back.</summary>
    /// <returns>The ledger of the attempt that came to the end.</returns>
    private async Task<Ledger> PutBackAsync(RestoreRequest request, Ledger ledger, CancellationToken cancellation)
    {
        for (var job = Key.Job; ; ledger = new Ledger(this, TaskScheduler.Current, interrupted: true))
        {
            try
            {
                var attempt = ledger;
                // Decompressing and building requests for thousands of items is CPU work that would block every call to this grain. The ledger comes back to its turns.
                await Task.Run(() => restores.RunAsync(request, job, attempt, cancellation), cancellation);
                return attempt;
            }
            catch (Exception exception) when (ClusterFault.Is(exception))
            {
                LogBrokenOff(log, job, exception);
                Say("A part of the service was away; it goes on after what is written down");
                await Task.Delay(BeforeAnotherTry, time, cancellation);
            }
        }
    }

    // Every call here is bounded by its own time; the job, by whoever stops it.
    private Task<T> OutlastAsync<T>(Func<Task<T>> call) => ClusterFault.OutlastAsync(call, time, _stop?.Token ?? _leaving.Token);

    private async Task GiveUpOrRestAsync(Exception exception)
    {
        // What nobody foresaw may pass as well; every item carries the job's marker, so another attempt doubles nothing.
        var lasting = exception is ServiceException or GraphException { IsTransient: false } or VaultException { IsTransient: false };
        if (lasting || _keeper.State.Attempts + 1 >= AttemptsBeforeGivingUp)
        {
            await EndAsync(RestoreState.Failed, exception is ServiceException or GraphException or VaultException
                ? exception.Message : $"Unexpected: {exception.GetType().Name}: {exception.Message}");
            return;
        }
        await _keeper.ChangeAsync(state => state with { Attempts = state.Attempts + 1, LastAttemptEndedAt = time.GetUtcNow() });
        Say($"Goes on by itself after a passing fault: {exception.Message}");
    }

    private async Task EndAsync(RestoreState end, string? problem)
    {
        _step = "Ended";
        await _keeper.ChangeAsync(state =>
        {
            var status = state.Status!;
            // Whatever was asked for and is neither in the target nor left alone on purpose has failed, whyever the job ended.
            return state with
            {
                Status = status with { State = end, Problem = problem, EndedAt = time.GetUtcNow(), Failed = status.Asked - status.Restored - status.Skipped },
            };
        });
        Tell();
        await GrainFactory.TryPublishAsync(ServiceEvent.Of(EventKind.RestoreEnded, Key.Tenant, $"{Key.Job}", time.GetUtcNow(), $"tenants/{Key.Tenant}/restores/{Key.Job}",
            ("job", $"{Key.Job}"), ("state", $"{end}"), ("asked", $"{Status.Asked}"), ("restored", $"{Status.Restored}"), ("failed", $"{Status.Failed}")), log, CancellationToken.None);
        if (_keeper.State.Status is { Restored: > 0, EndedAt: { } ended, Request.IsRehearsal: false } done) // a rehearsal has yet to compare
            await GrainFactory.Resource(done.Request.Point.Resource).NoteRestore(ended, CancellationToken.None);
        await this.ForgetReminderAsync(Attend);
    }

    private bool Resting() => _keeper.State.LastAttemptEndedAt is { } ended && time.GetUtcNow() - ended < RetryBackoff.After(_keeper.State.Attempts);

    private IRestoreOutcomesGrain Outcomes(int page) => GrainFactory.GetGrain<IRestoreOutcomesGrain>(GrainKeys.OfOutcomes(Key.Tenant, Key.Job, page));

    private void Say(string step)
    {
        _step = step;
        Tell();
    }

    private void Tell()
    {
        var changed = Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        changed.TrySetResult();
    }

    [LoggerMessage(2501, LogLevel.Error, "Restore job {Job} was interrupted by an error")]
    private static partial void LogFailed(ILogger log, RestoreJobId job, Exception exception);

    [LoggerMessage(2503, LogLevel.Warning, "Restore job {Job} was broken off because a part of the service is away; it goes on by itself")]
    private static partial void LogBrokenOff(ILogger log, RestoreJobId job, Exception exception);

    [LoggerMessage(2502, LogLevel.Warning, "Another activation owns restore job {Job} now; this one goes")]
    private static partial void LogOtherOwner(ILogger log, RestoreJobId job, Exception exception);
}
