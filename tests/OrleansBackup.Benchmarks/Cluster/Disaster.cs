using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Demo.Output;
using OrleansBackup.Grains.Admission;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>Everything is overdue and this server is the first that is up again, so all of it is its own: it has to take it on bit by bit.</summary>
internal static class Disaster
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(MeasuredServer server)
    {
        var (gate, management) = (server.Services.GetRequiredService<IAdmissionOverviewSource>(), server.Grains.GetGrain<IManagementGrain>(0));
        var before = server.ReadTrafficAsync();
        long memory = 0, managed = 0, active = 0, running = 0, waiting = 0;
        var (begin, processor) = (Stopwatch.GetTimestamp(), MeasuredServer.Processor);
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < server.Plan.DisasterSeconds)
        {
            await Task.Delay(Look);
            var (kinds, admitted) = (await management.GetSimpleGrainStatistics(), gate.Overview());
            active = Math.Max(active, kinds.Where(kind => kind.GrainType.Contains("MailboxGrain", StringComparison.Ordinal)).Sum(kind => kind.ActivationCount));
            (running, waiting) = (Math.Max(running, admitted.Running.Length), Math.Max(waiting, admitted.WaitingInAll));
            (memory, managed) = (Math.Max(memory, MemoryUse.ResidentNow()), Math.Max(managed, GC.GetTotalMemory(forceFullCollection: false)));
        }
        var elapsed = Stopwatch.GetElapsedTime(begin);
        var (succeeded, ended) = (server.Meter.RunsSucceeded, server.Meter.RunsEnded); // in this order, while more of them end
        var used = MeasuredServer.Processor - processor;
        return
        [
            new Figure($"watched for {elapsed.TotalSeconds:0} s: first backups that succeeded", Figures.Count(succeeded)) { Number = succeeded },
            new Figure("runs that failed or were refused", Figures.Count(ended - succeeded), "0") { Number = ended - succeeded },
            new Figure("first backups/s", Figures.Count((long)(succeeded / elapsed.TotalSeconds))) { Number = succeeded / elapsed.TotalSeconds },
            Costs.Milliseconds("processor ms for each", used, Math.Max(1, succeeded)),
            new Figure("most runs under way at once", Figures.Count(running)) { Number = running },
            new Figure("most runs that waited at the gate", Figures.Count(waiting)) { Number = waiting },
            new Figure("most mailboxes active at once", Figures.Count(active)) { Number = active },
            new Figure("most memory, managed / resident", $"{Figures.Bytes(managed)} / {Figures.Bytes(memory)}") { Number = memory },
            new Figure("state writes meanwhile", Figures.Count((await server.ReadTrafficAsync() - await before).StateWrites)),
        ];
    }
}
