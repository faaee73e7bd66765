using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Resources;

/// <summary>How runs behave. Configuration section <c>Backup:Runs</c>.</summary>
public sealed record RunOptions
{
    public const string Section = "Backup:Runs";

    /// <summary>A run without a sign of life for so long is ended. Default 30 minutes: the longest that Graph has been seen to ask to wait is far below.</summary>
    [Range(1, 1_440)]
    public int StuckAfterMinutes { get; init; } = 30;

    /// <summary>How long a run that was told to stop may take to do so. After that its place at the gate goes to the next, and it is told. Default one minute.</summary>
    [Range(1, 3_600)]
    public int StopWithinSeconds { get; init; } = 60;

    /// <summary>Every so many days a run compares with an independent listing before it seals. Default 7.</summary>
    [Range(1, 365)]
    public int CompareListingEveryDays { get; init; } = 7;

    /// <summary>Changes after which a segment is committed: what a crash can cost at most. Default 250.</summary>
    /// <remarks>The segments since the last base are held in memory, some 3 KB an item, so this bounds the memory of a large first backup too.</remarks>
    [Range(1, 100_000)]
    public int SegmentChanges { get; init; } = 250;

    /// <summary>Bytes of content after which a segment is committed. Default 64 MiB.</summary>
    [Range(1L << 20, 1L << 30)]
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>A larger file is taken in stretches of so many bytes, each committed with the segment that is due then: what a crash makes to be downloaded again at
    /// most, of each of <see cref="ItemsAtOnce"/> files. Default 256 MiB.</summary>
    [Range(1L << 20, 1L << 40)]
    public long TransferBytes { get; init; } = 256L << 20;

    /// <summary>Time after which a segment is committed even if it is small. Default one minute.</summary>
    [Range(1, 3_600)]
    public int SegmentSeconds { get; init; } = 60;

    /// <summary>Items of one mailbox read at once. Default 4: what Microsoft grants an app per mailbox.</summary>
    /// <remarks>Source: Graph throttling limits, Outlook service limits.</remarks>
    [Range(1, 4)]
    public int ItemsAtOnce { get; init; } = 4;

    /// <summary>Items that fail one after the other for a passing reason until the run is taken for failed as a whole. Default 20.</summary>
    [Range(1, 10_000)]
    public int FailuresUntilGivingUp { get; init; } = 20;
}
