using System.Diagnostics;
using System.Globalization;
using Orleans;
using OrleansBackup.Benchmarks.Engine;
using OrleansBackup.Demo.Output;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>A server is started on many mailboxes of which none is due: how long it takes and what it holds; then some of them are activated.</summary>
internal static class IdleSilo
{
    private const int AtOnce = 64;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static Task<MemoryUse> EmptyAsync(ClusterPlan plan) => HeldAsync(plan, World.Empty);

    public static async Task<IReadOnlyList<Figure>> RunAsync(MeasuredServer server, MemoryUse empty)
    {
        var begin = Stopwatch.GetTimestamp();
        await server.Grains.GetGrain<IMeasuredGrain>("probe").Remind("probe", Day, Day); // answered once what is stored has been read
        var scheduled = server.UntilReady + Stopwatch.GetElapsedTime(begin);
        await UntilAwakeAsync(server);
        var (mailboxes, idle) = (server.Plan.Estate.Mailboxes, MemoryUse.Now());
        if (server.Meter.RunsEnded > 0)
            throw new InvalidOperationException("Something was due, and nothing was to be.");
        var figures = new List<Figure>
        {
            Seconds($"start with {Figures.Count(mailboxes)} mailboxes, until ready", server.UntilReady),
            Seconds("until the reminders of the window were scheduled", scheduled),
            Seconds("until every tenant had been looked at for what is overdue", server.UntilReady + Stopwatch.GetElapsedTime(begin)),
            new Figure("memory then, managed / resident", $"{Figures.Bytes(idle.Managed)} / {Figures.Bytes(idle.Resident)}") { Number = idle.Managed },
            new Figure("memory of an empty server", $"{Figures.Bytes(empty.Managed)} / {Figures.Bytes(empty.Resident)}") { Number = empty.Managed },
            new Figure("per mailbox that is not active, managed", Figures.Bytes((idle.Managed - empty.Managed) / mailboxes), "under 2 kB") { Number = (idle.Managed - empty.Managed) / mailboxes },
            new Figure("per mailbox that is not active, resident", Figures.Bytes((idle.Resident - empty.Resident) / mailboxes)) { Number = (idle.Resident - empty.Resident) / mailboxes },
        };
        await ActivateAsync(server, server.Plan.Estate, server.Plan.Active);
        var active = MemoryUse.Now();
        figures.Add(new Figure($"per active mailbox without history, of {Figures.Count(server.Plan.Active)}", Figures.Bytes((active.Managed - idle.Managed) / server.Plan.Active), "under 20 kB")
        {
            Number = (active.Managed - idle.Managed) / server.Plan.Active,
        });
        figures.AddRange(await SpreadAsync(server));
        figures.AddRange(await DatabaseOfTheBuild.MeasureRefreshAsync(server.Plan, CancellationToken.None));
        return figures;
    }

    /// <summary>What active mailboxes take that have runs and restore points to remember.</summary>
    public static async Task<IReadOnlyList<Figure>> RunWithHistoryAsync(MeasuredServer server)
    {
        var estate = server.Plan.RunningEstate;
        await ActivateAsync(server, estate, 1); // code that runs for the first time is nobody's memory
        await UntilAwakeAsync(server);
        var before = MemoryUse.Now();
        await ActivateAsync(server, estate, estate.Mailboxes);
        var each = (MemoryUse.Now().Managed - before.Managed) / (estate.Mailboxes - 1);
        var runs = (await server.Grains.Resource(estate.Mailbox(0)).ListRuns(CancellationToken.None)).Length;
        return [new Figure($"per active mailbox with {runs} runs and points", Figures.Bytes(each), "under 20 kB") { Number = each }];
    }

    private static async Task<MemoryUse> HeldAsync(ClusterPlan plan, World world)
    {
        MemoryUse? held = null;
        await MeasuredServer.RunAsync(plan, world, gateClosed: false, async server =>
        {
            await server.Grains.GetGrain<IMeasuredGrain>("probe").Remind("probe", Day, Day);
            await UntilAwakeAsync(server);
            held = MemoryUse.Now();
            return [];
        });
        return held!;
    }

    /// <summary>Asks each tenant what the server asks it after its start, which it answers after that.</summary>
    private static async Task UntilAwakeAsync(MeasuredServer server)
    {
        foreach (var tenant in await server.Grains.Provider().ListTenants(CancellationToken.None))
            await server.Grains.Tenant(tenant.Tenant).SweepOverdue(CancellationToken.None);
    }

    private static Task ActivateAsync(MeasuredServer server, MeasuredEstate estate, int count) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, cancellation) => await server.Grains.Resource(estate.Mailbox(number)).GetStatus(cancellation));

    private static async Task<IReadOnlyList<Figure>> SpreadAsync(MeasuredServer server)
    {
        var begin = Stopwatch.GetTimestamp();
        var rows = (await server.Reminders.ReadRows(0, 0)).Reminders;
        var took = Stopwatch.GetElapsedTime(begin);
        var seconds = rows.Where(row => row.ReminderName == "daily").GroupBy(row => row.StartAt.Ticks / TimeSpan.TicksPerSecond).Select(second => second.Count()).ToArray();
        var window = (await server.Grains.Resource(server.Plan.Estate.Mailbox(0)).GetStatus(CancellationToken.None)).Settings.Window.Length;
        var mean = seconds.Sum() / window.TotalSeconds;
        return
        [
            Costs.Ratio($"starts a second on average, in a window of {window.TotalHours:0} hours", mean),
            new Figure("starts in the fullest second", Figures.Count(seconds.Max())) { Number = seconds.Max() },
            Costs.Ratio("the fullest second against the average", seconds.Max() / mean),
            Seconds($"all {Figures.Count(rows.Count)} reminders read by a server", took),
        ];
    }

    private static Figure Seconds(string what, TimeSpan time) => new(what, string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s")) { Number = time.TotalSeconds };
}
