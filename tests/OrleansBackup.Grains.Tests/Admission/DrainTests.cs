using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Admission;

/// <summary>A process that is to end begins nothing more, and what is under way commits what it has before it leaves.</summary>
public sealed class DrainTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    // So large that nothing is committed before the end of the run, unless something asks for it.
    private static readonly Dictionary<string, string?> OneSegment = new()
    {
        ["Backup:Runs:SegmentChanges"] = "100000", ["Backup:Runs:SegmentBytes"] = "1073741824", ["Backup:Runs:SegmentSeconds"] = "3600", ["Graph:Mail:PageSize"] = "10",
    };

    [Fact]
    public async Task A_closed_gate_turns_everybody_away_and_is_drained_when_the_last_has_left()
    {
        var gate = Gate();
        var inside = await gate.EnterAsync(Mailbox("a"), "backup", CancellationToken.None);
        var waiting = gate.EnterAsync(Mailbox("b"), "backup", CancellationToken.None);
        var yielding = gate.EnterYieldingAsync(Mailbox("c"), "scrub", CancellationToken.None);

        var drained = gate.DrainAsync(CancellationToken.None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => yielding);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.EnterAsync(Mailbox("d"), "backup", CancellationToken.None));
        Assert.True(gate.Closing.IsCancellationRequested);
        Assert.False(drained.IsCompleted);
        inside.Dispose();
        await drained;
        await gate.DrainAsync(CancellationToken.None); // again: it is done
    }

    [Fact]
    public async Task Who_does_not_leave_in_time_is_not_waited_for()
    {
        var gate = Gate();
        using var inside = await gate.EnterAsync(Mailbox("a"), "backup", CancellationToken.None);
        using var limit = new CancellationTokenSource();
        var drained = gate.DrainAsync(limit.Token);

        await limit.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drained);
    }

    [Fact]
    public async Task A_run_commits_what_it_has_hands_over_and_the_next_process_does_only_the_rest()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 300 }, settings: OneSegment);
        await scene.OnboardAsync();
        var first = (await scene.Resource().ListRuns(CancellationToken.None))[0].Progress.Run;
        RunCounts? before = null;
        await foreach (var progress in scene.Resource().WatchRun(first, CancellationToken.None))
            if ((before = progress.Counts).Added >= 20)
                break;
        Assert.Equal(0, before!.Segments);

        await scene.Services.GetRequiredService<IServiceDrain>().DrainAsync(CancellationToken.None);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Resource().StartRun(RunReason.Requested, false, CancellationToken.None));
        Assert.False(await scene.Resource().StartIfDue(CancellationToken.None));
        await scene.StopAsync();

        await scene.StartServiceAsync();
        await scene.UntilPointsAsync(1);
        var run = (await scene.Resource().ListRuns(CancellationToken.None))[0].Progress;
        Assert.Equal((first, RunReason.Resumed), (run.Run, run.Reason));
        Assert.InRange(run.Counts.Added, 0, 300 - before.Added);
        Assert.Equal(300, (await scene.Resource().ListPoints(CancellationToken.None))[0].Items);
    }

    private static ResourceId Mailbox(string id) => new(new TenantId(Guid.Empty), ResourceKind.Mailbox, id);

    private static AdmissionGate Gate() => new(Options.Create(new AdmissionOptions { ConcurrentRuns = 1 }), new ManualClock(DateTimeOffset.UnixEpoch));
}
