using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A tenant is in the store that it was put in, and in none where its backups must not lie.</summary>
public sealed class StoreTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_tenant_that_must_stay_in_the_Netherlands_is_refused_elsewhere_and_backed_up_there()
    {
        using var folder = new StoreFolders();
        await using var scene = await ServiceScene.StartAsync(simulator, settings: folder.Settings);
        var elsewhere = await Assert.ThrowsAsync<InvalidRequestException>(() => OnboardAsync(scene, null, StorageDemand.Netherlands));
        Assert.Contains("lies in IE", elsewhere.Message, StringComparison.Ordinal);
        Assert.Contains("There is no store 'none'", (await Assert.ThrowsAsync<InvalidRequestException>(() => OnboardAsync(scene, "none", null))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.GetOverview(CancellationToken.None)); // nothing was stored
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Of("ireland")));

        await OnboardAsync(scene, "home", StorageDemand.Netherlands);
        Assert.Equal("home", await scene.TenantGrain.GetStore(CancellationToken.None));
        await scene.UntilPointsAsync(1);
        Assert.NotEmpty(Directory.EnumerateFiles(folder.Of("home"), "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Of("ireland")));

        // Onboarding again, to renew a secret, neither moves nor forgets.
        await OnboardAsync(scene, null, null);
        Assert.Equal("home", await scene.TenantGrain.GetStore(CancellationToken.None));
        await Assert.ThrowsAsync<InvalidRequestException>(() => OnboardAsync(scene, "ireland", null));
    }

    [Fact]
    public async Task A_demand_that_comes_later_is_checked_against_the_store_that_holds_the_backups()
    {
        using var folder = new StoreFolders();
        await using var scene = await ServiceScene.StartAsync(simulator, settings: folder.Settings);
        await OnboardAsync(scene, "ireland", null);
        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.ChangeStorage(StorageDemand.Netherlands, CancellationToken.None));
        Assert.Contains("lies in IE", refused.Message, StringComparison.Ordinal);
        Assert.Equal(("ireland", StorageDemand.Anywhere), Place(await scene.TenantGrain.GetOverview(CancellationToken.None)));
        Assert.Equal(("ireland", new StorageDemand(["IE"])), Place(await scene.TenantGrain.ChangeStorage(new StorageDemand(["IE"]), CancellationToken.None)));

        static (string, StorageDemand) Place(TenantOverview overview) => (overview.Store, overview.Storage);
    }

    private static Task<TenantOverview> OnboardAsync(ServiceScene scene, string? store, StorageDemand? demand) => scene.TenantGrain.Onboard(
        new TenantOnboarding("Test customer", scene.Created.ClientId.ToString(), scene.Created.ClientSecret, TenantSettings.Default) { Store = store, Storage = demand },
        CancellationToken.None);
}
