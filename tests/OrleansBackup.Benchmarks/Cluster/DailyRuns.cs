using System.Diagnostics;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Demo.Output;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>Mailboxes in which nothing changes are backed up, day after day without a pause between.</summary>
/// <remarks>
/// A day of a mailbox is what its day consists of: the tick that sets its next reminder, the run with everything after its seal, and the daily share of reading stored bytes
/// again. The clock is the machine's, so the tick finds nothing due and the run is ordered; that is the one difference.
/// </remarks>
internal static class DailyRuns
{
    private const int AtOnce = 64;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    public static async Task<IReadOnlyList<Figure>> RunAsync(MeasuredServer server)
    {
        var estate = server.Plan.RunningEstate;
        var first = await MeasureAsync(server, estate.Mailboxes, () => Registration.OnboardAsync(server, estate));
        await DayAsync(server, estate);
        var days = new List<Cost>();
        for (var day = 0; day < server.Plan.Days; day++)
            days.Add(await DayAsync(server, estate));
        var kinds = days.SelectMany(day => day.Store).GroupBy(kind => kind.Key, kind => kind.Value).OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => Costs.Ratio($"  of those: {kind.Key["store ".Length..]}", (double)kind.Sum() / days.Count / estate.Mailboxes));
        double Of(Func<Cost, double> figure) => Costs.Median(days.Select(figure));
        var (rate, milliseconds) = (Of(day => day.RunsPerSecond), Of(day => day.Server.TotalMilliseconds + day.Database.Processor.TotalMilliseconds) / estate.Mailboxes);
        return
        [
            Costs.Milliseconds($"first backup of {server.Plan.Messages} messages and {StubGraph.OtherItems} other items: processor ms, server", first.Server, estate.Mailboxes),
            new Figure("no-change daily runs: runs/s, with what else the machine did", Figures.Count((long)rate)) { Number = rate },
            Costs.Ratio("no-change daily run: processor ms, server", Of(day => day.Server.TotalMilliseconds) / estate.Mailboxes),
            Costs.Ratio("no-change daily run: processor ms, database", Of(day => day.Database.Processor.TotalMilliseconds) / estate.Mailboxes),
            new Figure("no-change daily runs: runs/s that two cores have time for", Figures.Count((long)(2000 / milliseconds)), "over 200") { Number = 2000 / milliseconds },
            Costs.Ratio("no-change daily run: state writes", Of(day => day.Database.StateWrites) / estate.Mailboxes),
            Costs.Ratio("no-change daily run: reminder writes", Of(day => day.Database.ReminderWrites) / estate.Mailboxes),
            Costs.Ratio($"no-change daily run: Graph requests, {StubGraph.FoldersOfMailbox} folders, a calendar, contacts and tasks", Of(day => day.Requests) / estate.Mailboxes),
            Costs.Ratio("no-change daily run: store operations", Of(day => day.StoreOperations) / estate.Mailboxes),
            .. kinds,
            Costs.Ratio("no-change daily run: kB allocated", Of(day => day.Allocated) / 1000 / estate.Mailboxes),
        ];
    }

    /// <summary>So many days more, for what mailboxes with a history take.</summary>
    public static async Task PassAsync(MeasuredServer server, int days)
    {
        for (var day = 0; day < days; day++)
            await DayAsync(server, server.Plan.RunningEstate);
    }

    private static Task<Cost> DayAsync(MeasuredServer server, MeasuredEstate estate) => MeasureAsync(server, estate.Mailboxes, async () =>
    {
        await EachAsync(estate, async number =>
        {
            var mailbox = server.Grains.Resource(estate.Mailbox(number));
            await mailbox.AsReference<IRemindable>().ReceiveReminder("daily", new TickStatus());
            await mailbox.StartRun(RunReason.Scheduled, false, CancellationToken.None);
        });
        await EachAsync(estate, number => server.Grains.Resource(estate.Mailbox(number)).Scrub(CancellationToken.None));
    });

    private static Task EachAsync(MeasuredEstate estate, Func<int, Task> work) =>
        Parallel.ForEachAsync(Enumerable.Range(0, estate.Mailboxes), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await work(number));

    private static async Task<Cost> MeasureAsync(MeasuredServer server, int runs, Func<Task> work)
    {
        var (ended, succeeded, store, kinds) = (server.Meter.RunsEnded, server.Meter.RunsSucceeded, server.Meter.StoreOperations, server.Meter.Snapshot());
        var (database, requests, allocated) = (await server.ReadTrafficAsync(), server.Graph.Requests, GC.GetTotalAllocatedBytes());
        var (begin, processor) = (Stopwatch.GetTimestamp(), MeasuredServer.Processor);
        await work();
        while (server.Meter.RunsEnded < ended + runs)
            await Task.Delay(Look);
        if (server.Meter.RunsSucceeded != succeeded + runs)
            throw new InvalidOperationException($"Of {runs} runs {server.Meter.RunsSucceeded - succeeded} succeeded.");
        // What runs leave to do after their end belongs to them; the silence in which it shows that nothing is left does not.
        long told;
        TimeSpan elapsed;
        do
        {
            (told, elapsed) = (server.Meter.Any, Stopwatch.GetElapsedTime(begin));
            await Task.Delay(Quiet);
        }
        while (server.Meter.Any != told);
        return new Cost(runs / elapsed.TotalSeconds, MeasuredServer.Processor - processor, await server.ReadTrafficAsync() - database, server.Graph.Requests - requests,
            server.Meter.StoreOperations - store, GC.GetTotalAllocatedBytes() - allocated,
            [.. server.Meter.Snapshot().Where(kind => kind.Key.StartsWith("store ", StringComparison.Ordinal)).Select(kind => KeyValuePair.Create(kind.Key, kind.Value - kinds.GetValueOrDefault(kind.Key)))]);
    }

    private sealed record Cost(
        double RunsPerSecond, TimeSpan Server, DatabaseTraffic Database, long Requests, long StoreOperations, long Allocated, IReadOnlyList<KeyValuePair<string, long>> Store);
}
