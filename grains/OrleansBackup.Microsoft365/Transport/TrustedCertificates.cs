using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>Trust in one more root or self-signed certificate, for a simulator or a company's inspecting proxy. Names and dates are checked as ever.</summary>
internal sealed class TrustedCertificates
{
    private readonly X509Certificate2Collection _roots = [];

    /// <exception cref="System.Security.Cryptography.CryptographicException">The file holds no certificate.</exception>
    public TrustedCertificates(string pemFile) => _roots.ImportFromPemFile(pemFile);

    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        if (certificate is not X509Certificate2 server || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return false;
        using var ours = new X509Chain();
        ours.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        ours.ChainPolicy.CustomTrustStore.AddRange(_roots);
        ours.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // such a certificate names no revocation list
        if (chain is not null) ours.ChainPolicy.ExtraStore.AddRange(chain.ChainElements.Select(e => e.Certificate).ToArray());
        return ours.Build(server);
    }
}
