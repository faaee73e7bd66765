using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Drives;

/// <summary>The OneDrive of a user: whichever drive that is now. One that was made anew goes on with the history.</summary>
internal sealed class OneDrivePart(GraphClient client, string userId, DriveReadOptions options) : IRunPart
{
    public string Name => ItemIds.Drive;

    public bool IsEssential => true;

    public async Task BackUpAsync(RunSession session, CancellationToken cancellation)
    {
        session.Board.Step("Looking for the OneDrive");
        var drive = await DriveReader.FindOfUserAsync(client, userId, cancellation);
        if (DriveCheckpoint.Parse(session.CheckpointOf(ItemIds.Drive))?.DriveId is { } known && known != drive.Id)
            await ForgetOthersAsync(session, drive.Id, cancellation);
        await session.ExpectBytesAsync(drive.UsedBytes, cancellation);
        using var run = new DriveRun(session, new DriveReader(client, drive.Id, options), drive, ItemIds.Drive);
        await run.BackUpAsync(cancellation);
    }

    private static async Task ForgetOthersAsync(RunSession session, string driveId, CancellationToken cancellation)
    {
        var others = 0;
        await foreach (var item in session.Writer.ItemsAsync(ItemFilter.All, cancellation))
        {
            if (ItemIds.ContainerIdOf(item.Id) is not { } container || container == driveId || ItemIds.PartOf(item.Id) != ItemIds.Drive)
                continue;
            await session.Writer.RemoveAsync(item.Id, cancellation);
            others++;
        }
        if (others > 0)
            session.Warn($"The user has another OneDrive than before; {others} items of the old one are in earlier restore points only.");
    }
}
