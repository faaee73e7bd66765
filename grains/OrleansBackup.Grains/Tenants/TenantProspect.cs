using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Admission;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Brings together what the forecast of a tenant needs: what its parts know, which runs have places, how far those are, and what the tenant's budget grants.</summary>
internal sealed class TenantProspect(IGrainFactory grains, IOptions<AdmissionOptions> admission, TimeProvider time)
{
    private const int MostRunsAsked = 1_000, RunsAskedAtOnce = 16;

    public async Task<TenantForecastReport> ForetellAsync(TenantId tenant, ImmutableArray<FirstBackupLeft> left, ImmutableArray<FirstBackup> done, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (left.IsEmpty)
            return new TenantForecastReport(now, TenantForecast.Foretell(new TenantWork(done, 1, 0, [])), 0, []);
        var processes = await grains.GetGrain<IProcessBoardGrain>(GrainKeys.ProcessBoard).Read(cancellation);
        var (places, placesForMailboxes) = PlacesOf(tenant, [.. processes.Where(process => process.SilentFor is null).Select(process => process.Snapshot.Admission)]);
        var flows = (await grains.GetGrain<IGraphBudgetGrain>(GrainKeys.Of(tenant)).GetUsage(cancellation)).Flows;
        var running = processes.SelectMany(process => process.Snapshot.Admission.Running).Select(run => run.Resource).ToHashSet();
        var underWay = await UnderWayAsync([.. left.Where(backup => running.Contains(backup.Resource)).Take(MostRunsAsked)], now, cancellation);
        var waiting = left.Where(backup => !underWay.ContainsKey(backup.Resource)).Select(backup => new FirstBackup(backup.Resource.Kind, FirstBackupStage.Waiting, backup.Told));
        var work = new TenantWork([.. done, .. underWay.Values, .. waiting], places, placesForMailboxes, flows);
        // Tens of thousands of runs put through their queue again and again are some 100 ms of CPU; touches no state.
        return new TenantForecastReport(now, await Task.Run(() => TenantForecast.Foretell(work), cancellation), places, flows);
    }

    /// <summary>What a tenant can have of the places: those that others do not hold, and only those that it has while others wait too.</summary>
    private (int Places, int ForMailboxes) PlacesOf(TenantId tenant, List<AdmissionOverview> gates)
    {
        var limit = gates.Count == 0 ? admission.Value.ConcurrentRuns : gates.Sum(gate => gate.Limit);
        var mine = gates.Sum(gate => gate.Running.Count(run => run.Resource.Tenant == tenant));
        var others = gates.Sum(gate => gate.Running.Length) - mine;
        var othersWait = gates.Exists(gate => gate.Waiting.Any(run => run.Resource.Tenant != tenant));
        var places = Math.Max(1, othersWait ? mine : limit - others);
        return (places, Math.Min(places - 1, admission.Value.PlacesForMailboxes * Math.Max(1, gates.Count)));
    }

    private async Task<ConcurrentDictionary<ResourceId, FirstBackup>> UnderWayAsync(ImmutableArray<FirstBackupLeft> running, DateTimeOffset now, CancellationToken cancellation)
    {
        var found = new ConcurrentDictionary<ResourceId, FirstBackup>();
        await Parallel.ForEachAsync(running, new ParallelOptions { MaxDegreeOfParallelism = RunsAskedAtOnce, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current }, async (backup, token) =>
        {
            var status = await grains.Resource(backup.Resource).GetStatus(token);
            if (status.CurrentRun is { } run)
                found[backup.Resource] = Of(backup, run, status, now);
        });
        return found;
    }

    private static FirstBackup Of(FirstBackupLeft backup, RunProgress run, ResourceStatus status, DateTimeOffset now) => new(backup.Resource.Kind, FirstBackupStage.UnderWay,
        run is { ItemsExpected: <= 0, BytesExpected: <= 0 } ? backup.Told : new ToldSize(run.ItemsExpected > 0 ? run.ItemsExpected : null, run.BytesExpected > 0 ? run.BytesExpected : null))
    {
        Worked = status.Worked, Waited = status.Waited, Items = run.Counts.Added + run.Counts.Changed, Bytes = run.Counts.DownloadedBytes, Requests = run.Counts.Requests,
        Left = run.ExpectedEnd is { } end ? end > now ? end - now : TimeSpan.Zero : null,
    };
}
