using System.Security.Cryptography.X509Certificates;

namespace OrleansBackup.Microsoft365;

/// <summary>With what an application proves to Microsoft Entra that it is the one that is registered.</summary>
public abstract record AppProof
{
    private protected AppProof()
    {
    }
}

/// <summary>A secret, which travels with every sign-in.</summary>
public sealed record SecretProof(string Secret) : AppProof
{
    public override string ToString() => nameof(SecretProof);
}

/// <summary>A certificate with its private key: what travels is a short-lived statement signed with it (RFC 7523), never the key.</summary>
/// <remarks>Source: Microsoft identity platform, "Certificate credentials": PS256, named by <c>x5t#S256</c>, some minutes of life, a number used once.</remarks>
public sealed record CertificateProof(X509Certificate2 Certificate) : AppProof
{
    public override string ToString() => $"{nameof(CertificateProof)} {{ {Certificate.Thumbprint} }}";
}
