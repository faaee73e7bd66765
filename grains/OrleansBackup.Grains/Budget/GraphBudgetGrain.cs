using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.GrainInterfaces.Budget;

namespace OrleansBackup.Grains.Budget;

/// <summary>One tenant's shared budget, service by service. Kept in memory only: after a restart full buckets are at worst so much too generous.</summary>
internal sealed class GraphBudgetGrain(IOptions<GraphBudgetOptions> options, TimeProvider time) : Grain, IGraphBudgetGrain
{
    private readonly SortedDictionary<GraphService, ServiceBudget> _services = [];
    private int _licences;

    public Task<BudgetGrant> Take(int wanted, CancellationToken cancellation) => TakeFor(GraphService.Exchange, WorkPriority.Backup, wanted, cancellation);

    public Task<BudgetGrant> TakeFor(GraphService service, WorkPriority priority, int wanted, CancellationToken cancellation)
    {
        var (permits, wait) = Of(service).Take(priority, wanted, time.GetUtcNow());
        return Task.FromResult(new BudgetGrant(permits, wait));
    }

    public Task ReportThrottle(TimeSpan pause, CancellationToken cancellation) => ReportThrottleOf(GraphService.Exchange, pause, cancellation);

    public Task ReportThrottleOf(GraphService service, TimeSpan pause, CancellationToken cancellation)
    {
        Of(service).Throttle(pause, time.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task SetLicences(int licences, CancellationToken cancellation)
    {
        if (FileLimits.Of(licences) != FileLimits.Of(_licences))
            _services.Remove(GraphService.Files); // begins anew with the other limits
        _licences = licences;
        return Task.CompletedTask;
    }

    public Task<BudgetUsage> GetUsage(CancellationToken cancellation)
    {
        var services = _services.Select(entry => new ServiceUsage(
            entry.Key, entry.Value.Rate, entry.Value.GrantedTotal, entry.Value.ThrottlesTotal, entry.Value.PausedUntil)).ToList();
        return Task.FromResult(new BudgetUsage(
            services.Sum(service => service.PermitsPerSecond), services.Sum(service => service.GrantedTotal), services.Sum(service => service.ThrottlesTotal),
            services.Max(service => service.PausedUntil)) { Services = [.. services], Flows = [.. Enum.GetValues<LimitedService>().SelectMany(FlowsOf)] });
    }

    private ServiceBudget Of(GraphService service)
    {
        if (!_services.TryGetValue(service, out var budget))
            _services.Add(service, budget = New(service));
        return budget;
    }

    private ServiceBudget New(GraphService service) => service switch
    {
        GraphService.Files => ServiceBudget.OfFiles(_licences, time.GetUtcNow()),
        GraphService.Teams => ServiceBudget.OfRate(options.Value.TeamsRequestsPerSecond, time.GetUtcNow()),
        _ => ServiceBudget.OfRate(options.Value.RequestsPerSecond, time.GetUtcNow()),
    };

    private IEnumerable<PermitFlow> FlowsOf(LimitedService limited)
    {
        var service = limited switch { LimitedService.Files => GraphService.Files, LimitedService.Teams => GraphService.Teams, _ => GraphService.Exchange };
        return (_services.GetValueOrDefault(service) ?? New(service)).Flows(time.GetUtcNow()).Select(flow => new PermitFlow(limited, flow.PerSecond, flow.Ready));
    }
}
