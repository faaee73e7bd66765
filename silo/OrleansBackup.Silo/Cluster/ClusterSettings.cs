using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;

namespace OrleansBackup.Silo.Cluster;

/// <summary>How several servers are one. Configuration section <c>Cluster</c>; without it a server is alone on its machine.</summary>
public sealed record ClusterSettings
{
    public const string Section = "Cluster";

    /// <summary>PostgreSQL, in Npgsql's form (<c>Host=…;Database=…;Username=…</c>). Holds membership, grain state and reminders. Setting it, or the file, makes a cluster. Secret if it holds a password.</summary>
    /// <remarks>Unless it names others: at most 30 connections of this silo (<c>Maximum Pool Size</c>), for one of which a question waits 60 seconds (<c>Timeout</c>).</remarks>
    public string? ConnectionString { get; init; }

    /// <summary>A file whose content is the connection string, in its place.</summary>
    public string? ConnectionStringFile { get; init; }

    /// <summary>A file whose content is the password, so that the connection string holds none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Silos with the same id find each other. Default <c>orleansbackup</c>.</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string ClusterId { get; init; } = "orleansbackup";

    /// <summary>Whose grain state and reminders these are; never changes once there are some. Default <c>orleansbackup</c>.</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string ServiceId { get; init; } = "orleansbackup";

    /// <summary>Where the other silos reach this one: an IP address of this machine, or a name that it resolves to one.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>The port for it. Default 11111.</summary>
    [Range(1, 65_535)]
    public int SiloPort { get; init; } = 11_111;

    /// <summary>Seconds for which a start waits for a database that does not answer yet. Default 60.</summary>
    [Range(0, 3_600)]
    public int DatabasePatienceSeconds { get; init; } = 60;

    /// <summary>Says that something else encrypts what silos send each other, such as a service mesh or a tunnel.</summary>
    public bool NetworkIsEncrypted { get; init; }

    public ClusterTlsSettings Tls { get; init; } = new();

    /// <summary>Whether this server is one of a cluster.</summary>
    public bool IsCluster => ConnectionString is not null || ConnectionStringFile is not null;

    /// <exception cref="SocketException">The name means no address.</exception>
    public IPAddress ResolveAddress() => IPAddress.TryParse(AdvertisedAddress, out var address)
        ? address
        : Dns.GetHostAddresses(AdvertisedAddress!).OrderBy(found => found.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First();

    public override string ToString() => $"{nameof(ClusterSettings)} {{ ClusterId = {ClusterId}, ServiceId = {ServiceId} }}"; // never a secret
}

/// <summary>TLS between silos, in which both sides show a certificate.</summary>
/// <remarks>Files in PEM. Any certificate of the authority makes a silo, so the authority issues for this cluster only, or <see cref="PeerName"/> is set.</remarks>
public sealed record ClusterTlsSettings
{
    /// <summary>This silo's certificate, with those between it and the authority behind it.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its private key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The authority, or several, whose certificates are trusted; no other is.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>A DNS name that every silo's certificate carries. Default: none is asked for.</summary>
    public string? PeerName { get; init; }

    public bool IsSet => CertificateFile is not null || KeyFile is not null || AuthorityFile is not null;
}
