using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Drives;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.Grains.Tests.Drives;

/// <summary>Chats are not in the backup; files that were shared in them lie in the OneDrive of whoever shared them, and come back from there.</summary>
public sealed class ChatFilesTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    [Fact]
    public async Task A_file_that_was_shared_in_a_chat_comes_back_from_the_OneDrive_of_whoever_shared_it()
    {
        await using var scene = await DriveScene.StartAsync(simulator, files: 3);
        var shared = scene.Drive.CreateFolder(scene.Drive.Root, "Microsoft Teams Chat Files");
        scene.Drive.CreateFile(shared, "offer.docx", new SeededFile(7, 70_000));
        var point = (await scene.RunAsync()).Point;
        var then = scene.Truth().Where(item => item.Path.StartsWith("Microsoft Teams Chat Files", StringComparison.Ordinal)).ToList();
        scene.Drive.Delete(shared);

        var ledger = await scene.RestoreAsync(point, RestoreSelection.Folder(DriveEntry.IdOf(scene.Drive.Id, shared.Id)));

        Assert.Equal(2, then.Count);
        Assert.All(ledger.Outcomes, outcome => Assert.Equal(OutcomeKind.Restored, outcome.Kind));
        await scene.AssertRestoredAsync(point, then, scene.Truth().Where(item => item.Path.StartsWith("Microsoft Teams Chat Files", StringComparison.Ordinal)).ToList());
    }
}
