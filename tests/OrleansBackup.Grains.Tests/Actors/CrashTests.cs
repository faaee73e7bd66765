using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>The process dies; what was begun goes on by itself and what was sealed stays.</summary>
public sealed class CrashTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly Dictionary<string, string?> SmallSegments = new() { ["Backup:Runs:SegmentChanges"] = "20", ["Graph:Mail:PageSize"] = "10" };

    [Fact]
    public async Task A_run_that_was_killed_goes_on_after_the_start_by_itself_and_downloads_little_twice()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 300 }, settings: SmallSegments);
        await scene.OnboardAsync();
        var first = (await scene.Resource().ListRuns(CancellationToken.None))[0].Progress.Run;
        await foreach (var progress in scene.Resource().WatchRun(first, CancellationToken.None))
            if (progress.Counts.Segments >= 3)
                break;
        await scene.KillAsync();

        await scene.StartServiceAsync();
        await scene.UntilPointsAsync(1);
        var run = (await scene.Resource().ListRuns(CancellationToken.None))[0].Progress;
        Assert.Equal((first, RunReason.Resumed), (run.Run, run.Reason));
        Assert.InRange(run.Counts.Added, 0, 280);
        Assert.Equal(300, (await scene.Resource().ListPoints(CancellationToken.None))[0].Items);
    }

    [Fact]
    public async Task A_restore_that_was_killed_goes_on_by_itself_after_the_start_and_doubles_nothing()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 300 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var point = (await scene.Resource().ListPoints(CancellationToken.None))[0];
        scene.Admin.Empty(scene.Tenant.ToString(), scene.Mailbox().ObjectId);
        var request = new RestoreRequest(new RestorePointId(scene.Mailbox(), point.Sequence), RestoreSelection.All, null, [], ConflictPolicy.Skip, "test");
        var job = await scene.TenantGrain.StartRestore(request, CancellationToken.None);
        await foreach (var status in scene.Grains.Restore(scene.Tenant, job).Watch(CancellationToken.None))
            if (status.OutcomePages >= 2)
                break;
        await scene.KillAsync();

        await scene.StartServiceAsync();
        RestoreStatus? end = null;
        await foreach (var status in scene.Grains.Restore(scene.Tenant, job).Watch(CancellationToken.None))
            end = status;
        Assert.Equal((RestoreState.Completed, 300, 300, 0, 0), (end!.State, end.Asked, end.Restored, end.Skipped, end.Failed));
        Assert.Equal(300, scene.Admin.Mailboxes(scene.Tenant.ToString())[0].Messages);
    }

    [Fact]
    public async Task A_graceful_stop_in_the_middle_of_a_run_loses_nothing()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 300 }, settings: SmallSegments);
        await scene.OnboardAsync();
        await foreach (var progress in scene.Resource().WatchRun((await scene.Resource().ListRuns(CancellationToken.None))[0].Progress.Run, CancellationToken.None))
            if (progress.Counts.Segments >= 2)
                break;
        await scene.StopAsync();
        await scene.StartServiceAsync();
        await scene.UntilPointsAsync(1);
        Assert.Equal(300, (await scene.Resource().ListPoints(CancellationToken.None))[0].Items);
    }

    [Fact]
    public async Task With_the_database_gone_the_points_are_found_in_the_vault_again()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var before = await scene.Resource().ListPoints(CancellationToken.None);
        await scene.StopAsync();
        foreach (var file in Directory.GetFiles(scene.Folder, "state.db*"))
            File.Delete(file);
        await scene.StartServiceAsync();
        await scene.OnboardAsync();
        var after = await scene.Resource().ListPoints(CancellationToken.None);
        Assert.Equal(before[0].Sequence, after[^1].Sequence);
    }
}
