using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>How files are put back. Configuration section <c>Graph:DriveWrite</c>.</summary>
public sealed record DriveWriteOptions
{
    public const string Section = "Graph:DriveWrite";

    /// <summary>What the pieces of an upload session are multiples of; the service refuses others only after the last byte.</summary>
    public const int PieceUnit = 320 * 1024;

    /// <summary>Pieces of an upload session, in units of 320 KiB; below 60 MiB. Default 16, that is 5 MiB: it is held in memory while it is sent.</summary>
    /// <remarks>Source: Microsoft Graph, driveItem createUploadSession.</remarks>
    [Range(1, 187)]
    public int PieceUnits { get; init; } = 16;

    /// <summary>How often an upload is begun anew after its session was lost.</summary>
    [Range(1, 10)]
    public int MaxUploads { get; init; } = 3;
}
