using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Results;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>What a resource says of itself.</summary>
internal abstract partial class ResourceGrain
{
    public Task<ResourceStatus> GetStatus(CancellationToken cancellation) => Task.FromResult(new ResourceStatus(
        Resource, Settings(), State.Protected, Health(), Running ? _board!.Current : null, WaitingFor()) { TurnedAway = _turnedAway, Worked = Running ? _board!.Worked : TimeSpan.Zero, Waited = Running ? _board!.Waited : TimeSpan.Zero });

    public Task<WaitingReason> Why(CancellationToken cancellation)
    {
        Settings();
        return Task.FromResult(WaitingFor());
    }

    public async IAsyncEnumerable<RunProgress> WatchRun(RunId run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_board is { } board && board.Current.Run == run)
        {
            await foreach (var progress in board.WatchAsync(cancellation))
                yield return progress;
            yield break;
        }
        var ended = State.Runs.FirstOrDefault(record => record.Progress.Run == run)
            ?? throw new NotFoundException($"Run '{run}' is not known for this resource; the last {ResourceState.KeptRuns} runs are kept.");
        yield return ended.Progress;
    }

    public Task<ImmutableArray<RunRecord>> ListRuns(CancellationToken cancellation)
    {
        Settings();
        return Task.FromResult<ImmutableArray<RunRecord>>(Running
            ? [new RunRecord(_board!.Current, null, []), .. State.Runs.Where(record => record.Progress.Run != _board.Current.Run)]
            : [.. State.Runs]);
    }

    public Task<ImmutableArray<RestorePointSummary>> ListPoints(CancellationToken cancellation)
    {
        Settings();
        return Task.FromResult<ImmutableArray<RestorePointSummary>>([.. State.Points.Reverse()]);
    }

    public async Task<ImmutableArray<ItemDebt>> ListDebts(CancellationToken cancellation)
    {
        Settings();
        if (State.Points.IsEmpty)
            return [];
        try
        {
            var vault = await services.Vault.OpenAsync(Resource, cancellation);
            await using var point = await vault.OpenPointAsync(State.Points[^1].Sequence, cancellation);
            var debts = ImmutableArray.CreateBuilder<ItemDebt>();
            await foreach (var item in point.ItemsAsync(new ItemFilter(ItemKinds.Debt, null), cancellation))
                debts.Add(DebtItem.Read(item));
            return debts.ToImmutable();
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }

    public async Task<VaultCheck> CheckVault(bool everyByte, CancellationToken cancellation)
    {
        Settings();
        try
        {
            var vault = await services.Vault.OpenAsync(Resource, cancellation);
            var report = await vault.CheckAsync(everyByte ? CheckDepth.Full : CheckDepth.Structure, null, cancellation);
            var rolledBack = ImmutableArray<string>.Empty;
            try { await EnsureNotRolledBackAsync(vault, cancellation); }
            catch (VaultRolledBackException exception) { rolledBack = [exception.Message]; } // a finding like others
            // Leftovers of a crash hurt no point, nor does what is stored a second time; a prune takes them away.
            return new VaultCheck(everyByte, report.Objects, report.BytesRead, [.. rolledBack, .. report.Findings
                .Where(finding => finding.Kind is CheckFindingKind.Missing or CheckFindingKind.Damaged)
                .Select(finding => $"{finding.Kind}: object {finding.Name}: {finding.What}; {finding.Items.Length} items depend on it.")]);
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }

    private WaitingReason WaitingFor()
    {
        if (Running)
            return _board!.Waiting;
        if (!State.Protected)
            return new WaitingReason(State.Problem ?? "It is not protected.", State.LastFailureAt ?? Now, null);
        var next = services.Schedule.NextMoment(Resource, State.Settings!.Window, Now);
        if (State.LastFailureAt is { } failed)
            return new WaitingReason($"The last run failed and will be tried again by itself. {State.Problem}", failed,
                failed + Domain.Schedule.RetryBackoff.After(State.FailuresInARow));
        if (State.Brake is { IsOn: true } brake)
            return new WaitingReason($"Somebody to look at its changes: {string.Join(' ', brake.Reasons)} Runs go on, but no restore point expires until the brake is released.", brake.Since, null);
        return new WaitingReason("Its next daily run.", State.Runs.IsEmpty ? Now : State.Runs[0].Progress.EndedAt ?? Now, next);
    }

    private ResourceHealth Health()
    {
        var newest = State.Points.IsEmpty ? null : State.Points[^1];
        return new ResourceHealth(Resource, State.LastOutcome, State.LastGoodStart, newest?.SealedAt,
            services.Schedule.NextMoment(Resource, State.Settings!.Window, Now), State.Points.Count,
            newest?.Items ?? 0, newest?.LogicalBytes ?? 0, newest?.Debts ?? 0, Running, State.Problem ?? State.Scrub.Alert, State.Cause)
        {
            Missed = State.Protected ? MissedOf() : [],
            Results = State.Protected ? ResultsOf() : default,
            Change = State.Runs.FirstOrDefault(run => run.SealedPoint is not null)?.Progress.Counts is { } counts ? new ItemsChanged(counts.Added, counts.Changed + counts.PropertiesChanged, counts.Removed) : null,
            Lacks = newest?.Lacks ?? [],
            Fault = State.LastOutcome == RunOutcome.Failed && !State.Runs.IsEmpty ? State.Runs[0].Progress.Fault : FaultKind.None,
            FirstBackup = State.FirstBackup,
            Held = State.Hold is { Stands: true },
            Braked = State.Brake is { IsOn: true },
            CareDueAt = State.Protected || State.Points.IsEmpty ? null : (State.TendedAt ?? DateTimeOffset.UnixEpoch) + Day,
        };
    }

    /// <summary>From as far back as it remembers: before its first run nothing is known.</summary>
    private ImmutableArray<MissedMoment> MissedOf()
    {
        var points = State.Points.Select(point => point.StartedAt);
        var runs = State.Runs.Select(run => run.Progress).ToList();
        var remembers = points.Concat(runs.Select(run => run.StartedAt)).DefaultIfEmpty(Now).Min();
        var from = Now.AddDays(-MissedMoment.DaysTold) is var bound && bound > remembers ? bound : remembers;
        return MissedMoments.Find(services.Schedule, Resource, State.Settings!.Window,
            points.Concat(State.Runs.Where(run => run.SealedPoint is not null).Select(run => run.Progress.StartedAt)),
            runs.Where(run => run.Outcome == RunOutcome.Failed).Select(run => new FailedRun(run.Run, run.StartedAt, FaultCatalogue.KindOf(run.Fault, run.Cause), run.Problem)), from, Now);
    }

    private ResultDays ResultsOf()
    {
        var failed = State.Runs.Select(run => run.Progress).Where(run => run.Outcome == RunOutcome.Failed).Select(run => run.StartedAt).ToList();
        var good = State.Points.Select(point => (point.StartedAt, point.Debts == 0 && point.Lacks.IsEmpty)).ToList();
        var remembers = good.Select(point => point.StartedAt).Concat(failed).DefaultIfEmpty(Now).Min();
        return ResultDays.Find(services.Schedule, services.Calendar, Resource, State.Settings!.Window, good, failed, remembers, Now);
    }

    private async Task ReportAsync()
    {
        try
        {
            var health = Health();
            if (State.Settings!.Parts is not (> 0 and var parts)
                || !await GrainFactory.TenantPart(Resource.Tenant, TenantParts.Of(Resource, parts)).Report(health, CancellationToken.None))
                await GrainFactory.Tenant(Resource.Tenant).ReportHealth(health, CancellationToken.None); // told nothing of parts, or the tenant was divided since
        }
        catch (Exception exception)
        {
            // The tenant's list is a copy; this grain holds the truth and reports again at its next change.
            LogNotReported(Log, Resource, exception);
        }
    }
}
