using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>The certificates with which the service may sign in to a tenant, oldest first.</summary>
public sealed record CertificateListBody(ImmutableArray<CertificateBody> Certificates)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>One of them. All of it is public: the private key is kept sealed and comes back in no answer.</summary>
/// <param name="Id">SHA-256 of the certificate, in hex.</param>
/// <param name="Thumbprint">SHA-1, in hex: what the Microsoft Entra admin center lists it by.</param>
/// <param name="Origin">Whether the service made the key pair, or somebody handed it over.</param>
/// <param name="InUse">The service signs in to the tenant with it; of the provider's always false, since each tenant says it of itself.</param>
/// <param name="ProvenAt">When it last worked at a sign-in that was tried for it; null: not tried yet, or refused.</param>
/// <param name="DaysLeft">Whole days until it ends.</param>
/// <param name="Pem">The certificate, to add to the app registration.</param>
public sealed record CertificateBody(
    string Id, string Thumbprint, string Subject, DateTimeOffset NotBefore, DateTimeOffset NotAfter, int DaysLeft, CertificateOrigin Origin, DateTimeOffset CreatedAt, bool InUse,
    DateTimeOffset? ProvenAt, string Pem)
{
    public static CertificateBody Of(AppCertificate certificate, DateTimeOffset now) => new(
        certificate.Id, certificate.Thumbprint, certificate.Subject, certificate.NotBefore, certificate.NotAfter, Domain.Credentials.CertificateWatch.DaysLeft(certificate.NotAfter, now),
        certificate.Origin, certificate.CreatedAt, certificate.InUse, certificate.ProvenAt, certificate.Pem);
}

/// <summary>A certificate to make here, or one to hand over with its private key. Neither is used before somebody says so.</summary>
/// <param name="Days">To make one: how long it lives; absent: a year. The private key never leaves the service.</param>
/// <param name="Pfx">To hand one over: a PKCS #12 file, base64. Kept sealed; never comes back in any answer.</param>
/// <param name="Pem">To hand one over: certificate and private key as PEM.</param>
/// <param name="Password">Of the file or of the key; absent: it has none.</param>
public sealed record CertificateOrderBody(int? Days, byte[]? Pfx, string? Pem, string? Password)
{
    public override string ToString() => $"{nameof(CertificateOrderBody)} {{ Days = {Days} }}";
}

/// <summary>With which app registration to sign in.</summary>
/// <param name="ClientId">Absent: the one of the tenant.</param>
public sealed record CertificateUseBody(string? ClientId);
