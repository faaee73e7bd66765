using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>The process dies in the middle of work over all tenants; the next goes on with it by itself.</summary>
public sealed class KilledJobTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-vault-").FullName;
    private HookedBlobStore? _store;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_rotation_of_the_key_goes_on_and_afterwards_nothing_needs_the_earlier_key()
    {
        await using var scene = await OnboardedAsync();
        await scene.StopAsync();
        var (previous, next) = (Path.Combine(scene.Folder, "keys", "provider.key"), Path.Combine(scene.Folder, "keys", "next.key"));
        (scene.Settings["Keys:File"], scene.Settings["Keys:Previous:File"]) = (next, previous);
        await scene.StartServiceAsync();
        var reached = NeverAnswers(hook => _store!.BeforePut = hook, _ => true);
        await scene.Grains.Provider().StartKeyRotation("kim", "Yearly.", CancellationToken.None);
        await reached;
        await scene.KillAsync();

        await scene.StartServiceAsync();
        var rotated = await EndAsync(() => scene.Grains.Provider().GetKeyRotation(CancellationToken.None));
        Assert.Equal(("kim", 1, 1, 0), (rotated.Asked.Who, rotated.Tenants, rotated.Done.Length, rotated.Problems.Length));
        await scene.StopAsync();
        File.Delete(previous);
        scene.Settings.Remove("Keys:Previous:File");
        await scene.StartServiceAsync();
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
    }

    [Fact]
    public async Task A_recovery_goes_on_and_nothing_is_lost()
    {
        await using var scene = await OnboardedAsync();
        await scene.Resource(1).PlaceLegalHold("kim", "Court order", CancellationToken.None);
        var before = await PointsAsync(scene);
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        var second = scene.Mailbox(1).ObjectId.ToLowerInvariant();
        var reached = NeverAnswers(hook => _store!.BeforeGet = hook, name => name.Value.Contains(second, StringComparison.Ordinal));
        await scene.Grains.Provider().StartRecovery("robin", "The disk is gone.", CancellationToken.None);
        await reached;
        await scene.KillAsync();

        await scene.StartServiceAsync();
        var recovered = await EndAsync(() => scene.Grains.Provider().GetRecovery(CancellationToken.None));
        Assert.Equal(("robin", scene.Tenant, 0), (recovered.Asked.Who, Assert.Single(recovered.Done), recovered.Problems.Length));
        Assert.Equal(before, await PointsAsync(scene));
        Assert.Equal("kim", (await scene.Resource(1).GetExpiryStanding(CancellationToken.None)).Hold!.Placed.Who);
        Assert.Equal(2, (await scene.TenantGrain.GetOverview(CancellationToken.None)).ProtectedResources);
        var next = await scene.RunAsync(1);
        Assert.Equal((RunOutcome.Succeeded, 0L, 0L), (next.Outcome, next.Counts.Added, next.Counts.Changed));
    }

    /// <summary>The first such call of this process never gets an answer.</summary>
    private static Task NeverAnswers(Action<Func<BlobName, Task>?> set, Func<BlobName, bool> isMeant)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        set(name =>
        {
            if (!isMeant(name))
                return Task.CompletedTask;
            set(null);
            reached.TrySetResult();
            return new TaskCompletionSource().Task;
        });
        return reached.Task.WaitAsync(Hang.Limit);
    }

    private async Task<ServiceScene> OnboardedAsync()
    {
        _store = new HookedBlobStore(new FolderBlobStore(_folder));
        var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, MessagesPerMailbox = 10 }, services: services => services.AddSingleton<IBlobStore>(_store));
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        return scene;
    }

    private static async Task<IEnumerable<RestorePointSummary>> PointsAsync(ServiceScene scene) =>
        [.. await scene.Resource().ListPoints(CancellationToken.None), .. await scene.Resource(1).ListPoints(CancellationToken.None)];

    private static async Task<ProviderJobStatus> EndAsync(Func<Task<ProviderJobStatus>> look)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        ProviderJobStatus job;
        while ((job = await look()).IsOpen)
            patience.Token.ThrowIfCancellationRequested();
        return job;
    }
}
