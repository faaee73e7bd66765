using System.Collections.Concurrent;
using System.Diagnostics;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tests.Telemetry;

/// <summary>One backup is one trace, from the tick that found it due to the sealed point.</summary>
public sealed class TraceTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_trace_leads_from_the_tick_over_the_run_to_its_requests_and_the_seal()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is ServiceTelemetry.Name or VaultTelemetry.Name or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 10 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        scene.Clock.Shift(TimeSpan.FromDays(1));
        // As the reminder would, which real time alone brings on Orleans.
        await scene.Resource().AsReference<IRemindable>().ReceiveReminder("daily", default);
        await scene.UntilPointsAsync(2);
        await scene.StopAsync();

        var ours = spans.Where(span => span.GetTagItem("orleansbackup.tenant") as string == scene.Tenant.ToString()).ToList();
        var run = Assert.Single(ours, span => span.OperationName == "backup.run" && span.GetTagItem("orleansbackup.reason") as string == "Scheduled" && IsTick(span.Parent));
        Assert.Equal("Succeeded", run.GetTagItem("orleansbackup.outcome"));
        var inside = spans.Where(span => span.TraceId == run.TraceId && Above(span).Contains(run)).ToList();
        Assert.Contains(inside, span => span.OperationName == "vault.seal" && span.GetTagItem("orleansbackup.sequence") is long);
        Assert.Contains(inside, span => span.Source.Name == "System.Net.Http");
    }

    private static bool IsTick(Activity? span) => span?.OperationName == "backup.tick";

    private static IEnumerable<Activity> Above(Activity span)
    {
        for (var above = span.Parent; above is not null; above = above.Parent)
            yield return above;
    }
}
