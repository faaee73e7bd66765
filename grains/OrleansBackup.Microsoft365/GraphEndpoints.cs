namespace OrleansBackup.Microsoft365;

/// <summary>Where Microsoft Graph and its token service are, so that a national cloud or a simulator can stand in for the public one.</summary>
public sealed record GraphEndpoints
{
    /// <summary>Root of the version in use, with a closing slash.</summary>
    public Uri Graph { get; init; } = new("https://graph.microsoft.com/v1.0/");

    /// <summary>Root of the token service, with a closing slash; HTTPS only.</summary>
    public Uri Authority { get; init; } = new("https://login.microsoftonline.com/");

    /// <summary>What tokens are asked for: the application permissions of this cloud's Graph.</summary>
    public string Scope { get; init; } = "https://graph.microsoft.com/.default";

    /// <summary>PEM file of an extra root or self-signed certificate to trust; null trusts only the system's roots.</summary>
    public string? TrustedCertificateFile { get; init; }
}
