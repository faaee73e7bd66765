using Microsoft.Extensions.Logging;
using Orleans;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Keeping;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Composition;

/// <summary>When a process starts, and when another of its cluster has ended, every tenant looks at once for what the last process left unfinished or overdue: runs, its sweep, the care of released resources.</summary>
/// <remarks>A reminder's tick that fell due while no process ran is not always made up for before its next period, so what is due is looked up in the state. Safe to run in every process of a cluster: a sweep only asks.</remarks>
public static partial class WakeAfterStart
{
    /// <returns>False: some tenant could not be asked for a reason that passes by itself, such as a database that has too much to do.</returns>
    public static async Task<bool> WakeAsync(IGrainFactory grains, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        await ClusterFault.OutlastAsync(async () => { await grains.Rehearsals().BeginIfDue(cancellation); return true; }, time, cancellation);
        var all = true;
        foreach (var tenant in await ClusterFault.OutlastAsync(() => grains.Provider().ListTenants(cancellation), time, cancellation))
        {
            try
            {
                LogWoken(log, tenant.Tenant, await grains.Tenant(tenant.Tenant).SweepOverdue(cancellation));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogNotWoken(log, tenant.Tenant, exception); // one tenant's trouble must not keep the others asleep; its reminder comes
                all &= exception is not TimeoutException && !ClusterFault.Is(exception);
            }
        }
        await AttendAsync(() => grains.CheckDiary().Attend(cancellation), log);
        await AttendAsync(() => grains.ProviderAudit().Attend(cancellation), log);
        await AttendAsync(() => grains.DocumentKeeping().Attend(cancellation), log);
        return all;
    }

    /// <summary>What fell due while no process ran, of work that is nobody's but the provider's, is begun now.</summary>
    private static async Task AttendAsync(Func<Task> attend, ILogger log)
    {
        try
        {
            await attend();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotAttended(log, exception); // its reminder comes
        }
    }

    [LoggerMessage(2605, LogLevel.Warning, "The provider's own daily work could not be woken after a process started or ended")]
    private static partial void LogNotAttended(ILogger log, Exception exception);

    [LoggerMessage(2601, LogLevel.Information, "Tenant {Tenant}: {Runs} runs are under way after a process started or ended")]
    private static partial void LogWoken(ILogger log, Domain.Identity.TenantId tenant, int runs);

    [LoggerMessage(2602, LogLevel.Warning, "Tenant {Tenant} could not be woken after a process started or ended")]
    private static partial void LogNotWoken(ILogger log, Domain.Identity.TenantId tenant, Exception exception);
}
