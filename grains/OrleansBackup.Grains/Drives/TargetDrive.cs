using OrleansBackup.Microsoft365.Drives;

namespace OrleansBackup.Grains.Drives;

/// <summary>The drive that the items of one drive of the point go to.</summary>
/// <param name="RootId">Where its top is.</param>
/// <param name="IsOriginal">It is the drive that they came from: an item may still be there under its id.</param>
internal sealed record TargetDrive(DriveReader Reader, DriveWriter Writer, string RootId, bool IsOriginal)
{
    /// <summary>The service says the same word for an item that is gone and for a drive that is: called when something in it was not found.</summary>
    /// <exception cref="DriveUnavailableException">The drive is not there any more: a job into it ends, rather than failing file by file to its last one.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        if (await Reader.TryReadAsync("root", cancellation) is null)
            throw new DriveUnavailableException(DriveProblem.NoDrive, $"Drive '{Reader.DriveId}' is not there any more.", "DriveGone", requestId: null);
    }
}
