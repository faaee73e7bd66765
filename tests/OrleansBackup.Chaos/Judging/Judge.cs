using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Chaos.Play;
using OrleansBackup.Chaos.World;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Comparison;
using OrleansBackup.Demo.Story;

namespace OrleansBackup.Chaos.Judging;

/// <summary>Looks at everything afterwards: every point of every day against the simulator's own history, the runs, and every stored byte.</summary>
internal sealed class Judge(ChaosWorld world, PatientApi api, Action<string> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TimeToSettle = TimeSpan.FromMinutes(5);

    private readonly ImmutableArray<string>.Builder _faults = ImmutableArray.CreateBuilder<string>();

    public async Task<ChaosResult> JudgeAsync(OnboardedTenant tenant, IReadOnlyList<LivedDay> days, CancellationToken cancellation)
    {
        var resources = days.SelectMany(day => day.Resources).Distinct().ToImmutableArray();
        await SettleAsync(resources, cancellation);
        var (points, runs) = await CountAsync(resources, days, cancellation);
        tell(runs);
        var things = await CompareThingsAsync(tenant, days, cancellation);
        var compared = await CompareMailAsync(tenant, days, cancellation) + things.Total;
        await CheckAsync(resources, cancellation);
        return new ChaosResult(_faults.ToImmutable(), string.Create(CultureInfo.InvariantCulture,
            $"resources={resources.Length} points={points} kinds={things.ByKind.Count} compared={compared.Compared} mismatches={compared.Mismatches.Length}"));
    }

    /// <summary>No run is under way any more: whatever still is after a while is stuck.</summary>
    private async Task SettleAsync(ImmutableArray<ProtectedResource> resources, CancellationToken cancellation)
    {
        foreach (var resource in resources)
        {
            var since = Stopwatch.GetTimestamp();
            while (await RunningAsync(resource, cancellation) is { } run)
            {
                if (Stopwatch.GetElapsedTime(since) > TimeToSettle)
                {
                    _faults.Add($"the run {run.Id} of {resource.Address} is stuck at '{run.Step}'");
                    break;
                }
                await Task.Delay(Look, cancellation);
            }
        }
    }

    private async Task<RunAnswer?> RunningAsync(ProtectedResource resource, CancellationToken cancellation) =>
        (await RunsAsync(resource, cancellation)).FirstOrDefault(run => run.EndedAt is null);

    private async Task<ImmutableArray<RunAnswer>> RunsAsync(ProtectedResource resource, CancellationToken cancellation) =>
        (await api.AskAsync("runs", (server, stop) => server.GetAsync<RunsAnswer>($"{resource.Path}/runs", stop), cancellation)).Runs;

    /// <summary>Each resource has one point for each of its days, no two, and no point that no run of the books has sealed.</summary>
    private async Task<(int Points, string Runs)> CountAsync(ImmutableArray<ProtectedResource> resources, IReadOnlyList<LivedDay> days, CancellationToken cancellation)
    {
        var total = 0;
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var resource in resources)
        {
            var points = (await api.AskAsync("points", (server, stop) => server.GetAsync<PointsAnswer>($"{resource.Path}/points", stop), cancellation)).Points;
            total += points.Length;
            foreach (var twice in points.GroupBy(point => point.Day).Where(day => day.Count() > 1))
                _faults.Add($"{resource.Address} has {twice.Count()} points of {twice.Key:yyyy-MM-dd}");
            foreach (var day in days.Where(day => day.Resources.Contains(resource) && points.All(point => point.Day != day.Day)))
                _faults.Add($"{resource.Address} has no point of {day.Day:yyyy-MM-dd}");
            var runs = await RunsAsync(resource, cancellation);
            foreach (var run in runs)
                outcomes[$"{run.Reason}: {run.Outcome}"] = outcomes.GetValueOrDefault($"{run.Reason}: {run.Outcome}") + 1;
            foreach (var twice in runs.Where(run => run.SealedPoint is not null).GroupBy(run => run.SealedPoint).Where(point => point.Count() > 1))
                _faults.Add($"{twice.Count()} runs of {resource.Address} say that they sealed point {twice.Key}");
            foreach (var failed in runs.Where(run => run.Outcome == "failed").Take(1))
                tell($"a failed run of {resource.Address}: {failed.Problem}");
        }
        return (total, $"runs: {string.Join(", ", outcomes.Select(outcome => $"{outcome.Value} {outcome.Key}"))}");
    }

    private async Task<ComparisonResult> CompareMailAsync(OnboardedTenant tenant, IReadOnlyList<LivedDay> days, CancellationToken cancellation)
    {
        var total = ComparisonResult.Nothing;
        foreach (var day in days)
        {
            foreach (var mailbox in day.Mailboxes)
            {
                var truth = await world.Simulator.Api.StateAsync(tenant.Simulated, mailbox.ObjectId, day.Truth, cancellation);
                var point = await api.AskAsync("a point", (server, _) => new PointReader(server).ReadAsync(day.PointPath(mailbox), cancellation), cancellation);
                var compared = PointComparison.Compare(truth, point);
                total += compared;
                Blame(day, mailbox, compared);
            }
        }
        return total.Compared > 0 ? total : throw new ChaosFailedException("no mail was compared");
    }

    private async Task<KindResults> CompareThingsAsync(OnboardedTenant tenant, IReadOnlyList<LivedDay> days, CancellationToken cancellation)
    {
        var total = KindResults.Nothing;
        foreach (var day in days)
        {
            foreach (var resource in day.Resources)
            {
                var truth = await world.Simulator.Api.ThingsAsync(tenant.Simulated, resource.Kind, resource.ObjectId, day.Truth, cancellation);
                var point = await api.AskAsync("a point", (server, _) => new ThingReader(server).ReadAsync(day.PointPath(resource), cancellation), cancellation);
                var compared = ThingComparison.Compare(truth, point.Select(thing => thing.Picture));
                total = total.Add(compared);
                Blame(day, resource, compared.Total);
            }
        }
        foreach (var kind in ThingRestoreComparison.Kinds.Where(kind => !total.ByKind.ContainsKey(kind)))
            _faults.Add($"nothing of the kind {kind} was compared");
        tell($"compared beside mail: {string.Join(", ", total.ByKind.Select(kind => $"{kind.Value.Compared} {kind.Key}"))}");
        return total;
    }

    private void Blame(LivedDay day, ProtectedResource resource, ComparisonResult compared)
    {
        if (compared.Mismatches.Length > 0)
            _faults.Add($"the point of {resource.Address} of {day.Day:yyyy-MM-dd} differs in {compared.Mismatches.Length} things from the truth, such as {compared.Mismatches[0]}");
    }

    private async Task CheckAsync(ImmutableArray<ProtectedResource> resources, CancellationToken cancellation)
    {
        foreach (var resource in resources)
        {
            var check = await api.AskAsync("a check", (server, stop) => server.PostAsync<CheckAnswer>($"{resource.Path}/checks", new { everyByte = true }, stop), cancellation);
            foreach (var finding in check.Findings)
                _faults.Add($"check of {resource.Address}: {finding}");
        }
    }
}
