using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>What must never happen between a tenant, its resources and their vault, whatever fails in between.</summary>
public sealed class NeverTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_mailbox_that_could_not_be_told_of_its_protection_is_never_forgotten()
    {
        var store = new FullableBlobStore(new FolderBlobStore(Directory.CreateTempSubdirectory("orleansbackup-vault-").FullName));
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 },
            services: services => services.AddSingleton<IBlobStore>(store));
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        scene.Admin.AddUser(scene.Tenant.ToString(), seed: 7);
        store.IsUnreadable = true;
        await IgnoreAsync(scene.TenantGrain.Discover(CancellationToken.None));
        store.IsUnreadable = false;
        await scene.TenantGrain.SweepOverdue(CancellationToken.None);
        var resources = await scene.UntilPointsAsync(1);
        Assert.Equal(2, resources.Count(listing => listing.Protected));
    }

    [Fact]
    public async Task A_run_that_waits_at_the_gate_is_never_ended_as_stuck()
    {
        var clock = new TickingClock();
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 },
            services: services => services.AddSingleton<TimeProvider>(clock), settings: new() { ["Backup:Admission:ConcurrentRuns"] = "1" });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var gate = scene.Services.GetRequiredService<AdmissionGate>();
        var place = await gate.EnterAsync(scene.Mailbox(), "another", CancellationToken.None);
        var run = await scene.Resource().StartRun(RunReason.Requested, false, CancellationToken.None);
        while (gate.Overview().Waiting.IsEmpty)
            await Hang.MomentAsync();
        for (var minute = 0; minute < 100; minute++)
            clock.PassMinute();
        place.Dispose();
        Assert.Equal(RunOutcome.Succeeded, (await ServiceScene.EndOfRunAsync(scene.Resource(), run)).Outcome);
    }

    [Fact]
    public async Task A_run_that_does_not_stop_when_told_never_keeps_its_place_at_the_gate()
    {
        var store = new HookedBlobStore(new FolderBlobStore(Directory.CreateTempSubdirectory("orleansbackup-vault-").FullName));
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 },
            services: services => services.AddSingleton<IBlobStore>(store), settings: new() { ["Backup:Runs:StopWithinSeconds"] = "1", ["Backup:Admission:ConcurrentRuns"] = "1" });
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var (stuck, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        store.BeforePut = name =>
        {
            if (!HookedBlobStore.IsSegment(name))
                return Task.CompletedTask;
            store.BeforePut = null;
            stuck.SetResult();
            return goOn.Task; // whatever is cancelled
        };
        var run = await scene.Resource().StartRun(RunReason.Requested, false, CancellationToken.None);
        await stuck.Task.WaitAsync(Hang.Limit);
        await scene.Resource().CancelRun(CancellationToken.None);
        Assert.Equal(RunOutcome.Cancelled, (await ServiceScene.EndOfRunAsync(scene.Resource(), run)).Outcome);
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome); // the only place is free
        goOn.SetResult(); // and what the other still commits does no harm
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
    }

    [Fact]
    public async Task A_sealed_point_that_the_state_does_not_know_never_expires_before_its_time()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 });
        await scene.OnboardAsync(TenantSettings.Default);
        await scene.UntilPointsAsync(1);
        // As if the process had died between the seal and the write of the state, and the run been called off then.
        var vault = await scene.Services.GetRequiredService<VaultRepository>().OpenAsync(VaultAccess.NameOf(scene.Mailbox()), CancellationToken.None);
        RestorePoint unknown;
        await using (var writer = await vault.BeginRunAsync(Guid.NewGuid(), scene.Clock.GetUtcNow(), CancellationToken.None))
            unknown = await writer.SealAsync(writer.Checkpoint!, ImmutableSortedDictionary<string, string>.Empty.Add(PointDetails.Outcome, "Succeeded"), CancellationToken.None);
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        await scene.Resource().ExpirePoints(CancellationToken.None);
        Assert.Contains(await vault.ListPointsAsync(CancellationToken.None), point => point.Sequence == unknown.Sequence);
        Assert.Contains(await scene.Resource().ListPoints(CancellationToken.None), point => point.Sequence == unknown.Sequence);
    }

    [Fact]
    public async Task Points_of_a_released_mailbox_are_never_kept_beyond_their_time_for_want_of_a_run()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 }, behind: TimeSpan.FromDays(12));
        await scene.OnboardAsync(TenantSettings.Default with { Retention = RetentionRule.OfDays(10) });
        await scene.UntilPointsAsync(1);
        scene.Clock.Shift(TimeSpan.FromDays(5));
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        await scene.TenantGrain.ChangeSettings(
            TenantSettings.Default with { Retention = RetentionRule.OfDays(10), Scope = new ProtectionScope(ScopeMode.Selection, [], [], true) }, CancellationToken.None);
        scene.Clock.Shift(TimeSpan.FromDays(7));
        // What the engine does at the next daily tick, which the restart makes it notice.
        await scene.StopAsync();
        await scene.StartServiceAsync();
        using var patience = new CancellationTokenSource(Hang.Limit);
        while ((await scene.Resource().ListPoints(patience.Token)).Length > 1)
            await Hang.MomentAsync(patience.Token);
    }

    private static async Task IgnoreAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whether the caller hears of it is not what this is about.
        }
    }

    /// <summary>Real time, but the timers of one minute fire when a test says so.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private readonly ManualClock _minutes = new(DateTimeOffset.UnixEpoch);

        public void PassMinute() => _minutes.Advance(TimeSpan.FromMinutes(1));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            period == TimeSpan.FromMinutes(1) ? _minutes.CreateTimer(callback, state, dueTime, period) : base.CreateTimer(callback, state, dueTime, period);
    }
}
