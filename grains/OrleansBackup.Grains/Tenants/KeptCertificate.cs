using System.Security.Cryptography.X509Certificates;
using Orleans;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>A certificate of the tenant's app registration as it is stored: in the tenant's state, and on its card in the vault. Additive.</summary>
/// <param name="Id">As <see cref="AppCertificate.Id"/>.</param>
/// <param name="ProvenAt">As <see cref="AppCertificate.ProvenAt"/>.</param>
[GenerateSerializer, Immutable, Alias("kept-certificate")]
internal sealed record KeptCertificate(
    [property: Id(0)] string Id, [property: Id(1)] WrappedCertificate Wrapped, [property: Id(2)] CertificateOrigin Origin, [property: Id(3)] DateTimeOffset CreatedAt,
    [property: Id(4)] DateTimeOffset NotAfter, [property: Id(5)] DateTimeOffset? ProvenAt)
{
    public AppCertificate Listing(string? inUse)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(Wrapped.Certificate));
        return new AppCertificate(Id, certificate.Thumbprint, certificate.Subject, certificate.NotBefore.ToUniversalTime(), NotAfter, Origin, CreatedAt, Id == inUse, ProvenAt, certificate.ExportCertificatePem());
    }
}
