using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>What lets restore points go, and what keeps them although their time is over.</summary>
public sealed class ExpiryTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    /// <summary>Where the scenes begin: their jumps and restarts then stay behind real time, which Orleans asks for.</summary>
    private static readonly TimeSpan Past = TimeSpan.FromDays(200);

    private static readonly TenantRecipe OneMailbox = new() { Users = 1, MessagesPerMailbox = 20 };
    private static readonly TenantSettings ThreeDays = TenantSettings.Default with { Retention = RetentionRule.OfDays(3) };

    [Fact]
    public async Task After_a_mass_deletion_no_point_expires_until_somebody_has_looked()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, behind: Past, settings: new() { ["Backup:Brake:LeastItems"] = "5" });
        await scene.OnboardAsync(ThreeDays);
        await scene.UntilPointsAsync(1);
        await DaysAsync(scene, 1);
        foreach (var message in scene.Admin.State(scene.Tenant.ToString(), scene.Mailbox().ObjectId, null, null).Messages.Take(15))
            scene.Admin.DeleteMessage(scene.Tenant.ToString(), scene.Mailbox().ObjectId, message.Id, hard: true);
        await DaysAsync(scene, 6);

        Assert.Equal(8, (await scene.Resource().ListPoints(CancellationToken.None)).Length); // of which three are owed
        Assert.Empty((await scene.Resource().ExpirePoints(CancellationToken.None)).Gone);
        Assert.Contains("15 of 20 items were gone", (await scene.Resource().Why(CancellationToken.None)).For, StringComparison.Ordinal);
        Assert.Contains("15 of 20 items were gone", (await scene.Resource().GetStatus(CancellationToken.None)).Waiting.For, StringComparison.Ordinal);
        await scene.StopAsync();
        await scene.StartServiceAsync();
        Assert.True((await scene.Resource().GetExpiryStanding(CancellationToken.None)).Brake!.IsOn);

        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Resource().ReleaseBrake("kim", " ", CancellationToken.None));
        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Resource().ReleaseBrake("", "They moved to an archive.", CancellationToken.None));
        var released = await scene.Resource().ReleaseBrake("kim", "They moved to an archive.", CancellationToken.None);
        Assert.Equal(("kim", "They moved to an archive."), (released.Brake!.Released!.Who, released.Brake.Released.Why));
        Assert.Equal(5, (await scene.Resource().ExpirePoints(CancellationToken.None)).Gone.Length);
        await DaysAsync(scene, 1); // what was looked at does not put it on again
        Assert.False((await scene.Resource().GetExpiryStanding(CancellationToken.None)).Brake!.IsOn);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Resource().ReleaseBrake("kim", "Again.", CancellationToken.None));
        Assert.DoesNotContain("brake", (await scene.Resource().Why(CancellationToken.None)).For, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_legal_hold_nothing_expires_also_after_a_restart_and_after_it_everything_that_is_due_does()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, behind: Past);
        await scene.OnboardAsync(ThreeDays);
        await scene.UntilPointsAsync(1);
        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Resource().PlaceLegalHold("kim", "", CancellationToken.None));
        await scene.Resource().PlaceLegalHold("kim", "Court order", CancellationToken.None);
        await scene.Resource().PlaceLegalHold("robin", "The same again", CancellationToken.None);
        await DaysAsync(scene, 6);
        Assert.Empty((await scene.Resource().ExpirePoints(CancellationToken.None)).Gone);

        await scene.StopAsync();
        await scene.StartServiceAsync();
        var hold = (await scene.Resource().GetExpiryStanding(CancellationToken.None)).Hold!;
        Assert.Equal((true, "kim", "Court order"), (hold.Stands, hold.Placed.Who, hold.Placed.Why));
        Assert.Empty((await scene.Resource().ExpirePoints(CancellationToken.None)).Gone);
        Assert.Equal(7, (await scene.Resource().ListPoints(CancellationToken.None)).Length);

        await scene.Resource().LiftLegalHold("robin", "Case closed", CancellationToken.None);
        Assert.Equal(4, (await scene.Resource().ExpirePoints(CancellationToken.None)).Gone.Length);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => scene.Resource().LiftLegalHold("robin", "Again", CancellationToken.None));
    }

    [Fact]
    public async Task The_last_points_of_a_released_resource_go_with_all_its_objects_once_they_are_no_longer_owed_and_not_before()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, behind: Past);
        await scene.OnboardAsync(ThreeDays);
        await scene.UntilPointsAsync(1);
        await DaysAsync(scene, 1);
        await scene.TenantGrain.ChangeSettings(ThreeDays with { Scope = new ProtectionScope(ScopeMode.Selection, [], [], true) }, CancellationToken.None);
        Assert.Empty((await scene.Resource().ExpirePoints(CancellationToken.None)).Gone);
        scene.Clock.Shift(TimeSpan.FromDays(2)); // the newest point is owed for today still
        Assert.Equal(1, (await scene.Resource().ExpirePoints(CancellationToken.None)).Kept);
        Assert.NotEmpty(ObjectsOfTheMailbox(scene));

        scene.Clock.Shift(TimeSpan.FromDays(1));
        var expired = await scene.Resource().ExpirePoints(CancellationToken.None);
        Assert.Equal((1, 0), (expired.Gone.Length, expired.Kept));
        Assert.Empty(ObjectsOfTheMailbox(scene));
        Assert.Empty(await scene.Resource().ListPoints(CancellationToken.None));

        // Taken back into protection it begins from nothing, and nothing of before is in its way.
        await scene.TenantGrain.ChangeSettings(ThreeDays, CancellationToken.None);
        await scene.UntilPointsAsync(1);
        Assert.Equal(20, (await scene.Resource().ListPoints(CancellationToken.None))[0].Items);
    }

    [Fact]
    public async Task A_tenant_sweeps_its_shared_content_by_itself_every_week()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, behind: Past);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var first = await SweptAfterAsync(scene, TimeSpan.FromDays(2), DateTimeOffset.MinValue);
        // The ticks of these days find that nothing is due; had one swept, the last would not be due.
        foreach (var _ in Enumerable.Range(0, 3))
            await RestartAfterAsync(scene, TimeSpan.FromDays(2));
        var second = await SweptAfterAsync(scene, TimeSpan.FromDays(2), first);
        Assert.InRange(second - first, TimeSpan.FromDays(7), TimeSpan.FromDays(9));
    }

    private static async Task<DateTimeOffset> SweptAfterAsync(ServiceScene scene, TimeSpan shift, DateTimeOffset before)
    {
        await RestartAfterAsync(scene, shift);
        using var patience = new CancellationTokenSource(Hang.Limit);
        DateTimeOffset? swept;
        while ((swept = (await scene.TenantGrain.GetOverview(patience.Token)).SweptAt) is null || swept == before)
            patience.Token.ThrowIfCancellationRequested();
        return swept.Value;
    }

    // The engine's reminders notice at the start that days have passed.
    private static async Task RestartAfterAsync(ServiceScene scene, TimeSpan shift)
    {
        await scene.StopAsync();
        scene.Clock.Shift(shift);
        await scene.StartServiceAsync();
    }

    private static async Task DaysAsync(ServiceScene scene, int days)
    {
        for (var day = 0; day < days; day++)
        {
            scene.Clock.Shift(TimeSpan.FromDays(1));
            Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        }
    }

    private static IEnumerable<string> ObjectsOfTheMailbox(ServiceScene scene) =>
        Directory.EnumerateFiles(Path.Combine(scene.Folder, "vault", scene.Tenant.ToString(), "resources"), "*", SearchOption.AllDirectories);
}
