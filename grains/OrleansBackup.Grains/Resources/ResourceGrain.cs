using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Subscriptions;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>The life of one protected resource: due, running, sealed, expired. What a run does is an <see cref="IResourceBackup"/>.</summary>
/// <remarks>
/// Two reminders: <c>daily</c> ticks at the resource's moment of the window, and lets the points of a released resource expire; <c>attend</c> stands only while something is unfinished
/// (a run under way, a failed day) and ticks every minute, so that a run goes on by itself after its process died. Ticks are
/// hints: what is due follows from the state.
/// </remarks>
internal abstract partial class ResourceGrain(IPersistentState<ResourceState> storage, ResourceServices services)
    : Grain, IProtectedResourceGrain, IRemindable
{
    private const string Daily = "daily";
    private const string Attend = "attend";
    private const int CommitsLostAtMost = 3;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan AttendPeriod = TimeSpan.FromMinutes(1);

    // With ten thousand others before it, a minute changes nothing.
    private static readonly TimeSpan AgainWhenFull = TimeSpan.FromMinutes(10);

    private readonly StateKeeper<ResourceState> _keeper = new(storage);
    private readonly CancellationTokenSource _leaving = new();
    private CancellationTokenSource? _stopRun;
    private Task _run = Task.CompletedTask;
    private Task _expiry = Task.CompletedTask;
    private RunBoard? _board;
    private bool _turnedAway;

    private ResourceId Resource => GrainKeys.ParseResource(this.GetPrimaryKeyString());

    private ResourceState State => _keeper.State;

    private bool Running => !_run.IsCompleted && _board!.Current.Outcome == RunOutcome.Running;

    private DateTimeOffset Now => services.Time.GetUtcNow();

    private ILogger Log => services.Log<ResourceGrain>();

    public async Task Protect(ResourceSettings settings, CancellationToken cancellation)
    {
        if ((settings.Retention.Problem() ?? settings.Window.Problem()) is { } problem)
            throw new InvalidRequestException("settings", problem);
        var points = State.Points.IsEmpty ? await PointsInVaultAsync(settings, cancellation) : [.. State.Points];
        await _keeper.ChangeAsync(state => state with
        {
            Settings = settings,
            Protected = true,
            Points = [.. points.Select(point => point with { OwedUntil = settings.Retention.LastOwedDay(point.Day) })],
            LastGoodStart = state.LastGoodStart ?? (points.IsEmpty ? null : points[^1].StartedAt),
        });
        await RegisterDailyAsync();
        await PutCardAsync(cancellation);
        await StartIfDue(cancellation);
    }

    public async Task Release(string reason, CancellationToken cancellation)
    {
        Settings();
        await _keeper.ChangeAsync(state => state with { Protected = false, Problem = reason, Cause = FaultCause.None });
        _stopRun?.Cancel();
        await PutCardAsync(cancellation);
        await ReportAsync(); // the daily reminder stays: its points still have to expire
    }

    public async Task<RunId> StartRun(RunReason reason, bool compareListing, CancellationToken cancellation)
    {
        Settings();
        if (!State.Protected)
            throw new NotPossibleNowException("This resource is not protected; take it into the tenant's protection scope first.");
        Require(await RunsHaltedAsync(cancellation));
        await LastRunWrittenAsync();
        if (!Running && services.Gate.IsClosed)
            throw new NotPossibleNowException("This server is being stopped and begins no run; ask again in a minute.");
        return Running ? _board!.Current.Run : await BeginAsync(new OpenRun(RunId.New(Now), reason, Now, compareListing));
    }

    public async Task<bool> StartIfDue(CancellationToken cancellation)
    {
        _turnedAway = services.Gate.IsClosed;
        await LastRunWrittenAsync();
        GoOnErasing();
        if (Running || !State.Protected || State.Settings is not { } settings || services.Gate.IsClosed)
            return Running;
        if (State.OpenRun is null && (!services.Schedule.IsDue(Resource, settings.Window, State.LastGoodStart, Now) || Resting()))
            return false;
        _turnedAway = State.OpenRun is null && !services.Gate.HasRoom();
        if (_turnedAway)
            return false; // nothing was begun; who asked asks again
        if (await RunsHaltedAsync(cancellation) is not null || Running)
            return Running;
        if (State.OpenRun is { } open)
            await BeginAsync(open with { Reason = RunReason.Resumed, StartedAt = Now }); // every folder is read up to now, so the point stands for now
        else
            await BeginAsync(new OpenRun(RunId.New(Now), State.FailuresInARow > 0 ? RunReason.Retry : RunReason.Scheduled, Now, false));
        return Running;
    }

    public Task<bool> CancelRun(CancellationToken cancellation)
    {
        _stopRun?.Cancel();
        return Task.FromResult(Running);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (services.Gate.IsClosed)
        {
            if (Unfinished())
                await this.RegisterOrUpdateReminder(Attend, AttendPeriod, AttendPeriod); // the process that owns it next acts on it
            return;
        }
        using var span = ServiceTelemetry.Tick(Resource, reminderName);
        // A tick never waits for the run: the reminder would be held until it times out.
        await StartIfDue(CancellationToken.None);
        if (reminderName == Daily && State.Settings is { } settings)
        {
            await Tend(CancellationToken.None);
            if (!DailyTick.ComesAgain(status.FirstTickTime, status.Period, services.Schedule.NextMoment(Resource, settings.Window, Now), Now))
                await RegisterDailyAsync();
        }
        if (!Running && State.OpenRun is null && Unfinished() && !Resting() && !services.Gate.HasRoom())
            await this.RegisterOrUpdateReminder(Attend, AgainWhenFull, AgainWhenFull);
        if (reminderName == Attend && !Running && !Unfinished())
            await this.ForgetReminderAsync(Attend);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        if (State.OpenRun is not null)
            await StartIfDue(cancellationToken); // the process died under this run
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync(); // the open run stays in the state; the next activation goes on with it
        await Task.WhenAll(_run, _expiry, _scrub).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stopBeside?.Dispose();
        _leaving.Dispose();
        _keeper.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    private ResourceSettings Settings() => State.Settings
        ?? throw new NotFoundException($"Resource '{Resource.LocalName}' was never taken into protection.");

    // A run that has sealed or failed may still be writing that down, and would then take away the reminder of one that begins beside it.
    private async Task LastRunWrittenAsync()
    {
        if (!Running)
            await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task<RunId> BeginAsync(OpenRun open)
    {
        // The reminder first: a run that stands in the state and that nothing attends to would wait for its next day.
        await this.RegisterOrUpdateReminder(Attend, AttendPeriod, AttendPeriod);
        await _keeper.ChangeAsync(state => state with { OpenRun = open });
        _board = new RunBoard(open.Run, open.Reason, open.StartedAt, services.Time);
        _run = RunOnceAsync(open, _board);
        return open.Run;
    }

    private async Task RunOnceAsync(OpenRun open, RunBoard board)
    {
        // Give the caller its turn back, yet go on under the grain's scheduler: state has one thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        _stopRun = stop;
        RunWatchdog? watchdog = null;
        using var span = ServiceTelemetry.Run(Resource, open.Run, open.Reason);
        try
        {
            await ReportAsync();
            board.Step("Waiting at this process's gate for a place among the runs under way");
            using var place = await services.Gate.EnterMovableAsync(Resource, $"backup ({open.Reason})", stop.Token);
            board.Admitted();
            // Only now: who waits at the gate waits for others, which may take hours, and is not stuck.
            using var watching = watchdog = new RunWatchdog(board, services.Options.StuckAfterMinutes, stop, services.Time);
            await RunAdmittedAsync(open, board, stop.Token);
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested || services.Gate.IsClosed)
        {
            return; // the state still holds the open run: the next activation goes on with it
        }
        catch (AdmissionRefusedException) when (open.Reason == RunReason.Resumed)
        {
            // What a dead process leaves may be more than fits here. Nothing was begun: the run stays open, and the next minute's tick asks again.
            board.Update(progress => progress with { Outcome = RunOutcome.Cancelled, EndedAt = Now, Step = "Turned away", Problem = "Too many runs wait in this process already. It goes on by itself." });
        }
        catch (OperationCanceledException) when (_quiescing > 0 && stop.IsCancellationRequested)
        {
            await PauseAsync(board, "The tenant's backups are not to be written to for now.");
        }
        catch (OperationCanceledException) when (watchdog?.Verdict is { } stuck)
        {
            await EndAsync(board, RunFault.Of(stuck), RunOutcome.Failed);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await EndAsync(board, new RunFault("Stopped on request; the next run goes on from its last segment.", FaultKind.None), RunOutcome.Cancelled);
            await this.ForgetReminderAsync(Attend);
        }
        catch (InconsistentStateException exception)
        {
            LogOtherOwner(Log, Resource, exception); // a newer activation owns this resource, and its run
            DeactivateOnIdle();
        }
        catch (Exception exception) when (ClusterFault.Is(exception))
        {
            LogBrokenOff(Log, Resource, open.Run, exception);
            if (State.OpenRun is null)
                await ReportAsync(); // all of it is written down: what broke comes after a run
            else // it may even have sealed its point, which a new run would do again; the tenant goes on taking it for running, and looks after it
                board.Update(progress => progress with { Outcome = RunOutcome.Cancelled, EndedAt = Now, Step = "Broken off", Problem = "A part of the service was away. The run goes on by itself within a minute." });
        }
        catch (Exception exception)
        {
            LogRunFailed(Log, Resource, open.Run, exception);
            await EndAsync(board, RunFault.Of(exception), RunOutcome.Failed, exception as DamagedObjectException);
        }
        finally
        {
            _stopRun = null;
            ServiceTelemetry.RunLeft(span, Resource.Kind, board.Current);
        }
    }

    private async Task RunAdmittedAsync(OpenRun open, RunBoard board, CancellationToken cancellation)
    {
        if (await ClusterFault.OutlastAsync(() => RunsHaltedAsync(cancellation), services.Time, cancellation) is { } why)
        {
            await PauseAsync(board, why);
            return;
        }
        await ClearTrialsAsync(board, cancellation);
        var settings = Settings();
        var compare = open.CompareListing || State.LastComparedAt is not { } last || Now - last >= services.Options.CompareListingEveryDays * Day;
        var request = new RunRequest(Resource, open.Run, open.StartedAt, settings.HiddenFolders, compare, State.Scrub.ToHeal)
        {
            Remembered = Remembered,
            HasErased = State.HasErased,
            HandOver = services.Gate.Closing,
            Damaged = [.. State.Scrub.Damage.Select(damage => damage.Object)],
        };
        // Parsing, hashing and compressing of hours of pages is CPU work that would block every call to this grain. Touches no grain state.
        var result = await OrAbandonAsync(Task.Run(() => RunOnLogAsync(request, board, cancellation), cancellation), open.Run, cancellation);

        var point = Summarise(result.Point, settings);
        var end = board.Current with { Outcome = result.Outcome, EndedAt = Now, Step = "Sealed" };
        var record = new RunRecord(end, point.Sequence, result.Warnings);
        await _keeper.ChangeAsync(state => state.WithSealed(record, point, board.Worked, board.Waited).WithDamage(result.GoneRound).WithMark(result.Mark).WithBrake(services.Brake, Now) with { Card = _card ?? state.Card }); // sealed in the vault first, so a crash here loses nothing
        board.Update(_ => end); // who watches sees the end when the point can be listed
        if (!Unfinished())
            await this.ForgetReminderAsync(Attend); // otherwise the run went on past its next moment, which it does not stand for
        if (State.Brake is { IsOn: true } brake && brake.Point == point.Sequence)
            LogBrakeOn(Log, Resource, string.Join(' ', brake.Reasons));
        if (!request.Damaged.IsEmpty)
            await LookAgainAsync(cancellation);
        LogRunSealed(Log, Resource, open.Run, point.Sequence, result.Outcome);
        await ReportAsync();
        var look = IsLookDue();
        if (look || IsCardChanged())
            await PutCardAsync(CancellationToken.None); // the run is sealed: nothing takes that back
        // The run has ended; letting old points go is no part of it, so that the next run need not wait for it.
        if (look && _expiry.IsCompleted)
            _expiry = ExpireBesideAsync(BesideToken());
        ScrubIfDue();
    }

    /// <summary>Work that was told to stop and does not is left to itself after a while: it must not keep its place for ever. Whatever it still commits, the next run goes on after.</summary>
    private async Task<RunResult> OrAbandonAsync(Task<RunResult> work, RunId run, CancellationToken cancellation)
    {
        await ((Task)work).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!work.IsCompleted)
            await ((Task)work).WaitAsync(TimeSpan.FromSeconds(services.Options.StopWithinSeconds), services.Time, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (work.IsCompleted)
            return await work;
        LogAbandoned(Log, Resource, run, services.Options.StopWithinSeconds);
        throw new OperationCanceledException(cancellation);
    }

    /// <summary>A writer of a process that was taken for dead can still win a commit. That is no failure: the log is read again and the run goes on after what stands there.</summary>
    /// <remarks>Bounded: who loses again and again has a living rival, and leaves the field to it for a while.</remarks>
    private async Task<RunResult> RunOnLogAsync(RunRequest request, RunBoard board, CancellationToken cancellation)
    {
        for (var lost = 0; ; lost++)
        {
            try
            {
                return await services.Backup.RunAsync(request, board, cancellation);
            }
            catch (SegmentTakenException exception) when (lost < CommitsLostAtMost)
            {
                LogCommitLost(Log, Resource, request.Run, exception);
                board.Count(_ => RunCounts.Zero); // as for any run that goes on after its last segment
            }
        }
    }

    /// <param name="damage">What the run stumbled over: the next goes round it, where something else says the same.</param>
    private async Task EndAsync(RunBoard board, RunFault fault, RunOutcome outcome, DamagedObjectException? damage = null)
    {
        try
        {
            var end = board.Current with { Outcome = outcome, EndedAt = Now, Problem = fault.Problem, Cause = fault.Cause, Fault = fault.Kind, Step = "Ended" };
            var record = new RunRecord(end, null, []);
            await _keeper.ChangeAsync(state => (outcome == RunOutcome.Failed ? state.WithFailed(record, Now) : state.WithEnded(record)).WithDamage(damage));
            board.Update(_ => end);
            await ReportAsync();
            if (outcome == RunOutcome.Failed)
                await GrainFactory.TryPublishAsync(ServiceEvent.Of(EventKind.RunFailed, Resource.Tenant, $"{Resource.LocalName}/{end.Run}", Now, $"tenants/{Resource.Tenant}/resources/{Resource.LocalName}/runs/{end.Run}",
                    ("resource", Resource.LocalName), ("run", $"{end.Run}"), ("fault", $"{end.Fault}"), ("cause", $"{end.Cause}")), Log, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The open run stays in the stored state, so the next activation goes on with it; this one knows no better.
            LogEndNotKept(Log, Resource, exception);
            DeactivateOnIdle();
        }
    }

    private bool Unfinished() => State.Protected && State.Settings is { } settings
        && (State.OpenRun is not null || services.Schedule.IsDue(Resource, settings.Window, State.LastGoodStart, Now));

    private bool Resting() => State.LastFailureAt is { } failed && Now - failed < RetryBackoff.After(State.FailuresInARow);

    private async Task RegisterDailyAsync()
    {
        var next = services.Schedule.NextMoment(Resource, Settings().Window, Now) - Now;
        await this.RegisterOrUpdateReminder(Daily, next, Day);
    }
}
