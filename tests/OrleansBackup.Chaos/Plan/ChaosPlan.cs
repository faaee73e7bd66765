using System.Collections.Immutable;

namespace OrleansBackup.Chaos.Plan;

/// <summary>What is done on which day. Pure: the same seed gives the same plan; what the processes are doing at that moment is chance.</summary>
internal static class ChaosPlan
{
    private const int LongestPauseSeconds = 4;

    /// <summary>What can be done to one process with its data in a folder.</summary>
    public static ImmutableArray<ActKind> ForOneProcess { get; } = [ActKind.Kill, ActKind.Freeze, ActKind.MoveClock, ActKind.StormGraph];

    public static ImmutableArray<ActKind> ForCluster { get; } =
        [ActKind.Kill, ActKind.Freeze, ActKind.CrashDatabase, ActKind.MoveClock, ActKind.BreakStore, ActKind.StormGraph, ActKind.Add, ActKind.Drain, ActKind.ReplaceAll];

    /// <returns>For each day, 0 being that of the first backup, its acts in order. Each kind comes at least once if there are as many acts; the first day begins with a kill.</returns>
    /// <param name="days">Days after the first.</param>
    public static ImmutableArray<ImmutableArray<Act>> Make(int seed, int days, ImmutableArray<ActKind> kinds)
    {
        // Not the class library's generator: a plan must be the same in the next release too.
        var random = new PlanRandom((ulong)seed);
        var acts = Math.Max(kinds.Length, days + 1);
        var order = new List<ActKind>();
        while (order.Count < acts)
            order.AddRange(random.Shuffle(kinds));
        order.Remove(ActKind.Kill);
        order.Insert(0, ActKind.Kill);
        var perDay = Enumerable.Range(0, days + 1).Select(_ => ImmutableArray.CreateBuilder<Act>()).ToArray();
        for (var i = 0; i < acts; i++)
            perDay[i * (days + 1) / acts].Add(new Act(order[i], TimeSpan.FromSeconds(random.Next(LongestPauseSeconds)), random.Next(1_000)));
        return [.. perDay.Select(day => day.ToImmutable())];
    }
}
