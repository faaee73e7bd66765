using Orleans;
using Orleans.Runtime;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.Grains.Admission;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Silo.Operations;

/// <summary>What Orleans tells the operators' page.</summary>
internal sealed class OrleansOperations(
    IGrainFactory grains, ILocalSiloDetails silo, IReminderTable table, OrleansCallMeter calls, ReminderCensus reminders, IAdmissionOverviewSource admission, ServerStart start, TimeProvider time)
    : IOperationsSource
{
    private const int BusiestCalls = 200;

    public async Task<ProcessSnapshot> ReadProcessAsync(CancellationToken cancellation)
    {
        var active = await grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics([silo.SiloAddress]).WaitAsync(cancellation);
        return new ProcessSnapshot(
            $"{ServerStart.Machine} {silo.SiloAddress}",
            "Orleans",
            start.Version,
            start.At,
            time.GetUtcNow(),
            [.. active.Select(kind => new ActivationCount(ShortName(kind.GrainType), kind.ActivationCount))],
            [.. calls.Read().OrderByDescending(call => call.Calls).Take(BusiestCalls)],
            admission.Overview());
    }

    /// <remarks>Orleans keeps a reminder's first tick only, so the table cannot say which tick was missed.</remarks>
    public async Task<ReminderOverview> ReadRemindersAsync(CancellationToken cancellation)
    {
        var count = await reminders.CountAsync(cancellation);
        return new ReminderOverview(count?.All, Overdue: null, table is SqliteReminderTable ? null : count?.Soon); // that table counts first ticks
    }

    // "Namespace.MailboxGrain,Assembly" to MailboxGrain.
    private static string ShortName(string fullName) => fullName.Split(',')[0] is var type ? type[(type.LastIndexOf('.') + 1)..] : fullName;
}
