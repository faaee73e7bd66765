using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>A resource remembers how far its vault had come: an older one stops its runs until somebody has looked.</summary>
public sealed class VaultMarkTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly TenantRecipe OneMailbox = new() { Users = 1, MessagesPerMailbox = 25 };

    [Fact]
    public async Task A_store_put_back_from_an_older_copy_stops_runs_until_somebody_accepts_it()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        var newest = LogOf(scene).MaxBy(f => f.Name, StringComparer.Ordinal)!.Name;
        await scene.RunAsync();
        foreach (var later in LogOf(scene).Where(f => string.CompareOrdinal(f.Name, newest) > 0))
            later.Delete(); // what an older copy of the store does not have

        Assert.Contains("newest segments are gone", (await scene.RunAsync()).Problem, StringComparison.Ordinal);
        await scene.StopAsync();
        await scene.StartServiceAsync(); // it is remembered in the state, not in the process
        Assert.Equal(RunOutcome.Failed, (await scene.RunAsync()).Outcome);
        await Assert.ThrowsAsync<VaultUnavailableException>(() => scene.Resource().ExpirePoints(CancellationToken.None));
        Assert.Contains((await scene.Resource().CheckVault(everyByte: false, CancellationToken.None)).Findings, f => f.Contains("newest segments are gone", StringComparison.Ordinal));

        await Assert.ThrowsAsync<InvalidRequestException>(() => scene.Resource().AcceptVault("kim", " ", CancellationToken.None));
        var accepted = await scene.Resource().AcceptVault("kim", "The store was put back after a fire.", CancellationToken.None);
        Assert.Equal((false, 1), (accepted.WasSetBack, (await scene.Resource().ListPoints(CancellationToken.None)).Length));
        Assert.Null((await scene.RunAsync()).Problem);
        Assert.Equal(2, (await scene.Resource().ListPoints(CancellationToken.None)).Length);
        Assert.Empty((await scene.Resource().CheckVault(everyByte: true, CancellationToken.None)).Findings);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_is_set_back_at_somebodys_word_and_the_mailbox_is_read_anew()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.RunAsync();
        var newest = LogOf(scene).MaxBy(f => f.Name, StringComparer.Ordinal)!;
        var bytes = await File.ReadAllBytesAsync(newest.FullName);
        bytes[^5] ^= 1;
        await File.WriteAllBytesAsync(newest.FullName, bytes);

        Assert.Contains("damaged", (await scene.RunAsync()).Problem, StringComparison.Ordinal);
        Assert.Contains("damaged", (await scene.RunAsync()).Problem, StringComparison.Ordinal);
        Assert.True((await scene.Resource().AcceptVault("kim", "A disk failed.", CancellationToken.None)).WasSetBack);
        Assert.Single(await scene.Resource().ListPoints(CancellationToken.None));
        Assert.Null((await scene.RunAsync()).Problem);
        var points = await scene.Resource().ListPoints(CancellationToken.None);
        Assert.Equal((2, points[1].Items), (points.Length, points[0].Items));
        Assert.True(points[0].ComparedWithListing);
    }

    private static FileInfo[] LogOf(ServiceScene scene) =>
        [.. new DirectoryInfo(scene.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.Directory!.Name == "log")];
}
