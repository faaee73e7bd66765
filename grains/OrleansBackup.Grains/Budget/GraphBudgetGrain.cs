using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.GrainInterfaces.Budget;

namespace OrleansBackup.Grains.Budget;

/// <summary>One tenant's shared budget. Kept in memory only: after a restart a full bucket is at worst one second of requests too generous.</summary>
internal sealed class GraphBudgetGrain(IOptions<GraphBudgetOptions> options, TimeProvider time) : Grain, IGraphBudgetGrain
{
    private readonly TokenBucket _bucket = new(options.Value.RequestsPerSecond, time.GetUtcNow());

    public Task<BudgetGrant> Take(int wanted, CancellationToken cancellation)
    {
        var (permits, wait) = _bucket.Take(wanted, time.GetUtcNow());
        return Task.FromResult(new BudgetGrant(permits, wait));
    }

    public Task ReportThrottle(TimeSpan pause, CancellationToken cancellation)
    {
        _bucket.Throttle(pause, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task<BudgetUsage> GetUsage(CancellationToken cancellation) =>
        Task.FromResult(new BudgetUsage(_bucket.Rate, _bucket.GrantedTotal, _bucket.ThrottlesTotal, _bucket.PausedUntil));
}
