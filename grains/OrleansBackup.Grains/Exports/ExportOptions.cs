namespace OrleansBackup.Grains.Exports;

/// <summary>Where exports of whole tenants are written. Configuration section <c>Exports</c>.</summary>
public sealed record ExportOptions
{
    public const string Section = "Exports";

    /// <summary>A folder that every silo reaches. What lies there is not encrypted: it has to be on a disk that is. Default: <c>exports</c> in the data folder.</summary>
    public string? Folder { get; init; }
}
