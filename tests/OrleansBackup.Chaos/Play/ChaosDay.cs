using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Chaos.World;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Story;

namespace OrleansBackup.Chaos.Play;

/// <summary>Waits, while things are broken, until every protected resource has its point of the day. Nobody asks the service for anything: what is due it finds by itself.</summary>
internal sealed class ChaosDay(ChaosWorld world, PatientApi api, ActPlayer player, Action<string> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Nothing has moved for so long: then minutes pass quickly, up to a limit, since whoever failed rests for minutes before the next attempt.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Leap = TimeSpan.FromMinutes(1);

    /// <summary>The day must not end in between.</summary>
    private static readonly TimeSpan LeapsInAll = TimeSpan.FromMinutes(90);

    private static readonly TimeSpan Stall = TimeSpan.FromMinutes(8);

    public async Task WaitAsync(DateOnly day, ImmutableArray<ProtectedResource> resources, Task acts, CancellationToken cancellation)
    {
        var pending = resources.ToList();
        var (moved, leapt, mark) = (Stopwatch.GetTimestamp(), TimeSpan.Zero, "");
        while (pending.Count > 0 || !acts.IsCompleted)
        {
            if (acts.IsFaulted)
                await acts;
            if (acts.IsCompleted)
                await player.SuperviseAsync(cancellation);
            await world.TellTimeAsync(cancellation);
            long handled = 0;
            foreach (var resource in pending.ToList())
            {
                var (point, runs) = await LookAsync(resource, day, cancellation);
                handled += runs.Runs.Sum(run => run.Counts.Handled + run.Counts.Requests) + runs.Runs.Length;
                if (point is not null)
                    pending.Remove(resource);
            }
            var now = string.Create(CultureInfo.InvariantCulture, $"{pending.Count}/{handled}/{acts.IsCompleted}");
            if (now != mark)
                (mark, moved) = (now, Stopwatch.GetTimestamp());
            if (acts.IsCompleted && Stopwatch.GetElapsedTime(moved) > Quiet && leapt < LeapsInAll)
            {
                world.Shift(Leap);
                leapt += Leap;
            }
            if (Stopwatch.GetElapsedTime(moved) > Stall)
                throw new ChaosFailedException($"{pending.Count} resources have no point of {day:yyyy-MM-dd} and nothing moves for {Stall.TotalMinutes:0} minutes: {await WhyAsync(pending, cancellation)}");
            await Task.Delay(Look, cancellation);
        }
        await acts;
        tell($"{day:yyyy-MM-dd}: every resource has its point{(leapt > TimeSpan.Zero ? $" after {leapt.TotalMinutes:0} minutes that passed quickly" : "")}");
    }

    private Task<(PointAnswer? Point, RunsAnswer Runs)> LookAsync(ProtectedResource resource, DateOnly day, CancellationToken cancellation) => api.AskAsync(resource.Address, async (server, stop) =>
        (await server.FindAsync<PointAnswer>($"{resource.Path}/points/{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}", stop), await server.GetAsync<RunsAnswer>($"{resource.Path}/runs", stop)), cancellation);

    private async Task<string> WhyAsync(IEnumerable<ProtectedResource> pending, CancellationToken cancellation)
    {
        var reasons = new List<string>();
        foreach (var resource in pending.Take(3))
        {
            var why = await api.AskAsync("why", (server, stop) => server.GetAsync<System.Text.Json.JsonElement>($"{resource.Path}/why", stop), cancellation);
            var runs = await api.AskAsync("runs", (server, stop) => server.GetAsync<RunsAnswer>($"{resource.Path}/runs", stop), cancellation);
            reasons.Add($"{resource.Address}: {why}; newest run {runs.Runs.FirstOrDefault()}");
        }
        return string.Join("; ", reasons);
    }
}
