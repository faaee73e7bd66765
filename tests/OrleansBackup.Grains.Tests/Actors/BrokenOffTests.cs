using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansBackup.Domain.Runs;
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
}
