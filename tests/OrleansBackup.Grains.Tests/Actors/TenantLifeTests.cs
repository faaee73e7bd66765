using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A customer is onboarded, its mailboxes back themselves up, and what is wrong is said at the right level.</summary>
public sealed class TenantLifeTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task An_onboarded_tenant_is_discovered_and_every_mailbox_seals_its_first_point_by_itself()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe
        {
            Users = 2, SharedMailboxes = 1, Rooms = 1, Equipment = 1, Guests = 1, UnlicensedUsers = 1, MessagesPerMailbox = 15,
        });
        var overview = await scene.OnboardAsync();
        Assert.Equal((5, 2), (overview.ProtectedResources, overview.UnprotectedResources));
        var resources = await scene.UntilPointsAsync(1);
        Assert.Equal(["equipment", "room", "shared", "user", "user"], resources.Where(listing => listing.Protected).Select(listing => listing.Purpose).Order());
        Assert.All(resources.Where(listing => !listing.Protected && listing.Resource.Kind.CanBeProtected()), listing => Assert.NotEmpty(listing.Reason));
        Assert.Equal(5, (await scene.TenantGrain.GetOverview(CancellationToken.None)).HealthyResources);
    }

    [Fact]
    public async Task A_missing_permission_is_named_and_nothing_is_stored()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, Permissions = ["User.Read.All", "Organization.Read.All"] });
        var refused = await Assert.ThrowsAsync<TenantAccessRefusedException>(() => scene.OnboardAsync());
        Assert.Contains("Mail.Read", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(() => scene.TenantGrain.GetOverview(CancellationToken.None));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_does_not_appear_in_the_refusal()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        var refused = await Assert.ThrowsAsync<TenantAccessRefusedException>(() => scene.OnboardAsync(secret: "not-the-secret"));
        Assert.DoesNotContain("not-the-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_stand_in_no_state_in_clear()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.KillAsync();
        foreach (var file in Directory.EnumerateFiles(scene.Folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(scene.Created.ClientSecret, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_tenant_is_not_found() => await Assert.ThrowsAsync<NotFoundException>(async () =>
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await scene.TenantGrain.Discover(CancellationToken.None);
    });

    [Fact]
    public async Task A_setting_that_makes_no_sense_names_its_field()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            scene.OnboardAsync(TenantSettings.Default with { Retention = RetentionRule.OfDays(0) }));
        Assert.Equal("settings.retention", refused.Field);
    }

    [Fact]
    public async Task With_a_selection_only_the_chosen_are_protected_and_the_others_listed_with_the_reason()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await scene.OnboardAsync(TenantSettings.Default with { Scope = new ProtectionScope(ScopeMode.Selection, [scene.Mailbox().ObjectId], [], true) });
        var resources = await scene.UntilPointsAsync(1);
        Assert.Equal([scene.Mailbox()], resources.Where(listing => listing.Protected).Select(listing => listing.Resource));
        Assert.All(resources.Where(listing => !listing.Protected && listing.Resource.Kind.CanBeProtected()), listing => Assert.Contains("selection", listing.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_day_gives_one_point_however_often_somebody_sweeps()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        for (var day = 2; day <= 4; day++)
        {
            scene.Clock.Shift(TimeSpan.FromDays(1));
            await scene.TenantGrain.SweepOverdue(CancellationToken.None);
            await scene.TenantGrain.SweepOverdue(CancellationToken.None);
            await scene.UntilPointsAsync(day);
            await scene.TenantGrain.SweepOverdue(CancellationToken.None);
        }
        var points = await scene.Resource().ListPoints(CancellationToken.None);
        Assert.Equal(4, points.Length);
        Assert.Equal(4, points.Select(point => point.Day).Distinct().Count());
    }

    [Fact]
    public async Task Points_that_retention_no_longer_owes_go_and_the_newest_stays()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, settings: new() { ["Vault:GracePeriod"] = "00:00:00" });
        await scene.OnboardAsync(TenantSettings.Default with { Retention = RetentionRule.OfDays(3) });
        await scene.UntilPointsAsync(1);
        for (var day = 2; day <= 6; day++)
        {
            scene.Clock.Shift(TimeSpan.FromDays(1));
            Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        }
        await scene.Resource().ExpirePoints(CancellationToken.None);
        Assert.Equal(3, (await scene.Resource().ListPoints(CancellationToken.None)).Length);
        scene.Clock.Shift(TimeSpan.FromDays(400));
        var expired = await scene.Resource().ExpirePoints(CancellationToken.None);
        Assert.Equal((2, 1), (expired.Gone.Length, expired.Kept));
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
    }

    [Fact]
    public async Task A_mailbox_that_loses_its_licence_fails_for_the_customers_licence_and_keeps_its_points()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        scene.Admin.SetMailboxRefusal(scene.Tenant.ToString(), scene.Mailbox().ObjectId, new(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise."));
        var progress = await scene.RunAsync();
        Assert.Equal((RunOutcome.Failed, FaultCause.CustomerLicence), (progress.Outcome, progress.Cause));
        Assert.Single(await scene.Resource().ListPoints(CancellationToken.None));
        var why = await scene.Resource().Why(CancellationToken.None);
        Assert.Contains("failed", why.For, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_withdrawn_fails_the_run_for_the_customers_configuration()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        scene.Admin.SetPermissions(scene.Tenant.ToString(), ["User.Read.All"], revokeTokens: true);
        var progress = await scene.RunAsync();
        Assert.Equal((RunOutcome.Failed, FaultCause.CustomerConfiguration), (progress.Outcome, progress.Cause));
    }

    [Fact]
    public async Task A_resource_that_is_not_protected_refuses_a_run()
    {
        await using var scene = await ServiceScene.StartAsync(simulator);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.TenantGrain.ChangeSettings(TenantSettings.Default with { Scope = new ProtectionScope(ScopeMode.Selection, [], [], true) }, CancellationToken.None);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Resource().StartRun(RunReason.Requested, false, CancellationToken.None));
        Assert.Single(await scene.Resource().ListPoints(CancellationToken.None));
    }
}
