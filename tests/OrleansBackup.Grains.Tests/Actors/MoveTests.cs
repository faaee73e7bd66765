using System.Collections.Immutable;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A tenant moves to another store as a whole, whatever goes on meanwhile, and leaves nothing behind.</summary>
public sealed class MoveTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_tenant_moves_with_all_its_points_and_goes_on_there()
    {
        using var folder = new StoreFolders();
        await using var scene = await OnboardedAsync(folder, new TenantRecipe { Users = 2, MessagesPerMailbox = 20 });
        await scene.UntilPointsAsync(1);
        var before = await scene.Resource().ListPoints(CancellationToken.None);

        var asked = await scene.TenantGrain.StartMove("home", "kim", "The contract demands it.", CancellationToken.None);
        Assert.Equal((MoveState.Copying, "ireland", "home", "kim"), (asked.State, asked.From, asked.To, asked.Asked.Who));
        var moved = await EndOfMoveAsync(scene);
        Assert.Equal((MoveState.Done, 0L, 0), (moved.State, moved.Retained, moved.Strays.Length));
        Assert.True(moved.Objects > 0 && moved.Erased == moved.Objects, $"{moved}");
        Assert.Empty(Files(folder.Of("ireland")));
        Assert.Equal("home", (await scene.TenantGrain.GetOverview(CancellationToken.None)).Store);
        Assert.Equal(StorageDemand.Netherlands, (await scene.TenantGrain.ChangeStorage(StorageDemand.Netherlands, CancellationToken.None)).Storage);

        Assert.Equal(before.Select(point => point.Sequence), (await scene.Resource().ListPoints(CancellationToken.None)).Select(point => point.Sequence));
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
        Assert.Equal((RunOutcome.Succeeded, 0L), await OutcomeAsync(scene)); // nothing is downloaded again
        Assert.Empty(Files(folder.Of("ireland")));
    }

    [Fact]
    public async Task A_first_backup_under_way_is_paused_and_goes_on_at_the_new_place_without_beginning_again()
    {
        using var folder = new StoreFolders();
        await using var scene = await OnboardedAsync(folder, new TenantRecipe { Users = 1, MessagesPerMailbox = 300 }, new() { ["Backup:Runs:SegmentChanges"] = "20", ["Graph:Mail:PageSize"] = "10" });
        var run = (await scene.Resource().ListRuns(CancellationToken.None))[0].Progress.Run;
        await foreach (var progress in scene.Resource().WatchRun(run, CancellationToken.None))
            if (progress.Counts.Segments >= 2)
                break;
        await scene.TenantGrain.StartMove("home", "kim", "Cheaper.", CancellationToken.None);
        Assert.Equal(MoveState.Done, (await EndOfMoveAsync(scene)).State);
        await scene.UntilPointsAsync(1);
        var ended = (await scene.Resource().ListRuns(CancellationToken.None))[0].Progress;
        Assert.Equal((run, RunReason.Resumed), (ended.Run, ended.Reason));
        Assert.InRange(ended.Counts.Added, 0, 280);
        Assert.Equal(300, (await scene.Resource().ListPoints(CancellationToken.None))[0].Items);
        Assert.Empty(Files(folder.Of("ireland")));
    }

    [Fact]
    public async Task A_move_whose_process_died_goes_on_by_itself()
    {
        using var folder = new StoreFolders();
        await using var scene = await OnboardedAsync(folder, new TenantRecipe { Users = 3, MessagesPerMailbox = 40 });
        await scene.UntilPointsAsync(1);
        await scene.TenantGrain.StartMove("home", "kim", "Cheaper.", CancellationToken.None);
        while (Files(folder.Of("home")).Length < 2) // in the middle of the copy
            await Task.Yield();
        await scene.KillAsync();
        await scene.StartServiceAsync();
        Assert.Equal(MoveState.Done, (await EndOfMoveAsync(scene)).State);
        Assert.Empty(Files(folder.Of("ireland")));
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
    }

    [Fact]
    public async Task A_store_that_may_not_delete_yet_is_erased_when_its_time_has_come_and_the_tenant_works_at_the_new_place_meanwhile()
    {
        using var folder = new StoreFolders();
        await using var scene = await OnboardedAsync(folder, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 }, new() { ["Vault:RetainFor"] = "3.00:00:00" });
        await scene.UntilPointsAsync(1);
        await scene.TenantGrain.StartMove("home", "kim", "Cheaper.", CancellationToken.None);
        var waiting = await UntilAsync(scene, move => move.State == MoveState.WaitingForRetention);
        Assert.True(waiting is { SwitchedAt: not null, EndedAt: null, Retained: > 0, Problem: null }, $"{waiting}");
        var kept = Files(folder.Of("ireland"));
        Assert.True(kept.Length >= waiting.Retained);
        Assert.Equal((RunOutcome.Succeeded, 0L), await OutcomeAsync(scene));

        scene.Clock.Shift(TimeSpan.FromDays(2)); // tried, and not yet
        await scene.TenantGrain.SweepOverdue(CancellationToken.None);
        await UntilAsync(scene, move => move.State == MoveState.WaitingForRetention && move.LastAttemptAt > waiting.LastAttemptAt);
        Assert.Equal(kept.Order(), Files(folder.Of("ireland")).Order());
        scene.Clock.Shift(TimeSpan.FromDays(1.5));
        await scene.TenantGrain.SweepOverdue(CancellationToken.None);
        var moved = await EndOfMoveAsync(scene);
        Assert.Equal((MoveState.Done, 0L, 0), (moved.State, moved.Retained, moved.Strays.Length));
        Assert.Empty(Files(folder.Of("ireland")));
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
    }

    [Fact]
    public async Task Objects_of_the_tenant_that_are_others_at_the_new_place_end_the_move_before_anything_is_erased()
    {
        using var folder = new StoreFolders();
        await using var scene = await OnboardedAsync(folder, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 });
        await scene.UntilPointsAsync(1);
        Directory.CreateDirectory(Path.Combine(folder.Of("home"), scene.Tenant.ToString()));
        await File.WriteAllTextAsync(Path.Combine(folder.Of("home"), scene.Tenant.ToString(), "keys"), "another key");
        var there = Files(folder.Of("ireland")).Length;
        await scene.TenantGrain.StartMove("home", "kim", "Cheaper.", CancellationToken.None);
        var failed = await EndOfMoveAsync(scene);
        Assert.Equal(MoveState.Failed, failed.State);
        Assert.Contains("keys", failed.Problem, StringComparison.Ordinal);
        Assert.True(Files(folder.Of("ireland")).Length >= there);
        Assert.Equal((RunOutcome.Succeeded, 0L), await OutcomeAsync(scene)); // nothing waits any more
    }

    [Fact]
    public async Task A_move_that_makes_no_sense_is_refused()
    {
        using var folder = new StoreFolders();
        await using var scene = await OnboardedAsync(folder, new TenantRecipe { Users = 1, MessagesPerMailbox = 5 });
        await scene.UntilPointsAsync(1);
        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.StartMove("none", "kim", "Why not.", CancellationToken.None));
        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.StartMove("ireland", "kim", "Why not.", CancellationToken.None));
        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.StartMove("home", "kim", " ", CancellationToken.None));
        await scene.TenantGrain.ChangeStorage(new StorageDemand(["IE"]), CancellationToken.None);
        Assert.Equal("store", (await Assert.ThrowsAsync<InvalidRequestException>(() => scene.TenantGrain.StartMove("home", "kim", "Why not.", CancellationToken.None))).Field);
        Assert.Empty(await scene.TenantGrain.ListMoves(CancellationToken.None));
    }

    private async Task<ServiceScene> OnboardedAsync(StoreFolders folder, TenantRecipe recipe, Dictionary<string, string?>? further = null)
    {
        var scene = await ServiceScene.StartAsync(simulator, recipe, settings: new([.. folder.Settings, .. further ?? []]));
        await scene.OnboardAsync();
        return scene;
    }

    private static Task<TenantMoveStatus> EndOfMoveAsync(ServiceScene scene) => UntilAsync(scene, move => !move.IsOpen);

    private static async Task<TenantMoveStatus> UntilAsync(ServiceScene scene, Func<TenantMoveStatus, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        TenantMoveStatus move;
        while (!isSo(move = (await scene.TenantGrain.ListMoves(patience.Token))[0]))
        {
            Assert.True(move.Problem is null, move.Problem);
            patience.Token.ThrowIfCancellationRequested();
        }
        return move;
    }

    private static async Task<(RunOutcome Outcome, long Downloaded)> OutcomeAsync(ServiceScene scene)
    {
        var progress = await scene.RunAsync();
        return (progress.Outcome, progress.Counts.Added + progress.Counts.Changed);
    }

    private static ImmutableArray<string> Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)];
}
