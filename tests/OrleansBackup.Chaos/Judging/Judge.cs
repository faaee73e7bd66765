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
        var mailboxes = days.SelectMany(day => day.Mailboxes).Distinct().ToImmutableArray();
        await SettleAsync(mailboxes, cancellation);
        var (points, runs) = await CountAsync(mailboxes, days, cancellation);
        tell(runs);
        var compared = await CompareAsync(tenant, days, cancellation);
        await CheckAsync(mailboxes, cancellation);
        return new ChaosResult(_faults.ToImmutable(), string.Create(CultureInfo.InvariantCulture,
            $"mailboxes={mailboxes.Length} points={points} compared={compared.Compared} mismatches={compared.Mismatches.Length}"));
    }

    /// <summary>No run is under way any more: whatever still is after a while is stuck.</summary>
    private async Task SettleAsync(ImmutableArray<ProtectedMailbox> mailboxes, CancellationToken cancellation)
    {
        foreach (var mailbox in mailboxes)
        {
            var since = Stopwatch.GetTimestamp();
            while (await RunningAsync(mailbox, cancellation) is { } run)
            {
                if (Stopwatch.GetElapsedTime(since) > TimeToSettle)
                {
                    _faults.Add($"the run {run.Id} of {mailbox.Address} is stuck at '{run.Step}'");
                    break;
                }
                await Task.Delay(Look, cancellation);
            }
        }
    }

    private async Task<RunAnswer?> RunningAsync(ProtectedMailbox mailbox, CancellationToken cancellation) =>
        (await RunsAsync(mailbox, cancellation)).FirstOrDefault(run => run.EndedAt is null);

    private async Task<ImmutableArray<RunAnswer>> RunsAsync(ProtectedMailbox mailbox, CancellationToken cancellation) =>
        (await api.AskAsync("runs", (server, stop) => server.GetAsync<RunsAnswer>($"{mailbox.Path}/runs", stop), cancellation)).Runs;

    /// <summary>Each mailbox has one point for each of its days, no two, and no point that no run of the books has sealed.</summary>
    private async Task<(int Points, string Runs)> CountAsync(ImmutableArray<ProtectedMailbox> mailboxes, IReadOnlyList<LivedDay> days, CancellationToken cancellation)
    {
        var total = 0;
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var mailbox in mailboxes)
        {
            var points = (await api.AskAsync("points", (server, stop) => server.GetAsync<PointsAnswer>($"{mailbox.Path}/points", stop), cancellation)).Points;
            total += points.Length;
            foreach (var twice in points.GroupBy(point => point.Day).Where(day => day.Count() > 1))
                _faults.Add($"{mailbox.Address} has {twice.Count()} points of {twice.Key:yyyy-MM-dd}");
            foreach (var day in days.Where(day => day.Mailboxes.Contains(mailbox) && points.All(point => point.Day != day.Day)))
                _faults.Add($"{mailbox.Address} has no point of {day.Day:yyyy-MM-dd}");
            var runs = await RunsAsync(mailbox, cancellation);
            foreach (var run in runs)
                outcomes[$"{run.Reason}: {run.Outcome}"] = outcomes.GetValueOrDefault($"{run.Reason}: {run.Outcome}") + 1;
            foreach (var twice in runs.Where(run => run.SealedPoint is not null).GroupBy(run => run.SealedPoint).Where(point => point.Count() > 1))
                _faults.Add($"{twice.Count()} runs of {mailbox.Address} say that they sealed point {twice.Key}");
            foreach (var failed in runs.Where(run => run.Outcome == "failed").Take(1))
                tell($"a failed run of {mailbox.Address}: {failed.Problem}");
        }
        return (total, $"runs: {string.Join(", ", outcomes.Select(outcome => $"{outcome.Value} {outcome.Key}"))}");
    }

    private async Task<ComparisonResult> CompareAsync(OnboardedTenant tenant, IReadOnlyList<LivedDay> days, CancellationToken cancellation)
    {
        var total = ComparisonResult.Nothing;
        foreach (var day in days)
        {
            foreach (var mailbox in day.Mailboxes)
            {
                var truth = await world.Simulator.Api.StateAsync(tenant.Simulated, mailbox.UserId, day.Truth, cancellation);
                var at = day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                var point = await api.AskAsync("a point", (server, _) => new PointReader(server).ReadAsync($"{mailbox.Path}/points/{at}", cancellation), cancellation);
                var compared = PointComparison.Compare(truth, point);
                total += compared;
                if (compared.Mismatches.Length > 0)
                    _faults.Add($"the point of {mailbox.Address} of {at} differs in {compared.Mismatches.Length} things from the truth, such as {compared.Mismatches[0]}");
            }
        }
        return total.Compared > 0 ? total : throw new ChaosFailedException("nothing was compared");
    }

    private async Task CheckAsync(ImmutableArray<ProtectedMailbox> mailboxes, CancellationToken cancellation)
    {
        foreach (var mailbox in mailboxes)
        {
            var check = await api.AskAsync("a check", (server, stop) => server.PostAsync<CheckAnswer>($"{mailbox.Path}/checks", new { everyByte = true }, stop), cancellation);
            foreach (var finding in check.Findings)
                _faults.Add($"check of {mailbox.Address}: {finding}");
        }
    }
}
