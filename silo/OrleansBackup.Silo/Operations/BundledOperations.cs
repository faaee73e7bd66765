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
    private const int BusiestCalls = 200;

    public async Task<ProcessSnapshot> ReadProcessAsync(CancellationToken cancellation)
    {
        var active = await grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics().WaitAsync(cancellation);
        return new ProcessSnapshot(
            start.Name,
            "Bundled",
            start.Version,
            start.At,
            time.GetUtcNow(),
            [.. active.Select(kind => new ActivationCount(ShortName(kind.GrainType), kind.ActivationCount))],
            [.. calls.Snapshot().Take(BusiestCalls).Select(method => new CallStatistics(
                ShortName(method.Interface), method.Method, method.Calls, method.Errors, method.TotalTime / method.Calls, method.Slowest))],
            admission.Overview());
    }

    /// <remarks>This engine keeps the next tick that has not been delivered.</remarks>
    public async Task<ReminderOverview> ReadRemindersAsync(CancellationToken cancellation)
    {
        var count = await reminders.CountAsync(cancellation);
        return new ReminderOverview(count?.All, count?.Late, count?.Soon);
    }

    private static string ShortName(string fullName) => fullName[(fullName.LastIndexOf('.') + 1)..];
}
