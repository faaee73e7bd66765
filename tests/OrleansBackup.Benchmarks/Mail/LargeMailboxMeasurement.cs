using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Output;
using OrleansBackup.Demo.Story;

namespace OrleansBackup.Benchmarks.Mail;

/// <summary>One large mailbox: what matters is the memory that the server takes for it.</summary>
internal static class LargeMailboxMeasurement
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(int messages, CancellationToken cancellation)
    {
        await using var system = await MeasuredSystem.StartAsync(cancellation);
        var made = await system.World.Simulator.Api.CreateTenantAsync(new SimulatedRecipe { Users = 1, MessagesPerMailbox = messages }, cancellation);
        var watch = Stopwatch.StartNew();
        var tenant = await new Onboarding(system.World).RunAsync(made, cancellation);
        var first = await system.BackUpAsync(tenant, 0, cancellation);
        var afterFirst = system.ServerCost().PeakMemoryBytes;
        var elapsed = watch.Elapsed;
        await system.PassDayAsync(cancellation);
        watch.Restart();
        await system.BackUpAsync(tenant, 1, cancellation);
        return
        [
            new Figure("first backup: items/s", Figures.Count((long)(first.Items / elapsed.TotalSeconds))),
            new Figure("first backup: peak memory of the server", Figures.Bytes(afterFirst), "under 300 MB for 100,000"),
            new Figure("no-change run: time", string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalMilliseconds:N0} ms")),
            new Figure("no-change run: peak memory since the start", Figures.Bytes(system.ServerCost().PeakMemoryBytes)),
        ];
    }
}
