using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tests.Drives;

/// <summary>What is put back is what was there: names, tree, dates, bytes, and nobody is written to.</summary>
public sealed class DriveRestoreTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData(11ul)]
    [InlineData(12ul)]
    [InlineData(13ul)]
    [InlineData(14ul)]
    public async Task Any_day_of_any_life_comes_back_in_an_empty_drive_as_it_was(ulong seed)
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 40, seed);
        var points = new List<(RestorePoint Point, DateTimeOffset At)>();
        for (var day = 0; day < 4; day++)
        {
            points.Add(((await scene.RunAsync()).Point, scene.Now));
            scene.Admin.PlayLife(scene.TenantText, new LifeRecipe(1, seed + (ulong)day, Intensity: 40));
        }
        var (point, at) = points[(int)(seed % 4)];
        scene.EmptyOther();

        var ledger = await scene.RestoreAsync(point, into: scene.OtherUserId);

        await scene.AssertRestoredAsync(point, scene.Truth(at), scene.Truth(user: scene.OtherUserId));
        Assert.Equal(ledger.Asked, ledger.Outcomes.Count());
        Assert.Equal(0, scene.OtherDrive.InvitationsSent);
    }

    [Theory]
    [InlineData(21ul)]
    [InlineData(22ul)]
    [InlineData(23ul)]
    [InlineData(24ul)]
    public async Task In_place_with_newer_things_removed_the_drive_is_as_it_was_then(ulong seed)
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 39, seed);
        scene.HealOddities();
        var point = (await scene.RunAsync()).Point;
        var at = scene.Now;
        scene.Admin.PlayLife(scene.TenantText, new LifeRecipe(3, seed, Intensity: 60));

        await scene.RestoreAsync(point, conflict: ConflictPolicy.Overwrite, removeNewer: true);

        await scene.AssertRestoredAsync(point, scene.Truth(at), scene.Truth());
    }

    [Fact]
    public async Task In_place_without_asking_for_it_nothing_newer_is_removed()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 12);
        var point = (await scene.RunAsync()).Point;
        var newer = scene.Drive.CreateFile(scene.Drive.Root, "newer.txt", new HeldFile("new"u8.ToArray()));
        var gone = scene.Drive.Root.Children.First(item => item.Kind == DriveItemKind.File && item != newer);
        var name = gone.Latest.Name;
        scene.Drive.Delete(gone);

        await scene.RestoreAsync(point, conflict: ConflictPolicy.Overwrite);

        Assert.Contains(scene.Truth(), item => item.Path == "newer.txt");
        Assert.Contains(scene.Truth(), item => item.Path == name);
    }
}
