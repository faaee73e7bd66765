using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Composition;

/// <summary>Where one machine keeps everything. Configuration section <c>Data</c>.</summary>
public sealed record DataOptions
{
    public const string Section = "Data";

    /// <summary>Holds <c>state.db</c>, <c>vault/</c> and <c>keys/provider.key</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Folder { get; init; } = "";

    public string VaultFolder => Path.Combine(Folder, "vault");

    public string KeyFile => Path.Combine(Folder, "keys", "provider.key");
}

/// <summary>Where Microsoft 365 is. Configuration section <c>Graph</c>.</summary>
public sealed record GraphConnectionOptions
{
    public const string Section = "Graph";

    /// <summary>Root of the version in use.</summary>
    [Required]
    public Uri Endpoint { get; init; } = new("https://graph.microsoft.com/v1.0/");

    /// <summary>Root of the token service.</summary>
    [Required]
    public Uri Authority { get; init; } = new("https://login.microsoftonline.com/");

    /// <summary>PEM file of one more certificate to trust; for a simulator.</summary>
    public string? TrustedCertificateFile { get; init; }
}
