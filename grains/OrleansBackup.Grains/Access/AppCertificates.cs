using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Access;

/// <summary>Certificates of app registrations: made here or taken over, and stored with the private key under the provider's key only.</summary>
internal sealed class AppCertificates(ProviderKeys keys, TimeProvider time)
{
    /// <summary>Somebody hears of the end in time, so it may be long.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(3 * 365);

    // BSI TR-02102 and NIST SP 800-57 both hold 3,072 bits to be enough beyond 2030. Of others what Microsoft Entra takes: 2,048 to 4,096.
    private const int MadeBits = 3_072, LeastBits = 2_048, MostBits = 4_096;

    // Several stand on the tenant's card in the vault, which has a bound of its own.
    private const int MostCertificateBytes = 4 << 10, MostFileBytes = 64 << 10;

    // A clock elsewhere may be behind.
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(5);

    /// <summary>What anybody may see of it.</summary>
    /// <param name="inUse">The id of the one in use.</param>
    public static AppCertificate Listing(KeptCertificate kept, string? inUse)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(kept.Wrapped.Certificate));
        return new AppCertificate(kept.Id, certificate.Thumbprint, certificate.Subject, certificate.NotBefore.ToUniversalTime(), kept.NotAfter, kept.Origin, kept.CreatedAt, kept.Id == inUse, kept.ProvenAt, certificate.ExportCertificatePem());
    }

    /// <summary>One of the provider's as the tenant's own: its key opens for the tenant only.</summary>
    public async Task<KeptCertificate> CopyAsync(KeptCertificate providers, string owner, CancellationToken cancellation)
    {
        var key = await keys.Ring.UnwrapAsync(Convert.FromBase64String(providers.Wrapped.WrappedKey), Context(GrainKeys.Provider), cancellation);
        return providers with { Wrapped = providers.Wrapped with { WrappedKey = await WrapAsync(owner, key, cancellation) }, IsProviders = true };
    }

    /// <param name="owner">The tenant, or <see cref="GrainKeys.Provider"/>.</param>
    /// <exception cref="InvalidRequestException">The life makes no sense.</exception>
    public async Task<KeptCertificate> MakeAsync(string owner, TimeSpan life, CancellationToken cancellation)
    {
        if (life < TimeSpan.FromDays(1) || life > LongestLife)
            throw new InvalidRequestException("days", $"A certificate lives between 1 and {LongestLife.Days} days.");
        var now = time.GetUtcNow();
        // Some hundred ms of CPU; would block every other call. Touches no state.
        using var made = await Task.Run(() => Make(owner, now - Leeway, now + life), cancellation);
        return await KeepAsync(owner, made, CertificateOrigin.Made, cancellation);
    }

    /// <exception cref="InvalidRequestException">It cannot be read, has no private key, or is not one to sign in with.</exception>
    public async Task<KeptCertificate> TakeAsync(string owner, GivenCertificate given, CancellationToken cancellation)
    {
        using var read = Read(given, time.GetUtcNow());
        return await KeepAsync(owner, read, CertificateOrigin.Given, cancellation);
    }

    /// <summary>The certificate with its private key, for the time of a connection.</summary>
    public async Task<X509Certificate2> OpenAsync(string owner, WrappedCertificate wrapped, CancellationToken cancellation)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(wrapped.Certificate));
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(await keys.Ring.UnwrapAsync(Convert.FromBase64String(wrapped.WrappedKey), Context(owner), cancellation), out _);
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>The same in a form that needs the present key only; unchanged if it does already.</summary>
    public async Task<KeptCertificate> RewrapAsync(string owner, KeptCertificate kept, CancellationToken cancellation)
    {
        var before = Convert.FromBase64String(kept.Wrapped.WrappedKey);
        try
        {
            await keys.Current.UnwrapAsync(before, Context(owner), cancellation);
            return kept;
        }
        catch (WrongKeyException)
        {
            var key = await keys.Ring.UnwrapAsync(before, Context(owner), cancellation);
            return kept with { Wrapped = kept.Wrapped with { WrappedKey = await WrapAsync(owner, key, cancellation) } };
        }
    }

    private async Task<KeptCertificate> KeepAsync(string owner, X509Certificate2 certificate, CertificateOrigin origin, CancellationToken cancellation)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        var wrapped = new WrappedCertificate(Convert.ToBase64String(certificate.RawData), await WrapAsync(owner, key.ExportPkcs8PrivateKey(), cancellation));
        return new KeptCertificate(Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)), wrapped, origin, time.GetUtcNow(), certificate.NotAfter.ToUniversalTime(), null);
    }

    private async Task<string> WrapAsync(string owner, byte[] key, CancellationToken cancellation)
    {
        try
        {
            return Convert.ToBase64String(await keys.Current.WrapAsync(key, Context(owner), cancellation));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static X509Certificate2 Make(string owner, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = RSA.Create(MadeBits);
        var request = new CertificateRequest($"CN=OrleansBackup {owner}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        return request.CreateSelfSigned(from, until);
    }

    private static X509Certificate2 Read(GivenCertificate given, DateTimeOffset now)
    {
        try
        {
            var read = given switch
            {
                { Pfx: { Length: > 0 and <= MostFileBytes } pfx, Pem: null } => X509CertificateLoader.LoadPkcs12(pfx.Span, given.Password, X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable),
                { Pfx: null, Pem: { Length: > 0 and <= MostFileBytes } pem } => ReadPem(pem, given.Password),
                _ => throw new InvalidRequestException(FieldOf(given), $"Give one of both: a PFX or a PEM, of at most {MostFileBytes >> 10} KiB."),
            };
            return Refusal(read, now) is { } problem ? throw new InvalidRequestException(FieldOf(given), problem) : read;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // What the library says may quote what was handed over.
            throw new InvalidRequestException(FieldOf(given), "It cannot be read as a certificate with its private key: another format, another password, or a key that belongs to another certificate.");
        }
    }

    private static X509Certificate2 ReadPem(string pem, string? password) =>
        password is null ? X509Certificate2.CreateFromPem(pem, pem) : X509Certificate2.CreateFromEncryptedPem(pem, pem, password);

    private static string? Refusal(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (!certificate.HasPrivateKey)
            return "The private key is missing: the service signs with it.";
        using var key = certificate.GetRSAPrivateKey();
        if (key is null || key.KeySize is < LeastBits or > MostBits)
            return $"Microsoft Entra takes RSA keys of {LeastBits:N0} to {MostBits:N0} bits here.";
        if (certificate.RawData.Length > MostCertificateBytes)
            return $"A certificate may have at most {MostCertificateBytes} bytes.";
        if (certificate.NotAfter.ToUniversalTime() <= now)
            return "It has ended.";
        return certificate.NotBefore.ToUniversalTime() > now + Leeway ? "It is not valid yet." : null;
    }

    private static string FieldOf(GivenCertificate given) => given.Pfx is null ? "pem" : "pfx";

    // Not exchangeable with a secret or a data key of the tenant.
    private static string Context(string owner) => $"{owner}/graph-certificate";
}
