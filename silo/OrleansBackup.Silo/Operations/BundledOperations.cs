using Orleans;
using Orleans.Runtime;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.Grains.Admission;
using CallStatistics = OrleansBackup.GrainInterfaces.Operations.CallStatistics;
using EngineStatistics = OrleansBackup.BundledRuntime.CallStatistics;

namespace OrleansBackup.Silo.Operations;

/// <summary>What the bundled engine tells the operators' page.</summary>
internal sealed class BundledOperations(
    IGrainFactory grains, EngineStatistics calls, ReminderCensus reminders, IAdmissionOverviewSource admission, ServerStart start, TimeProvider time)
    : IOperationsSource
{
    /// <summary>A tick on its way is not overdue yet.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public async Task<OperationsSnapshot> ReadAsync(CancellationToken cancellation)
    {
        var active = await grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics().WaitAsync(cancellation);
        var dueTimes = await reminders.DueTimesAsync(cancellation);
        var now = time.GetUtcNow();
        return new OperationsSnapshot(
            "Bundled",
            start.At,
            now,
            [.. active.Select(kind => new ActivationCount(ShortName(kind.GrainType), kind.ActivationCount))],
            [.. calls.Snapshot().Select(method => new CallStatistics(
                ShortName(method.Interface), method.Method, method.Calls, method.Errors, method.TotalTime / method.Calls, method.Slowest))],
            // This engine keeps the next tick that has not been delivered.
            new ReminderOverview(dueTimes.Length, dueTimes.Count(due => due + Grace < now)),
            admission.Overview());
    }

    private static string ShortName(string fullName) => fullName[(fullName.LastIndexOf('.') + 1)..];
}
