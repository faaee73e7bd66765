using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Vault.Keys.Destruction;

/// <summary>The provider's signature on deletion records: an ECDSA P-256 key in a file that only its owner can read.</summary>
/// <remarks>Customers get the public key when their contract begins; losing the file means that new records carry a new signature.</remarks>
public sealed class DeletionSigner : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ECDsa _key;

    private DeletionSigner(ECDsa key) => _key = key;

    /// <summary>For whoever verifies: PEM, SubjectPublicKeyInfo.</summary>
    public string PublicKeyPem => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>SHA-256 of the public key in DER, in hex.</summary>
    public string Fingerprint => FingerprintOf(_key);

    /// <summary>Creates a new key, durable when this returns.</summary>
    /// <exception cref="IOException">The file exists already: a key is never overwritten.</exception>
    public static DeletionSigner Create(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(path, options))
        {
            file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            file.Flush(flushToDisk: true);
        }
        Stores.DurableFiles.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new(key);
    }

    /// <exception cref="KeyFileMissingException">There is no file.</exception>
    /// <exception cref="KeyFileRefusedException">Others can read it, or it holds no P-256 key.</exception>
    public static DeletionSigner Open(string path)
    {
        if (!File.Exists(path))
            throw new KeyFileMissingException(path);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) is var mode && mode != OwnerOnly)
            throw new KeyFileRefusedException(path, $"its mode is {Convert.ToString((int)mode, 8)} and must be 600 (chmod 600)");
        var key = ECDsa.Create();
        try { key.ImportFromPem(File.ReadAllText(path)); }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new KeyFileRefusedException(path, "it is not a private key in PEM form");
        }
        return IsP256(key) ? new(key) : throw new KeyFileRefusedException(path, "it is not a key on curve P-256");
    }

    public byte[] Sign(ReadOnlySpan<byte> record) => _key.SignData(record, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => _key.Dispose();

    internal static string FingerprintOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    internal static bool IsP256(ECDsa key) => key.ExportParameters(false).Curve.Oid.Value == "1.2.840.10045.3.1.7";
}
