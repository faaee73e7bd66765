using System.Security.Cryptography;

namespace OrleansBackup.Domain.Evidence;

/// <summary>Verifies the provider's signature: ECDSA P-256 over SHA-256, in DER. The key is the one that signs deletion records.</summary>
public static class EvidenceSignature
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>SHA-256 of a public key in DER (SubjectPublicKeyInfo), in hex.</summary>
    /// <returns>Null: the text is no such key on curve P-256.</returns>
    public static string? FingerprintOf(string publicKeyPem)
    {
        using var key = Open(publicKeyPem);
        return key is null ? null : Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    public static bool IsValid(string publicKeyPem, ReadOnlySpan<byte> document, ReadOnlySpan<byte> signature)
    {
        using var key = Open(publicKeyPem);
        try
        {
            return key is not null && key.VerifyData(document, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false; // not even the form of a signature
        }
    }

    private static ECDsa? Open(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.ExportParameters(false).Curve.Oid.Value == P256)
                return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // not a key: told by the null
        }
        key.Dispose();
        return null;
    }
}
