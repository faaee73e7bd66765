using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Budget;
using OrleansBackup.Microsoft365;

namespace OrleansBackup.Grains.Budget;

/// <summary>This process's share of a tenant's budget: takes permits from the tenant's grain in blocks and hands them out one by one.</summary>
/// <remarks>Each service and priority has its own block, so that neither a slow site keeps mail waiting nor a thousand runs keep a restore waiting.</remarks>
internal sealed partial class TenantRequestBudget(
    TenantId tenant, IGraphBudgetGrain grain, int block, TimeProvider time, ILogger<TenantRequestBudget> log) : IRequestBudget, IDisposable
{
    // A unit of files is worth more than a request: a process takes few at a time, since what it holds back nobody else can use.
    private const int BlockOfFiles = 25;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<(GraphService, WorkPriority), Permits> _held = new();

    public async ValueTask WaitAsync(RequestCharge charge, CancellationToken cancellation)
    {
        RequestMeter.CountRequests(charge.Cost);
        var (service, priority) = (Of(charge.Service), WorkUnderWay.Priority);
        var held = _held.GetOrAdd((service, priority), static _ => new Permits());
        using var wait = RequestMeter.BeginWait(time);
        await held.Turn.WaitAsync(cancellation);
        try
        {
            while (held.Count < charge.Cost)
            {
                var wanted = Math.Max(service == GraphService.Files ? Math.Min(block, BlockOfFiles) : block, charge.Cost);
                // The grain may have been on a process that died: the request waits until it lives again, instead of breaking its run.
                var grant = await ClusterFault.OutlastAsync(() => grain.TakeFor(service, priority, wanted, cancellation), time, cancellation);
                held.Count += grant.Permits;
                if (held.Count < charge.Cost)
                    await Task.Delay(Whole(grant.Wait), time, cancellation);
            }
            held.Count -= charge.Cost;
        }
        finally
        {
            held.Turn.Release();
        }
    }

    // Timers cut to milliseconds: a shorter wait would be none, and the same question asked again and again until the time has come.
    private static TimeSpan Whole(TimeSpan wait) => wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : Shortest;

    public void Report(ThrottleSignal signal)
    {
        if (signal.IsRefusal)
            RequestMeter.CountThrottle();
        if (signal is { Scope: ThrottleScope.Tenant, IsRefusal: true })
            _ = TellAsync(Of(signal.Service), signal.PauseFor ?? TimeSpan.FromSeconds(10));
    }

    public void Dispose()
    {
        foreach (var held in _held.Values)
            held.Turn.Dispose();
    }

    private static GraphService Of(RequestService service) => service switch
    {
        RequestService.Files => GraphService.Files,
        RequestService.Directory => GraphService.Directory,
        RequestService.Teams => GraphService.Teams,
        _ => GraphService.Exchange,
    };

    private async Task TellAsync(GraphService service, TimeSpan pause)
    {
        try
        {
            await grain.ReportThrottleOf(service, pause, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The refusal itself was obeyed already; telling the others is a courtesy that may be lost.
            LogNotTold(log, tenant, exception);
        }
    }

    [LoggerMessage(2301, LogLevel.Warning, "The budget of tenant {Tenant} could not be told of a refusal")]
    private static partial void LogNotTold(ILogger log, TenantId tenant, Exception exception);

    private sealed class Permits
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Count { get; set; }
    }
}
