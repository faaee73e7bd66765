using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>Waits until every mailbox has a restore point of a day, and adds up what the runs of that day did.</summary>
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
        var pending = tenant.Mailboxes.ToDictionary(mailbox => mailbox.ResourceId, StringComparer.Ordinal);
        var newest = new Dictionary<string, RunAnswer>(StringComparer.Ordinal);
        var points = new Dictionary<string, PointAnswer>(StringComparer.Ordinal);
        var since = _time.GetTimestamp();
        var swept = false;
        await world.Patience.WhileProgressingAsync(title, async stop =>
        {
            if (!swept && newest.Count < tenant.Mailboxes.Length && _time.GetElapsedTime(since) > PatienceWithSchedule)
            {
                await world.Api.PostAsync<SweepAnswer>($"{tenant.Path}/sweeps", null, stop);
                swept = true;
            }
            foreach (var mailbox in pending.Values.ToList())
            {
                if (await LookAsync(mailbox, day, newest, stop) is not { } point)
                    continue;
                points[mailbox.ResourceId] = point;
                pending.Remove(mailbox.ResourceId);
            }
            Show(board, title, newest, points.Count);
            if (disturb is { Done: false } && newest.Values.Sum(run => run.Counts.Handled) >= disturb.AfterItems && pending.Count > 0)
                await disturb.RunAsync(stop);
            return (pending.Count == 0, $"{points.Count} points, {newest.Values.Sum(run => run.Counts.Handled)} items, {newest.Values.Sum(run => run.Counts.Requests)} requests");
        }, cancellation);
        return new DayFigures(day, [.. newest.Values], points.ToImmutableDictionary(StringComparer.Ordinal));
    }

    private async Task<PointAnswer?> LookAsync(ProtectedMailbox mailbox, DateOnly day, Dictionary<string, RunAnswer> newest, CancellationToken cancellation)
    {
        var point = await world.Api.FindAsync<PointAnswer>($"{mailbox.Path}/points/{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}", cancellation);
        var runs = await world.Api.GetAsync<RunsAnswer>($"{mailbox.Path}/runs", cancellation);
        var run = runs.Runs.FirstOrDefault(run => point is null ? run.SealedPoint is null : run.SealedPoint == point.Sequence);
        if (run is not null)
            newest[mailbox.ResourceId] = run;
        return point is null && run is { Outcome: "failed" }
            ? throw new DemoFailedException($"the run of {mailbox.Address} failed: {run.Problem}")
            : point;
    }

    private void Show(IProgressBoard board, string title, Dictionary<string, RunAnswer> newest, int sealedPoints)
    {
        var items = newest.Values.Sum(run => run.Counts.Handled);
        board.Show(title, sealedPoints, tenant.Mailboxes.Length, string.Create(CultureInfo.InvariantCulture, $"({sealedPoints} of {tenant.Mailboxes.Length} mailboxes, {items:N0} items)"));
        if (tenant.Mailboxes.Length > BarsShown)
            return;
        foreach (var mailbox in tenant.Mailboxes.Where(mailbox => newest.ContainsKey(mailbox.ResourceId)))
        {
            var run = newest[mailbox.ResourceId];
            var ended = run.SealedPoint is not null;
            board.Show(mailbox.Address, ended ? 1 : run.Counts.Handled, ended ? 1 : Math.Max(run.ItemsExpected, run.Counts.Handled + 1), ended ? "sealed" : run.Step);
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
/// <param name="Points">The day's restore point of each mailbox, by resource id.</param>
public sealed record DayFigures(DateOnly Day, ImmutableArray<RunAnswer> Runs, ImmutableDictionary<string, PointAnswer> Points)
{
    public long Requests => Runs.Sum(run => run.Counts.Requests);
    public long Handled => Runs.Sum(run => run.Counts.Handled);
    public long DownloadedBytes => Runs.Sum(run => run.Counts.DownloadedBytes);
    public long Debts => Points.Values.Sum(point => point.Debts);
    public long Items => Points.Values.Sum(point => point.Items);
}
