using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A reminder and what it reminds of are two writes, and the process can die between them.</summary>
public sealed class RegistrationTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly TenantRecipe OneMailbox = new() { Users = 1, MessagesPerMailbox = 5 };

    private static CancellationToken Never => CancellationToken.None;

    [Fact]
    public async Task A_mailbox_whose_process_dies_before_its_daily_reminder_is_set_has_it_after_the_next_start()
    {
        var reached = new TaskCompletionSource();
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, beforeReminder: async entry =>
        {
            if (!IsOfMailbox(entry, "daily"))
                return;
            reached.TrySetResult();
            await new TaskCompletionSource().Task; // the process dies here
        });
        _ = scene.OnboardAsync();
        await reached.Task.WaitAsync(Hang.Limit);
        await scene.KillAsync();

        scene.BeforeReminder = null;
        await scene.StartServiceAsync();
        await UntilAsync(() => HasDailyAsync(scene)); // by the look at what is unfinished that follows every start
        await scene.UntilPointsAsync(1);
    }

    [Fact]
    public async Task A_mailbox_whose_daily_reminder_cannot_be_set_is_told_again_by_the_next_sweep()
    {
        var fails = true;
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, beforeReminder: entry =>
            fails && IsOfMailbox(entry, "daily") ? throw new IOException("The database is away.") : Task.CompletedTask);
        await scene.OnboardAsync();
        Assert.False(await HasDailyAsync(scene));
        Assert.Contains("1 resources could not be told", (await scene.TenantGrain.GetOverview(Never)).Problem, StringComparison.Ordinal);

        fails = false;
        await scene.TenantGrain.SweepOverdue(Never);
        Assert.True(await HasDailyAsync(scene));
        Assert.Null((await scene.TenantGrain.GetOverview(Never)).Problem);
        await scene.UntilPointsAsync(1);
    }

    [Fact]
    public async Task A_run_that_nothing_would_attend_to_does_not_begin_and_no_later_process_knows_of_it()
    {
        var fails = false;
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, beforeReminder: entry =>
            fails && IsOfMailbox(entry, "attend") ? throw new IOException("The database is away.") : Task.CompletedTask);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        fails = true;
        await Assert.ThrowsAnyAsync<Exception>(() => scene.Resource().StartRun(RunReason.Requested, false, Never));
        Assert.Null((await scene.Resource().GetStatus(Never)).CurrentRun);
        await scene.KillAsync();

        fails = false;
        await scene.StartServiceAsync();
        Assert.Single(await scene.Resource().ListRuns(Never));
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome); // its own, not one that goes on
        Assert.Equal([RunReason.Requested, RunReason.Scheduled], (await scene.Resource().ListRuns(Never)).Select(run => run.Progress.Reason));
    }

    private static bool IsOfMailbox(ReminderEntry entry, string name) => entry.ReminderName == name && entry.GrainId.ToString()!.Contains("mailbox", StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> HasDailyAsync(ServiceScene scene) =>
        (await scene.Services.GetRequiredService<IReminderTable>().ReadRows(0, 0)).Reminders.Any(entry => IsOfMailbox(entry, "daily"));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Hang.Limit);
        while (!await isSo())
            patience.Token.ThrowIfCancellationRequested();
    }
}
