using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>How drives are read. Configuration section <c>Graph:DriveRead</c>.</summary>
public sealed record DriveReadOptions
{
    public const string Section = "Graph:DriveRead";

    /// <summary>Items on a page of changes. Default 500; a drive whose pages time out is asked for less.</summary>
    [Range(1, 1_000)]
    public int PageSize { get; init; } = 500;

    /// <summary>The smallest page that is tried before the drive is walked folder by folder.</summary>
    [Range(1, 1_000)]
    public int LeastPageSize { get; init; } = 20;

    /// <summary>Attempts at a page of changes, and at a notebook's file: where both fail for ever, patience does not help.</summary>
    [Range(1, 10)]
    public int AttemptsWhereHopeIsSmall { get; init; } = 2;

    /// <summary>Broken connections in a row, without a byte in between, until a download is given up.</summary>
    [Range(1, 20)]
    public int MaxBreaksInARow { get; init; } = 6;
}
