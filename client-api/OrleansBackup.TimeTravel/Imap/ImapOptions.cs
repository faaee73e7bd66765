using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansBackup.TimeTravel.Imap;

/// <summary>Where mail programs find opened mailboxes. Configuration section <c>TimeTravel:Imap</c>; without <see cref="Url"/> none is served.</summary>
public sealed record ImapOptions : IValidatableObject
{
    public const string Section = "TimeTravel:Imap";
    public const int PortInClear = 143, PortInTls = 993;

    /// <summary><c>imaps://0.0.0.0:993</c>: TLS from the first byte. <c>imap://127.0.0.1:143</c>: in clear, with STARTTLS where there is a certificate. Port 0 takes a free one.</summary>
    /// <remarks>Beyond this machine nobody signs in without TLS.</remarks>
    public string? Url { get; init; }

    /// <summary>The name under which mail programs reach it, such as <c>backup.example</c>. Default: that of the request that opens.</summary>
    public string? PublicName { get; init; }

    /// <summary>The certificate that mail programs see and what lies between it and its authority, in PEM.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its private key, in PEM.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Connections at once; more are turned away. Default 200.</summary>
    [Range(1, 100_000)]
    public int Connections { get; init; } = 200;

    /// <summary>Connections at once from one address. Mail programs open some for each account. Default 20.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerAddress { get; init; } = 20;

    /// <summary>How long somebody may be connected without having signed in. Default one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SignInWithin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a program that has signed in may say nothing. Default 31 minutes: RFC 3501, section 5.4, asks for at least 30.</summary>
    [Range(typeof(TimeSpan), "00:30:00", "1.00:00:00")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(31);

    /// <summary>How long a program may take to take what is sent. Default one minute for 32 KB.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SlowReader { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What one search may read of messages, beyond what is known of each. Default 256 MB; a search that needs more is refused.</summary>
    [Range(1, long.MaxValue)]
    public long SearchBytes { get; init; } = 256L << 20;

    internal Uri? Address => Url is null ? null : new Uri(Url);

    internal bool IsInTls => Address is { Scheme: "imaps" };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is null)
            yield break;
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("imap" or "imaps") || url.AbsolutePath is not ("" or "/") || url.UserInfo.Length > 0 || Host(url) is not { } host)
        {
            yield return new ValidationResult($"{Section}:Url must be imap:// or imaps:// with an address of this machine and a port, such as imaps://0.0.0.0:993; it is '{Url}'.");
            yield break;
        }
        if ((CertificateFile is null) != (KeyFile is null))
            yield return new ValidationResult($"{Section}: CertificateFile and KeyFile belong together; one of them is not set.");
        else if (CertificateFile is null && (url.Scheme == "imaps" || !IPAddress.IsLoopback(host)))
            yield return new ValidationResult($"{Section}:CertificateFile is not set: beyond this machine (imap://127.0.0.1) mail is served with TLS only. Name the certificate and its KeyFile, each in PEM.");
        else if (CertificateFile is not null && ProblemOfCertificate() is { } problem)
            yield return new ValidationResult($"{Section}:CertificateFile or KeyFile cannot be used: {problem}");
    }

    internal static IPAddress? Host(Uri url) => url.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) ? address : null;

    internal (X509Certificate2 Own, X509Certificate2Collection Between) LoadCertificate()
    {
        var between = new X509Certificate2Collection();
        between.ImportFromPemFile(CertificateFile!);
        between.RemoveAt(0); // the file begins with the server's own
        return (X509Certificate2.CreateFromPemFile(CertificateFile!, KeyFile), between);
    }

    private string? ProblemOfCertificate()
    {
        try
        {
            using var own = LoadCertificate().Own;
            return own.HasPrivateKey ? null : "it has no private key.";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return error.Message;
        }
    }
}
