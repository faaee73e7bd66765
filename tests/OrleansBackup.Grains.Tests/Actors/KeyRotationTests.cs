using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>The provider's key is replaced: afterwards nothing needs the earlier one any more, and no backup was rewritten.</summary>
public sealed class KeyRotationTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task After_a_rotation_the_earlier_key_can_be_thrown_away_and_no_backup_was_rewritten()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 10 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.Grains.NoticeBook(scene.Tenant).AddWebhook(new("https://customer.example/hook", [], true), CancellationToken.None);
        await scene.StopAsync();
        var packs = Packs(scene);

        var (previous, next) = (Path.Combine(scene.Folder, "keys", "provider.key"), Path.Combine(scene.Folder, "keys", "next.key"));
        (scene.Settings["Keys:File"], scene.Settings["Keys:Previous:File"]) = (next, previous);
        await scene.StartServiceAsync();
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome); // before anything is rotated
        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Grains.Provider().StartKeyRotation("kim", "", CancellationToken.None));
        await scene.Grains.Provider().StartKeyRotation("kim", "Yearly.", CancellationToken.None);
        var rotated = await EndAsync(scene);
        Assert.Equal((1, 1, 0), (rotated.Tenants, rotated.Done.Length, rotated.Problems.Length));
        Assert.Contains("may be taken out", rotated.Result, StringComparison.Ordinal);
        await scene.StopAsync();

        File.Delete(previous);
        scene.Settings.Remove("Keys:Previous:File");
        await scene.StartServiceAsync();
        Assert.False(await scene.Grains.NoticeBook(scene.Tenant).RewrapSecrets(CancellationToken.None)); // the secrets of webhooks open without it
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
        Assert.All(packs, pack => Assert.Equal(pack.Value, File.GetLastWriteTimeUtc(pack.Key)));

        // Nor does beginning again without the database need it.
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        await scene.TenantGrain.Recover("default", CancellationToken.None);
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
    }

    [Fact]
    public async Task A_tenant_whose_key_cannot_be_opened_is_named_and_the_others_are_rotated()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var stranger = Guid.NewGuid().ToString();
        Directory.CreateDirectory(Path.Combine(scene.Folder, "vault", stranger));
        await File.WriteAllTextAsync(Path.Combine(scene.Folder, "vault", stranger, "keys"), "no key object");
        await scene.Grains.Provider().StartKeyRotation("kim", "Yearly.", CancellationToken.None);
        var rotated = await EndAsync(scene);
        Assert.Equal(scene.Tenant, Assert.Single(rotated.Done));
        Assert.Contains(stranger, Assert.Single(rotated.Problems), StringComparison.Ordinal);
        Assert.Contains("still needed", rotated.Result, StringComparison.Ordinal);
    }

    private static Dictionary<string, DateTime> Packs(ServiceScene scene) => Directory.EnumerateFiles(Path.Combine(scene.Folder, "vault"), "*", SearchOption.AllDirectories)
        .Where(file => file.Contains("/packs/", StringComparison.Ordinal)).ToDictionary(file => file, File.GetLastWriteTimeUtc);

    private static async Task<ProviderJobStatus> EndAsync(ServiceScene scene)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        ProviderJobStatus job;
        while ((job = await scene.Grains.Provider().GetKeyRotation(patience.Token)).IsOpen)
            patience.Token.ThrowIfCancellationRequested();
        return job;
    }
}
