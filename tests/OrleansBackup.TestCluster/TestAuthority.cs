using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansBackup.TestCluster;

/// <summary>An authority for the certificates of silos, made up for a test.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        _certificate = request.CreateSelfSigned(_now.AddDays(-10), _now.AddDays(10));
    }

    /// <summary>Writes the authority as <c>authority.pem</c> into the folder.</summary>
    public string WriteTo(string folder)
    {
        var file = Path.Combine(folder, "authority.pem");
        File.WriteAllText(file, _certificate.ExportCertificatePem());
        return file;
    }

    /// <summary>Issues a certificate and writes it and its key as <c>{file}.pem</c> and <c>{file}.key</c>.</summary>
    /// <param name="uses">Extended key usage; null: server and client.</param>
    /// <param name="validDays">From yesterday on; negative: it ended so many days ago.</param>
    public (string Certificate, string Key) Issue(string folder, string file, string dnsName = "silo", string[]? uses = null, int validDays = 5)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={file}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. (uses ?? ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]).Select(use => new Oid(use))], critical: false));
        var until = _now.AddDays(validDays);
        using var issued = request.Create(_certificate, until < _now ? until.AddDays(-2) : _now.AddDays(-1), until, RandomNumberGenerator.GetBytes(12));
        var (certificatePath, keyPath) = (Path.Combine(folder, $"{file}.pem"), Path.Combine(folder, $"{file}.key"));
        File.WriteAllText(certificatePath, issued.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return (certificatePath, keyPath);
    }

    public void Dispose() => _certificate.Dispose();
}
