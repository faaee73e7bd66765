using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Grains.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>What the provider adds up of all tenants, and that a resource answers whatever it waits for.</summary>
public sealed class EstateTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly BackupSchedule Schedule = new(ContractCalendar.Amsterdam);

    private static CancellationToken Never => CancellationToken.None;

    [Fact]
    public async Task The_provider_knows_how_all_resources_stand_and_a_missed_day_makes_them_overdue()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, UnlicensedUsers = 1, MessagesPerMailbox = 5 });
        Assert.Equal(0, (await scene.Grains.Provider().GetEstate(Never)).Tenants);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await UntilAsync(async () => await scene.TenantGrain.GetStanding(Never) is { Resources: { Healthy: 2, Running: 0 } });
        await scene.TenantGrain.SweepOverdue(Never);
        var estate = await scene.Grains.Provider().GetEstate(Never);
        Assert.Equal((1, 1, 0), (estate.Tenants, estate.Told, estate.Hindered));
        Assert.Equal((2, 1, 2, 0, 0), (estate.Resources.Protected, estate.Resources.Unprotected, estate.Resources.Healthy, estate.Resources.Overdue, estate.Resources.Failing));

        var good = (await scene.TenantGrain.ListResources(null, 10, Never)).Resources.Where(resource => resource.Protected).ToDictionary(resource => resource.Resource, resource => resource.Health!.LastGoodStart!.Value);
        var due = await scene.TenantGrain.ListDue(null, 10, Never);
        Assert.Equal(due.Select(one => one.DueAt).Order(), due.Select(one => one.DueAt));
        Assert.Equal([BackupStanding.Healthy, BackupStanding.Healthy], due.Select(one => one.Standing));
        Assert.All(due, one => Assert.Equal(Schedule.NextMoment(one.Resource, BackupWindow.Default, good[one.Resource]), one.DueAt));

        scene.Clock.Shift(TimeSpan.FromDays(2)); // no reminder ticks here: two moments pass without a run
        var standing = await scene.TenantGrain.GetStanding(Never);
        Assert.Equal((0, 2), (standing!.Resources.Healthy, standing.Resources.Overdue));
        Assert.Equal(2, (await scene.TenantGrain.GetOverview(Never)).OverdueResources);
        var overdue = await scene.TenantGrain.ListDue(null, 1, Never); // since the first missed moment, not the newest
        Assert.Equal(due[0] with { Standing = BackupStanding.Overdue }, Assert.Single(overdue));
        Assert.Equal(due[1] with { Standing = BackupStanding.Overdue }, Assert.Single(await scene.TenantGrain.ListDue(overdue[0].Place, 10, Never)));
        Assert.Empty(await scene.TenantGrain.ListDue(due[1].Place, 10, Never));
    }

    [Fact]
    public async Task A_tenant_tells_by_itself_when_its_figures_have_changed_and_does_not_wait_for_the_next_sweep()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 2, MessagesPerMailbox = 5 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await UntilAsync(async () =>
        {
            scene.Clock.FireTimersOf(PartHealthBook.ShortestInterval); // the part finds that its figures are others
            scene.Clock.FireTimersOf(TimeSpan.FromSeconds(30)); // and the tenant has waited as long as it does between two tellings
            await Hang.MomentAsync();
            return await scene.Grains.Provider().GetEstate(Never) is { Resources.Healthy: 2 };
        });
    }

    [Fact]
    public async Task A_provider_that_comes_to_life_again_asks_every_tenant()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.KillAsync();
        await scene.StartServiceAsync();
        await UntilAsync(async () => await scene.Grains.Provider().GetEstate(Never) is { Told: 1, Resources.Protected: 1 });
    }

    [Fact]
    public async Task A_tenant_that_does_not_say_how_it_stands_keeps_the_others_from_being_told_of_for_ten_minutes_and_no_longer()
    {
        const int Tenants = 41; // as no other scene has, since what is published is the process's
        var silent = new SilentTenants();
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 }, services => services.AddSingleton<IIncomingGrainCallFilter>(silent));
        foreach (var number in Enumerable.Range(0, Tenants))
            await scene.Grains.Provider().Enlist(new TenantId(Guid.NewGuid()), $"Tenant {number}", Never);
        await scene.KillAsync();
        silent.Silent = true;
        await scene.StartServiceAsync();
        Assert.Equal(0, (await scene.Grains.Provider().GetEstate(Never)).Told);
        await UntilAsync(() => Task.FromResult(silent.Asked >= Tenants));
        Assert.False(IsTold());

        await UntilAsync(() =>
        {
            scene.Clock.FireTimersOf(TimeSpan.FromMinutes(10));
            return Task.FromResult(IsTold());
        });

        static bool IsTold() => EstateGauges.Tenants().Any(measured => measured.Value == Tenants);
    }

    [Fact]
    public async Task A_resource_whose_run_hangs_in_a_call_that_never_returns_says_what_it_waits_for()
    {
        var store = new HookedBlobStore(new FolderBlobStore(Directory.CreateTempSubdirectory("orleansbackup-vault-").FullName));
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 }, services: services => services.AddSingleton<IBlobStore>(store));
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var (stuck, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        store.BeforePut = name =>
        {
            if (!HookedBlobStore.IsSegment(name))
                return Task.CompletedTask;
            store.BeforePut = null;
            stuck.SetResult();
            return goOn.Task;
        };
        var run = await scene.Resource().StartRun(RunReason.Requested, false, Never);
        await stuck.Task.WaitAsync(Hang.Limit);

        var patience = Hang.Limit;
        Assert.NotEmpty((await scene.Resource().Why(Never).WaitAsync(patience)).For);
        Assert.Equal(run, (await scene.Resource().GetStatus(Never).WaitAsync(patience)).CurrentRun!.Run);
        await UntilAsync(async () => (await scene.TenantGrain.GetOverview(Never).WaitAsync(patience)).RunningResources == 1);
        goOn.SetResult();
        Assert.Equal(RunOutcome.Succeeded, (await ServiceScene.EndOfRunAsync(scene.Resource(), run)).Outcome);
    }

    [Fact]
    public async Task A_resource_whose_own_turn_hangs_says_what_it_waits_for()
    {
        var store = new HookedBlobStore(new FolderBlobStore(Directory.CreateTempSubdirectory("orleansbackup-vault-").FullName));
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 }, services: services => services.AddSingleton<IBlobStore>(store));
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var (stuck, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        store.BeforePut = _ =>
        {
            stuck.TrySetResult();
            return goOn.Task;
        };
        var settings = (await scene.Resource().GetStatus(Never)).Settings;
        var turn = scene.Resource().Protect(settings with { DisplayName = "Another name" }, Never); // its card is put into the store within the turn
        await stuck.Task.WaitAsync(Hang.Limit);
        Assert.NotEmpty((await scene.Resource().Why(Never).WaitAsync(Hang.Limit)).For);
        Assert.False(turn.IsCompleted);
        goOn.SetResult();
        await turn;
    }

    [Fact]
    public void Only_who_published_the_estate_withdraws_it()
    {
        var (first, second) = (new object(), new object());
        var counts = new GrainInterfaces.Tenants.ResourceCounts(9, 1, 7, 2, 0, 3);
        EstateGauges.Publish(first, new GrainInterfaces.Tenants.EstateStanding(counts, 4, 1, 4));
        EstateGauges.Publish(second, new GrainInterfaces.Tenants.EstateStanding(counts, 5, 1, 5));
        EstateGauges.Withdraw(first);
        Assert.Equal([9d, 7, 2, 0, 3, 1], EstateGauges.Resources().Select(measured => measured.Value));
        Assert.Equal([5d, 1], EstateGauges.Tenants().Select(measured => measured.Value));
        EstateGauges.Withdraw(second);
        Assert.All(EstateGauges.Resources().Concat(EstateGauges.Tenants()), measured => Assert.True(double.IsNaN(measured.Value)));
    }

    /// <summary>Tenants that answer nothing to the question how they stand and do not tell it either.</summary>
    private sealed class SilentTenants : IIncomingGrainCallFilter
    {
        private int _asked;

        public bool Silent { get; set; }

        public int Asked => Volatile.Read(ref _asked);

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (!Silent || context.MethodName is not ("GetStanding" or "TellStanding"))
                return context.Invoke();
            if (context.MethodName == "GetStanding")
                Interlocked.Increment(ref _asked);
            throw new TimeoutException("It does not answer.");
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (!await isSo())
            patience.Token.ThrowIfCancellationRequested();
    }
}
