using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansBackup.Silo.Cluster;

/// <summary>What a silo shows to others and whom it believes.</summary>
internal sealed class SiloCertificates : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1", ClientUse = "1.3.6.1.5.5.7.3.2"; // RFC 5280, extended key usage

    private readonly string? _peerName;

    private SiloCertificates(X509Certificate2 own, X509Certificate2Collection between, X509Certificate2Collection authorities, string? peerName) =>
        (Own, Between, Authorities, _peerName) = (own, between, authorities, peerName);

    /// <summary>With its private key.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>Certificates between <see cref="Own"/> and an authority.</summary>
    public X509Certificate2Collection Between { get; }

    public X509Certificate2Collection Authorities { get; }

    /// <summary>Each <c>Setting is …: set …</c>.</summary>
    public static IEnumerable<string> Problems(ClusterTlsSettings settings)
    {
        string?[] missing =
        [
            settings.CertificateFile is null ? "Cluster:Tls:CertificateFile" : null, settings.KeyFile is null ? "Cluster:Tls:KeyFile" : null, settings.AuthorityFile is null ? "Cluster:Tls:AuthorityFile" : null,
        ];
        foreach (var setting in missing.OfType<string>())
            yield return $"{setting} is not set: TLS between silos needs certificate, key and authority, each a PEM file.";
        if (missing.Any(setting => setting is not null))
            yield break;
        string? problem = null;
        try
        {
            using var certificates = Load(settings);
            if (!certificates.IsTrusted(certificates.Own, certificates.Between))
                problem = $"Cluster:Tls:CertificateFile '{settings.CertificateFile}' would be refused by the other silos: it has expired, is not issued by one of Cluster:Tls:AuthorityFile"
                    + $"{(settings.PeerName is null ? "" : $", does not carry the name '{settings.PeerName}'")} or is not for both server and client authentication.";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problem = $"Cluster:Tls: certificate, key or authority cannot be read: {error.Message}";
        }
        if (problem is not null)
            yield return problem;
    }

    /// <exception cref="CryptographicException">A file is not what it should be, or key and certificate do not belong together.</exception>
    public static SiloCertificates Load(ClusterTlsSettings settings)
    {
        var between = new X509Certificate2Collection();
        between.ImportFromPemFile(settings.CertificateFile!);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(settings.AuthorityFile!);
        var own = X509Certificate2.CreateFromPemFile(settings.CertificateFile!, settings.KeyFile);
        between.RemoveAt(0); // the file begins with the silo's own
        return authorities.Count == 0 ? throw new CryptographicException($"'{settings.AuthorityFile}' holds no certificate.") : new(own, between, authorities, settings.PeerName);
    }

    /// <summary>Whether a peer with this certificate is a silo of this cluster.</summary>
    public bool IsTrusted(X509Certificate2 peer, X509Certificate2Collection shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        chain.ChainPolicy.ExtraStore.AddRange(shown);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // an authority of its own publishes no list: who is to go gets no new certificate, or the authority is replaced
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerUse));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientUse));
        return chain.Build(peer) && (_peerName is null || peer.MatchesHostname(_peerName, allowCommonName: false));
    }

    public void Dispose()
    {
        Own.Dispose();
        foreach (var certificate in Between.Concat(Authorities))
            certificate.Dispose();
    }
}
