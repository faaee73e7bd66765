using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Budget;

/// <summary>This process's share of a tenant's budget: takes permits from the tenant's grain in blocks and hands them out one by one.</summary>
internal sealed partial class TenantRequestBudget(
    TenantId tenant, IGraphBudgetGrain grain, int block, TimeProvider time, ILogger<TenantRequestBudget> log) : IRequestBudget, IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private int _permits;

    public async ValueTask WaitAsync(int cost, CancellationToken cancellation)
    {
        RequestMeter.CountRequests(cost);
        await _turn.WaitAsync(cancellation);
        try
        {
            while (_permits < cost)
            {
                // The grain may have been on a process that died: the request waits until it lives again, instead of breaking its run.
                var grant = await ClusterFault.OutlastAsync(() => grain.Take(Math.Max(block, cost), cancellation), time, cancellation);
                _permits += grant.Permits;
                if (_permits < cost)
                    await Task.Delay(Whole(grant.Wait), time, cancellation);
            }
            _permits -= cost;
        }
        finally
        {
            _turn.Release();
        }
    }

    // Timers cut to milliseconds: a shorter wait would be none, and the same question asked again and again until the time has come.
    private static TimeSpan Whole(TimeSpan wait) => wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : Shortest;

    public void Report(ThrottleSignal signal)
    {
        if (signal.IsRefusal)
            RequestMeter.CountThrottle();
        if (signal is { Scope: ThrottleScope.Tenant, IsRefusal: true })
            _ = TellAsync(signal.PauseFor ?? TimeSpan.FromSeconds(10));
    }

    public void Dispose() => _turn.Dispose();

    private async Task TellAsync(TimeSpan pause)
    {
        try
        {
            await grain.ReportThrottle(pause, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The refusal itself was obeyed already; telling the others is a courtesy that may be lost.
            LogNotTold(log, tenant, exception);
        }
    }

    [LoggerMessage(2301, LogLevel.Warning, "The budget of tenant {Tenant} could not be told of a refusal")]
    private static partial void LogNotTold(ILogger log, TenantId tenant, Exception exception);
}
