using Orleans;
using Orleans.Runtime;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Benchmarks.Engine;

/// <summary>State and reminders, every change of which is on the disk before its call returns.</summary>
internal static class StorageMeasurement
{
    private const int Stored = 100_000;
    private const int AtOnce = 1000;
    private static readonly TimeSpan Period = TimeSpan.FromDays(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(MeasuredSilo silo, CancellationToken cancellation)
    {
        var figures = new List<Figure>();
        foreach (var chains in (int[])[1, 16, 64])
        {
            var writes = await Throughput.MeasureAsync(chains, (chain, _) => silo.Grains.GetGrain<IKeepingGrain>($"{chain}").WriteAsync(), 1, cancellation);
            figures.Add(new Figure($"states of 1 KB written, {chains} at once: writes/s", Figures.Count((long)writes.PerSecond)) { Number = writes.PerSecond });
        }
        var registered = await Throughput.MeasureAsync(64, (chain, step) => silo.Grain($"{chain}-{step}").Remind("daily", Period, Period), 1, cancellation);
        figures.Add(new Figure("reminders registered, 64 at once: reminders/s", Figures.Count((long)registered.PerSecond)) { Number = registered.PerSecond });
        return figures;
    }

    /// <summary>Stores reminders, starts a silo over them, and waits until it has them all in its hands.</summary>
    public static async Task<IReadOnlyList<Figure>> StartAsync(string folder, CancellationToken cancellation)
    {
        await using (var silo = await MeasuredSilo.StartAsync(folder, cancellation))
            await Parallel.ForAsync(0, Stored, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (i, _) => await silo.Reminders.UpsertRow(Reminder(silo, i)));

        var begin = TimeProvider.System.GetTimestamp();
        await using var started = await MeasuredSilo.StartAsync(folder, cancellation);
        var start = TimeProvider.System.GetElapsedTime(begin);
        await started.Grain("probe").Remind("probe", Period, Period); // answered once what is stored has been read
        var ready = TimeProvider.System.GetElapsedTime(begin);
        return
        [
            new Figure($"start with {Figures.Count(Stored)} reminders stored", $"{start.TotalSeconds:0.00} s", "under 1 s") { Number = start.TotalSeconds },
            new Figure("until it took a new reminder as well", $"{ready.TotalSeconds:0.00} s") { Number = ready.TotalSeconds },
        ];
    }

    private static ReminderEntry Reminder(MeasuredSilo silo, int number) => new()
    {
        GrainId = silo.Grain($"reminded-{number}").GetGrainId(),
        ReminderName = "daily",
        StartAt = TimeProvider.System.GetUtcNow().UtcDateTime + Period,
        Period = Period,
    };
}
