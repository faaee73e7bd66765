using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A writer of an earlier process dies late and wins a commit against the run that took its place.</summary>
public sealed class LostCommitTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly ImmutableSortedDictionary<string, string> Succeeded = ImmutableSortedDictionary<string, string>.Empty.Add(PointDetails.Outcome, "Succeeded");

    [Fact]
    public async Task A_run_that_loses_a_commit_reads_the_log_again_and_goes_on_at_once()
    {
        await using var scene = await OnboardedAsync(out var store);
        scene.Admin.Deliver(scene.Tenant.ToString(), scene.Mailbox().ObjectId, "Subject: new\r\n\r\nx"u8.ToArray());
        var lost = 0;
        store.BeforePut = async name =>
        {
            if (!HookedBlobStore.IsSegment(name) || lost++ > 0)
                return;
            store.BeforePut = null;
            await using var zombie = await (await VaultAsync(scene)).BeginRunAsync(Guid.NewGuid(), scene.Clock.GetUtcNow(), CancellationToken.None);
            await zombie.CommitSegmentAsync(zombie.Checkpoint!, CancellationToken.None);
        };
        var run = await scene.RunAsync();
        Assert.Equal((1, RunOutcome.Succeeded, 1L), (lost, run.Outcome, run.Counts.Added));
        Assert.Equal(2, (await scene.Resource().ListRuns(CancellationToken.None)).Length); // it is that run, not another after it
        Assert.Equal(6, (await scene.Resource().ListPoints(CancellationToken.None))[0].Items);
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
    }

    [Fact]
    public async Task A_run_with_a_living_rival_gives_way_after_a_few_commits()
    {
        await using var scene = await OnboardedAsync(out var store);
        var (lost, rivals) = (0, 0);
        store.BeforePut = async name =>
        {
            if (!HookedBlobStore.IsSegment(name) || Interlocked.Exchange(ref rivals, 1) == 1)
                return;
            await using (var rival = await (await VaultAsync(scene)).BeginRunAsync(Guid.NewGuid(), scene.Clock.GetUtcNow(), CancellationToken.None))
                await rival.SealAsync(rival.Checkpoint!, Succeeded, CancellationToken.None);
            (lost, rivals) = (lost + 1, 0);
        };
        Assert.Equal(RunOutcome.Failed, (await scene.RunAsync()).Outcome);
        Assert.Equal(4, lost);
    }

    private Task<ServiceScene> OnboardedAsync(out HookedBlobStore store)
    {
        var hooked = store = new HookedBlobStore(new FolderBlobStore(Directory.CreateTempSubdirectory("orleansbackup-vault-").FullName));
        return StartAsync(hooked);
    }

    private async Task<ServiceScene> StartAsync(HookedBlobStore store)
    {
        var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 }, services: services => services.AddSingleton<IBlobStore>(store));
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        return scene;
    }

    private static Task<ResourceVault> VaultAsync(ServiceScene scene) =>
        scene.Services.GetRequiredService<VaultRepository>().OpenAsync(VaultAccess.NameOf(scene.Mailbox()), CancellationToken.None);
}
