using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>The database is lost: the stores and the key alone bring everything back.</summary>
public sealed class RecoveryTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task With_the_database_lost_the_stores_and_the_key_bring_back_tenants_resources_points_and_holds()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, MessagesPerMailbox = 20 });
        var settings = TenantSettings.Default with { Retention = RetentionRule.OfDays(30) with { Keep = new KeepRules(4, 0, 0) }, Rehearsal = new RehearsalSettings(true, [scene.Mailbox(1)]) };
        await scene.OnboardAsync(settings);
        await scene.UntilPointsAsync(1);
        await scene.RunAsync();
        await scene.Resource(1).PlaceLegalHold("kim", "Court order", CancellationToken.None);
        var before = await scene.Resource().ListPoints(CancellationToken.None);
        var book = scene.Grains.NoticeBook(scene.Tenant);
        var told = await book.SetContacts([new Contact("Kim", "kim@example.com", NoticeLanguage.Nl, [NoticeKind.CriticalFault], [ContactAuthority.RequestRestore])], CancellationToken.None);
        await book.AddWebhook(new WebhookSettings("https://hooks.example.com/", [NoticeKind.CriticalFault], Enabled: false), CancellationToken.None);
        var addresses = await book.GetAddresses(CancellationToken.None);
        await scene.StopAsync();
        LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        Assert.Empty(await scene.Grains.Provider().ListTenants(CancellationToken.None));

        await scene.Grains.Provider().StartRecovery("robin", "The disk is gone.", CancellationToken.None);
        var recovered = await EndAsync(scene);
        Assert.Empty(recovered.Problems);
        Assert.Equal(scene.Tenant, Assert.Single(recovered.Done));
        Assert.Contains("2 resources and 3 restore points", recovered.Result, StringComparison.Ordinal);

        Assert.Equal(told.Single().Email, Assert.Single(await scene.Grains.NoticeBook(scene.Tenant).GetContacts(CancellationToken.None)).Email);
        var webhook = Assert.Single((await scene.Grains.NoticeBook(scene.Tenant).GetAddresses(CancellationToken.None))!.Webhooks);
        Assert.Equal((addresses!.Webhooks[0].Id, addresses.Webhooks[0].WrappedSecret), (webhook.Id, webhook.WrappedSecret)); // signs as it did

        Assert.Equal("Test customer", Assert.Single(await scene.Grains.Provider().ListTenants(CancellationToken.None)).Name);
        var overview = await scene.TenantGrain.GetOverview(CancellationToken.None);
        Assert.Equal((settings.Retention, settings.Window, settings.Scope.Mode, 2), (overview.Settings.Retention, overview.Settings.Window, overview.Settings.Scope.Mode, overview.ProtectedResources));
        Assert.Equal((true, scene.Mailbox(1)), (overview.Settings.Rehearsal.ReadOnly, Assert.Single(overview.Settings.Rehearsal.Targets))); // who forbade restores is not given any
        Assert.Equal<RestorePointSummary>(before, await scene.Resource().ListPoints(CancellationToken.None));
        Assert.Equal(("kim", "Court order"), Hold(await scene.Resource(1).GetExpiryStanding(CancellationToken.None)));
        Assert.Null((await scene.Resource().GetExpiryStanding(CancellationToken.None)).Hold);

        scene.Admin.Empty(scene.Tenant.ToString(), scene.Mailbox().ObjectId);
        var restored = await scene.RestoreAsync(new RestoreRequest(new RestorePointId(scene.Mailbox(), before[0].Sequence), RestoreSelection.All, null, [], ConflictPolicy.Skip, "test"));
        Assert.Equal((RestoreState.Completed, 20L), (restored.State, restored.Restored));

        var next = await scene.RunAsync(1);
        Assert.Equal((RunOutcome.Succeeded, 0L, 0L), (next.Outcome, next.Counts.Added, next.Counts.Changed)); // nothing is downloaded again
    }

    [Fact]
    public async Task A_recovery_leaves_who_is_in_service_as_it_is_and_tells_what_it_cannot_open()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var stranger = Guid.NewGuid().ToString();
        Directory.CreateDirectory(Path.Combine(scene.Folder, "vault", stranger));
        await File.WriteAllTextAsync(Path.Combine(scene.Folder, "vault", stranger, "keys"), "no key object");
        await scene.Grains.Provider().StartRecovery("robin", "To be sure.", CancellationToken.None);
        var recovered = await EndAsync(scene);
        Assert.Equal(scene.Tenant, Assert.Single(recovered.Done));
        Assert.Contains(stranger, Assert.Single(recovered.Problems), StringComparison.Ordinal);
        Assert.Null((await scene.TenantGrain.GetOverview(CancellationToken.None)).Problem);
        Assert.Single(await scene.Grains.Provider().ListTenants(CancellationToken.None));
    }

    internal static void LoseTheDatabase(ServiceScene scene)
    {
        foreach (var file in Directory.GetFiles(scene.Folder, "state.db*"))
            File.Delete(file);
    }

    private static (string, string) Hold(ExpiryStanding standing) => (standing.Hold!.Placed.Who, standing.Hold.Placed.Why);

    private static async Task<ProviderJobStatus> EndAsync(ServiceScene scene)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        ProviderJobStatus job;
        while ((job = await scene.Grains.Provider().GetRecovery(patience.Token)).IsOpen)
            patience.Token.ThrowIfCancellationRequested();
        return job;
    }
}
