using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.SqliteStorage;

/// <summary>The one file that holds grain state and reminders of a single-machine installation.</summary>
public sealed class SqliteStateOptions
{
    /// <summary>Path of the file; its folder is made if need be. Beside it SQLite keeps <c>-wal</c> and <c>-shm</c>, which belong to it.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>Writes that may wait for the disk at once; more wait for a place. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MostWaitingWrites { get; set; } = 10_000;

    /// <summary>Writes that share one commit, and so one flush of the disk. Default 512.</summary>
    [Range(1, 10_000)]
    public int LargestBatch { get; set; } = 512;

    /// <summary>Reads at once. Default 4.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 4;

    /// <summary>Size that the file may not outgrow, in bytes, so that state cannot fill a disk that others need. Default: no bound.</summary>
    public long? LargestFileBytes { get; set; }
}
