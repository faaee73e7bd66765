using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>Waits until every protected resource has a restore point of a day, and adds up what the runs of that day did.</summary>
public sealed class DayOfBackups(DemoWorld world, OnboardedTenant tenant)
{
    private const int BarsShown = 12;

    /// <summary>How long the server's own schedule may take to notice that the clock has moved before the demonstration asks for a sweep.</summary>
    private static readonly TimeSpan PatienceWithSchedule = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = TimeProvider.System;

    /// <param name="disturb">Called once, when the runs together have handled this share of what they expect; null: nothing disturbs them.</param>
    /// <exception cref="DemoFailedException">A run failed, or nothing moved for too long.</exception>
    public async Task<DayFigures> WaitAsync(DateOnly day, string title, IProgressBoard board, Disturbance? disturb, CancellationToken cancellation)
    {
        var pending = tenant.Resources.ToDictionary(resource => resource.ResourceId, StringComparer.Ordinal);
        var newest = new Dictionary<string, RunAnswer>(StringComparer.Ordinal);
        var points = new Dictionary<string, PointAnswer>(StringComparer.Ordinal);
        var since = _time.GetTimestamp();
        var swept = false;
        await world.Patience.WhileProgressingAsync(title, async stop =>
        {
            if (!swept && newest.Count < tenant.Resources.Length && _time.GetElapsedTime(since) > PatienceWithSchedule)
            {
                await world.Api.PostAsync<SweepAnswer>($"{tenant.Path}/sweeps", null, stop);
                swept = true;
            }
            foreach (var resource in pending.Values.ToList())
            {
                if (await LookAsync(resource, day, newest, stop) is not { } point)
                    continue;
                points[resource.ResourceId] = point;
                pending.Remove(resource.ResourceId);
            }
            Show(board, title, newest, points.Count);
            if (disturb is { Done: false } && newest.Values.Sum(run => run.Counts.Handled) >= disturb.AfterItems && pending.Count > 0)
                await disturb.RunAsync(stop);
            return (pending.Count == 0, $"{points.Count} points, {newest.Values.Sum(run => run.Counts.Handled)} items, {newest.Values.Sum(run => run.Counts.Requests)} requests");
        }, cancellation);
        return new DayFigures(day, [.. newest.Values], points.ToImmutableDictionary(StringComparer.Ordinal));
    }

    private async Task<PointAnswer?> LookAsync(ProtectedResource resource, DateOnly day, Dictionary<string, RunAnswer> newest, CancellationToken cancellation)
    {
        var point = await world.Api.FindAsync<PointAnswer>($"{resource.Path}/points/{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}", cancellation);
        var runs = await world.Api.GetAsync<RunsAnswer>($"{resource.Path}/runs", cancellation);
        var run = runs.Runs.FirstOrDefault(run => point is null ? run.SealedPoint is null : run.SealedPoint == point.Sequence);
        if (run is not null)
            newest[resource.ResourceId] = run;
        return point is null && run is { Outcome: "failed" }
            ? throw new DemoFailedException($"the run of {resource.Address} failed: {run.Problem}")
            : point;
    }

    private void Show(IProgressBoard board, string title, Dictionary<string, RunAnswer> newest, int sealedPoints)
    {
        var items = newest.Values.Sum(run => run.Counts.Handled);
        board.Show(title, sealedPoints, tenant.Resources.Length, string.Create(CultureInfo.InvariantCulture, $"({sealedPoints} of {tenant.Resources.Length} resources, {items:N0} items)"));
        if (tenant.Resources.Length > BarsShown)
            return;
        foreach (var resource in tenant.Resources.Where(resource => newest.ContainsKey(resource.ResourceId)))
        {
            var run = newest[resource.ResourceId];
            var ended = run.SealedPoint is not null;
            board.Show(resource.Address, ended ? 1 : run.Counts.Handled, ended ? 1 : Math.Max(run.ItemsExpected, run.Counts.Handled + 1), ended ? "sealed" : run.Step);
        }
    }
}

/// <summary>Something that is done to the server once while runs are under way.</summary>
/// <param name="AfterItems">When the runs have handled so many items together.</param>
public sealed class Disturbance(long afterItems, Func<CancellationToken, Task> act)
{
    public long AfterItems { get; } = afterItems;

    public bool Done { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        Done = true;
        await act(cancellation);
    }
}

/// <summary>What one day's runs did.</summary>
/// <param name="Points">The day's restore point of each resource, by resource id.</param>
public sealed record DayFigures(DateOnly Day, ImmutableArray<RunAnswer> Runs, ImmutableDictionary<string, PointAnswer> Points)
{
    public long Requests => Runs.Sum(run => run.Counts.Requests);
    public long Handled => Runs.Sum(run => run.Counts.Handled);
    public long DownloadedBytes => Runs.Sum(run => run.Counts.DownloadedBytes);
    public long Debts => Points.Values.Sum(point => point.Debts);
    public long Items => Points.Values.Sum(point => point.Items);
}
