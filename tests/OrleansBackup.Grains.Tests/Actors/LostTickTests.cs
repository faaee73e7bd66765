using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>No reminder ticks in these days at all, as while no process runs: what is due is found by the tenant's look at its state.</summary>
public sealed class LostTickTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly TenantRecipe OneMailbox = new() { Users = 1, MessagesPerMailbox = 5 };
    private static readonly TenantSettings TenDays = TenantSettings.Default with { Retention = RetentionRule.OfDays(10) };
    private static readonly ProtectionScope Nobody = new(ScopeMode.Selection, [], [], true);

    [Fact]
    public async Task The_points_of_a_released_mailbox_expire_and_its_bytes_are_read_again()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await scene.OnboardAsync(TenDays);
        await scene.UntilPointsAsync(1);
        scene.Clock.Shift(TimeSpan.FromDays(5));
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        await scene.TenantGrain.ChangeSettings(TenDays with { Scope = Nobody }, CancellationToken.None);
        Assert.NotNull((await scene.Resource().GetStatus(CancellationToken.None)).Health.CareDueAt);
        scene.Clock.Shift(TimeSpan.FromDays(7));
        var before = scene.Clock.GetUtcNow();

        await scene.TenantGrain.SweepOverdue(CancellationToken.None);
        await UntilAsync(async patience => (await scene.Resource().ListPoints(patience)).Length == 1);
        await UntilAsync(async patience => (await scene.Resource().GetStatus(patience)).Health.CareDueAt > before);
        await UntilAsync(async patience => (await ListedHealthAsync(scene, patience)).CareDueAt > before); // the tenant knows that it is done
        Assert.True((await scene.Resource().Scrub(CancellationToken.None)).LastSliceAt >= before);

        scene.Clock.Shift(TimeSpan.FromDays(7));
        await scene.TenantGrain.SweepOverdue(CancellationToken.None);
        await UntilAsync(async patience => (await scene.Resource().ListPoints(patience)).IsEmpty);
        await UntilAsync(async patience => await ListedHealthAsync(scene, patience) is { RestorePoints: 0, CareDueAt: null }); // nothing more to come for
    }

    private static async Task<ResourceHealth> ListedHealthAsync(ServiceScene scene, CancellationToken cancellation) =>
        (await scene.TenantGrain.GetResource(scene.Mailbox(), cancellation)).Health!;

    private static async Task UntilAsync(Func<CancellationToken, Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (!await isSo(patience.Token))
            patience.Token.ThrowIfCancellationRequested();
    }
}
