using Orleans;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>How a certificate of an app registration came to the service.</summary>
public enum CertificateOrigin
{
    /// <summary>The service made the key pair: nobody else ever had the private key.</summary>
    Made = 1,

    /// <summary>Somebody handed it over with its private key.</summary>
    Given = 2,
}

/// <summary>A certificate with which the service may sign in to a tenant. All of it is public; the private key is kept wrapped and never leaves.</summary>
/// <param name="Id">SHA-256 of the certificate in small hex.</param>
/// <param name="Thumbprint">SHA-1 in capital hex, which is what the Microsoft Entra admin center lists it by.</param>
/// <param name="Pem">The certificate, to add to the app registration.</param>
/// <param name="InUse">The service signs in with it.</param>
/// <param name="ProvenAt">When it last worked at a sign-in that was tried for it; null: not tried yet, or refused.</param>
[GenerateSerializer, Immutable, Alias("app-certificate")]
public sealed record AppCertificate(
    [property: Id(0)] string Id,
    [property: Id(1)] string Thumbprint,
    [property: Id(2)] string Subject,
    [property: Id(3)] DateTimeOffset NotBefore,
    [property: Id(4)] DateTimeOffset NotAfter,
    [property: Id(5)] CertificateOrigin Origin,
    [property: Id(6)] DateTimeOffset CreatedAt,
    [property: Id(7)] bool InUse,
    [property: Id(8)] DateTimeOffset? ProvenAt,
    [property: Id(9)] string Pem);

/// <summary>A certificate with its private key, as somebody hands it over. Exactly one of both forms.</summary>
/// <param name="Pfx">A PKCS #12 file.</param>
/// <param name="Pem">Certificate and private key as PEM.</param>
/// <param name="Password">Of the file or of the key; null: it has none.</param>
[GenerateSerializer, Immutable, Alias("given-certificate")]
public sealed record GivenCertificate([property: Id(0)] ReadOnlyMemory<byte>? Pfx, [property: Id(1)] string? Pem, [property: Id(2)] string? Password)
{
    public override string ToString() => nameof(GivenCertificate);
}

/// <summary>A certificate as the process that signs in needs it.</summary>
/// <param name="Certificate">DER, base64.</param>
/// <param name="WrappedKey">PKCS #8 under the provider's key, base64.</param>
[GenerateSerializer, Immutable, Alias("wrapped-certificate")]
public sealed record WrappedCertificate([property: Id(0)] string Certificate, [property: Id(1)] string WrappedKey);
