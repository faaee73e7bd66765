using System.CommandLine;
using System.Text.Json;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>One part of the measurement in a process of its own, so that none inherits another's memory or warmth. Started by <see cref="ClusterBenchmark"/>.</summary>
internal static class ClusterPhase
{
    public const string Name = "cluster-phase";

    private const string EmptyMemory = "empty-memory.json";

    /// <summary>Days after which a mailbox remembers as many runs as it ever does.</summary>
    private const int DaysOfHistory = 60;

    public static Command Command()
    {
        var phase = new Argument<string>("phase");
        var plan = new Argument<string>("plan");
        var command = new Command(Name, "One part of the measurement of the service at its size.") { phase, plan };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(parsed.GetRequiredValue(phase), ClusterPlan.Read(parsed.GetRequiredValue(plan))));
        return command;
    }

    public static string FiguresFile(ClusterPlan plan, string phase) => Path.Combine(plan.Folder, $"figures-{phase}.json");

    private static async Task<int> RunAsync(string phase, ClusterPlan plan)
    {
        var figures = phase switch
        {
            "empty" => await EmptyAsync(plan),
            "register" => await MeasuredServer.RunAsync(plan, World.Estate, gateClosed: true, Registration.RunAsync),
            "idle" => await MeasuredServer.RunAsync(plan, World.Estate, gateClosed: false, server => IdleSilo.RunAsync(server, ReadEmpty(plan))),
            "overdue" => await MeasuredServer.RunAsync(plan, World.Estate, gateClosed: true, async server =>
            {
                await Registration.ReportAsync(server, plan.Estate, wellBackedUp: false);
                return [];
            }),
            "disaster" => await MeasuredServer.RunAsync(plan, World.Estate, gateClosed: false, Disaster.RunAsync),
            "runs" => await MeasuredServer.RunAsync(plan, World.Runs, gateClosed: false, DailyRuns.RunAsync),
            "pass" => await MeasuredServer.RunAsync(plan, World.Runs, gateClosed: false, async server =>
            {
                await DailyRuns.PassAsync(server, DaysOfHistory - plan.Days);
                return [];
            }),
            "history" => await MeasuredServer.RunAsync(plan, World.Runs, gateClosed: true, IdleSilo.RunWithHistoryAsync),
            _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "There is no such part."),
        };
        await File.WriteAllTextAsync(FiguresFile(plan, phase), JsonSerializer.Serialize(figures));
        return 0;
    }

    private static async Task<IReadOnlyList<Figure>> EmptyAsync(ClusterPlan plan)
    {
        await File.WriteAllTextAsync(Path.Combine(plan.Folder, EmptyMemory), JsonSerializer.Serialize(await IdleSilo.EmptyAsync(plan)));
        return [];
    }

    private static MemoryUse ReadEmpty(ClusterPlan plan) => JsonSerializer.Deserialize<MemoryUse>(File.ReadAllText(Path.Combine(plan.Folder, EmptyMemory)))!;
}
