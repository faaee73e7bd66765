using OrleansBackup.Microsoft365.Drives;

namespace OrleansBackup.Grains.Drives;

/// <summary>The drive that the items of one drive of the point go to.</summary>
/// <param name="RootId">Where its top is.</param>
/// <param name="IsOriginal">It is the drive that they came from: an item may still be there under its id.</param>
internal sealed record TargetDrive(DriveReader Reader, DriveWriter Writer, string RootId, bool IsOriginal);
