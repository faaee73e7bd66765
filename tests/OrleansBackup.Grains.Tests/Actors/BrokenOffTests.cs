using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>Another process of the cluster dies, or the database is away, just when a run needs it.</summary>
public sealed class BrokenOffTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_run_that_is_broken_off_after_its_seal_has_not_failed_and_nothing_is_sealed_twice()
    {
        var store = new HookedBlobStore(new FolderBlobStore(Directory.CreateTempSubdirectory("orleansbackup-vault-").FullName));
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 }, services: services => services.AddSingleton<IBlobStore>(store));
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        scene.Admin.Deliver(scene.Tenant.ToString(), scene.Mailbox().ObjectId, "Subject: new\r\n\r\nx"u8.ToArray());
        var broken = 0;
        store.AfterPut = name => HookedBlobStore.IsSegment(name) && broken++ == 0
            ? throw new SiloUnavailableException("The silo of that grain has died.")
            : Task.CompletedTask;

        var first = await scene.RunAsync();
        Assert.True(await scene.Resource().StartIfDue(CancellationToken.None)); // as the next minute's tick does
        await scene.UntilPointsAsync(2);

        Assert.Equal((1, RunOutcome.Cancelled), (broken, first.Outcome));
        var runs = await scene.Resource().ListRuns(CancellationToken.None);
        Assert.Equal((2, first.Run, RunOutcome.Succeeded), (runs.Length, runs[0].Progress.Run, runs[0].Progress.Outcome));
        Assert.Equal([2L, 1L], (await scene.Resource().ListPoints(CancellationToken.None)).Select(point => point.Sequence));
    }

    [Fact]
    public async Task A_restore_that_meets_a_dead_process_goes_on_at_once_and_doubles_nothing()
    {
        var store = new HookedBlobStore(new FolderBlobStore(Directory.CreateTempSubdirectory("orleansbackup-vault-").FullName));
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 120 }, services: services => services.AddSingleton<IBlobStore>(store));
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var point = (await scene.Resource().ListPoints(CancellationToken.None))[0];
        scene.Admin.Empty(scene.Tenant.ToString(), scene.Mailbox().ObjectId);
        var request = new RestoreRequest(new RestorePointId(scene.Mailbox(), point.Sequence), RestoreSelection.All, null, [], ConflictPolicy.Skip, "test");
        var job = await scene.TenantGrain.StartRestore(request, CancellationToken.None);
        var broken = 0;
        // More often than an attempt that is counted may end, and each of those would rest for minutes that do not pass here.
        store.BeforeGetRange = _ => Interlocked.Increment(ref broken) is <= 7 or 10 ? throw new SiloUnavailableException("The silo of that grain has died.") : Task.CompletedTask;

        using var patience = new CancellationTokenSource(Hang.Limit);
        RestoreStatus? end = null;
        await foreach (var status in scene.Grains.Restore(scene.Tenant, job).Watch(patience.Token))
            end = status;

        Assert.True(broken >= 10, $"only {broken} reads: not every fault was played");
        Assert.Equal((RestoreState.Completed, 120, 120, 0, 0), (end!.State, end.Asked, end.Restored, end.Skipped, end.Failed));
        Assert.Equal(120, scene.Admin.Mailboxes(scene.Tenant.ToString())[0].Messages);
    }
}
