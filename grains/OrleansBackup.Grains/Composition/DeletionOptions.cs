namespace OrleansBackup.Grains.Composition;

/// <summary>What is left when a tenant ends. Configuration section <c>Deletion</c>.</summary>
public sealed record DeletionOptions
{
    public const string Section = "Deletion";

    /// <summary>The private key that signs deletion records; made at its first use, readable by its owner only. Default: <c>keys/deletion-signing.pem</c> in the data folder.</summary>
    public string? SigningKeyFile { get; init; }

    /// <summary>Where signed records are kept, one .zip for each. Default: <c>deletion-records</c> in the data folder.</summary>
    public string? RecordsFolder { get; init; }

    /// <summary>So many objects are tried before and after. Default 16.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 1_000)]
    public int Sample { get; init; } = 16;
}
