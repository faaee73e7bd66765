using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A day without change neither asks the vault what is to go nor writes the card beside the backups: that is done once a week, and when it has changed.</summary>
public sealed class WeeklyLookTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly TimeSpan Past = TimeSpan.FromDays(100), Day = TimeSpan.FromDays(1);
    private static readonly TenantRecipe OneMailbox = new() { Users = 1, MessagesPerMailbox = 5 };

    [Fact]
    public async Task A_card_that_was_lost_comes_back_with_the_weekly_look_and_not_before_also_over_a_restart()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, behind: Past);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await WrittenRunAsync(scene);
        Assert.NotEmpty(Cards(scene));
        using var patience = new CancellationTokenSource(Hang.Limit);
        for (var lost = false; !lost; lost = Cards(scene).Length == 0) // until the look of the first day is written down: it goes on beside the runs
        {
            LoseCards(scene);
            await WrittenRunAsync(scene);
            patience.Token.ThrowIfCancellationRequested();
        }

        for (var day = 1; day < 7; day++)
        {
            scene.Clock.Shift(Day);
            if (day == 3)
            {
                await scene.StopAsync();
                await scene.StartServiceAsync();
            }
            await WrittenRunAsync(scene);
            Assert.Empty(Cards(scene));
        }
        scene.Clock.Shift(Day);
        await WrittenRunAsync(scene);
        Assert.NotEmpty(Cards(scene));
    }

    [Fact]
    public async Task A_card_that_could_not_be_written_is_written_after_the_next_run()
    {
        var folder = Directory.CreateTempSubdirectory("orleansbackup-vault-").FullName;
        var store = new HookedBlobStore(new FolderBlobStore(folder));
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox, services: services => services.AddSingleton<IBlobStore>(store), behind: Past);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await WrittenRunAsync(scene);
        store.BeforePut = name => IsCard(name.Value) ? throw new IOException("The disk is full.") : Task.CompletedTask;
        var settings = (await scene.Resource().GetStatus(CancellationToken.None)).Settings;
        await scene.Resource().Protect(settings with { DisplayName = "Another name" }, CancellationToken.None);
        var before = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Count(IsCard);

        store.BeforePut = null;
        await WrittenRunAsync(scene);
        Assert.Equal(before + 1, Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Count(IsCard));
    }

    // A run ends for who watches it before everything of it is written down; the next question waits for that.
    private static async Task WrittenRunAsync(ServiceScene scene)
    {
        Assert.Equal(RunOutcome.Succeeded, (await scene.RunAsync()).Outcome);
        await scene.Resource().StartIfDue(CancellationToken.None);
    }

    private static void LoseCards(ServiceScene scene)
    {
        foreach (var card in Cards(scene))
            File.Delete(card);
    }

    private static string[] Cards(ServiceScene scene) => [.. Directory.GetFiles(Path.Combine(scene.Folder, "vault"), "*", SearchOption.AllDirectories).Where(IsCard)];

    private static bool IsCard(string name) => name.Contains("/resources/", StringComparison.Ordinal) && name.Contains("/card/", StringComparison.Ordinal);
}
