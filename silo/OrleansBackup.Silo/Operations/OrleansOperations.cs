using Orleans;
using Orleans.Runtime;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.Grains.Admission;

namespace OrleansBackup.Silo.Operations;

/// <summary>What Orleans tells the operators' page.</summary>
internal sealed class OrleansOperations(
    IGrainFactory grains, OrleansCallMeter calls, ReminderCensus reminders, IAdmissionOverviewSource admission, ServerStart start, TimeProvider time)
    : IOperationsSource
{
    public async Task<OperationsSnapshot> ReadAsync(CancellationToken cancellation)
    {
        var active = await grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics().WaitAsync(cancellation);
        var dueTimes = await reminders.DueTimesAsync(cancellation);
        return new OperationsSnapshot(
            "Orleans",
            start.At,
            time.GetUtcNow(),
            [.. active.Select(kind => new ActivationCount(ShortName(kind.GrainType), kind.ActivationCount))],
            calls.Read(),
            // Orleans keeps a reminder's first tick only, so the table cannot say which tick was missed.
            new ReminderOverview(dueTimes.Length, Overdue: null),
            admission.Overview());
    }

    // "Namespace.MailboxGrain,Assembly" to MailboxGrain.
    private static string ShortName(string fullName) => fullName.Split(',')[0] is var type ? type[(type.LastIndexOf('.') + 1)..] : fullName;
}
