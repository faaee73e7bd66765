using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Admin;

namespace OrleansBackup.Grains.Tests.Drives;

/// <summary>Runs over a simulated OneDrive: what is sealed is what was there.</summary>

public sealed class DriveRunTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_first_run_seals_every_folder_and_every_byte()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 60);
        var result = await scene.RunAsync();
        await scene.AssertPointIsTrueAsync(result.Point);
    }

    [Fact]
    public async Task A_first_run_tells_how_many_bytes_there_are_and_a_later_one_nothing()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 20);
        await scene.RunAsync();
        Assert.Equal(scene.Truth().Where(item => item.Kind == "file").Sum(item => item.Size), scene.LastBoard.Current.BytesExpected);
        await scene.RunAsync();
        Assert.Equal(0, scene.LastBoard.Current.BytesExpected);
    }

    [Theory]
    [InlineData(1ul)]
    [InlineData(2ul)]
    [InlineData(3ul)]
    public async Task After_days_of_life_every_point_is_what_was_there_then(ulong seed)
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 40, seed);
        for (var day = 0; day < 4; day++)
        {
            var result = await scene.RunAsync(compare: day == 2);
            await scene.AssertPointIsTrueAsync(result.Point);
            scene.Admin.PlayLife(scene.TenantText, new LifeRecipe(1, seed + (ulong)day, Intensity: 40));
        }
    }
}
