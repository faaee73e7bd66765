using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Vault.Keys;

/// <summary>The key-encryption key of a vault on one machine: 256 random bits in a file that only its owner can read.</summary>
/// <remarks>
/// Losing the file loses every backup of the vault, so a copy belongs in a safe place. The mode is checked on Unix; Windows has no
/// mode, there the folder's access list protects the file. The forms of file and wrapped key: FORMAT.md, "Keys".
/// </remarks>
public sealed class KeyFile : IKeyEncryption
{
    private const string FirstLine = "orleansbackup-key-v1";
    private const int KeyBytes = 32, SaltBytes = 32, TagBytes = 16;
    private const byte WrapVersion = 1;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _key;

    private KeyFile(byte[] key) => _key = key;

    /// <summary>Creates a new key, durable when this returns.</summary>
    /// <exception cref="IOException">The file exists already: a key is never overwritten.</exception>
    public static KeyFile Create(string path)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(path, options))
        {
            file.Write(Encoding.ASCII.GetBytes($"{FirstLine}\n{Convert.ToBase64String(key)}\n"));
            file.Flush(flushToDisk: true);
        }
        Stores.DurableFiles.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new(key);
    }

    /// <exception cref="KeyFileMissingException">There is no file.</exception>
    /// <exception cref="KeyFileRefusedException">Others can read it, or it is not a key file.</exception>
    public static KeyFile Open(string path)
    {
        if (!File.Exists(path))
            throw new KeyFileMissingException(path);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) is var mode && mode != OwnerOnly)
            throw new KeyFileRefusedException(path, $"its mode is {Convert.ToString((int)mode, 8)} and must be 600 (chmod 600)");
        var lines = File.ReadAllText(path).Split('\n');
        var key = new byte[KeyBytes];
        if (lines is not [FirstLine, var text, ""] || !Convert.TryFromBase64String(text, key, out var length) || length != KeyBytes)
            throw new KeyFileRefusedException(path, "it is not a key file of a known version");
        return new(key);
    }

    public Task<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string tenant, CancellationToken cancellation)
    {
        var wrapped = new byte[1 + SaltBytes + dataKey.Length + TagBytes];
        wrapped[0] = WrapVersion;
        RandomNumberGenerator.Fill(wrapped.AsSpan(1, SaltBytes));
        using var cipher = CipherFor(wrapped.AsSpan(1, SaltBytes));
        cipher.Encrypt(new byte[12], dataKey.Span, wrapped.AsSpan(1 + SaltBytes, dataKey.Length), wrapped.AsSpan(^TagBytes), Encoding.UTF8.GetBytes(tenant));
        return Task.FromResult(wrapped);
    }

    public Task<byte[]> UnwrapAsync(ReadOnlyMemory<byte> wrapped, string tenant, CancellationToken cancellation)
    {
        var bytes = wrapped.Span;
        if (bytes.Length <= 1 + SaltBytes + TagBytes || bytes[0] != WrapVersion)
            throw new WrongKeyException(tenant);
        var dataKey = new byte[bytes.Length - 1 - SaltBytes - TagBytes];
        using var cipher = CipherFor(bytes.Slice(1, SaltBytes));
        try
        {
            cipher.Decrypt(new byte[12], bytes.Slice(1 + SaltBytes, dataKey.Length), bytes[^TagBytes..], dataKey, Encoding.UTF8.GetBytes(tenant));
        }
        catch (AuthenticationTagMismatchException e) { throw new WrongKeyException(tenant, e); }
        return Task.FromResult(dataKey);
    }

    public Task<string> IdentifyAsync(CancellationToken cancellation)
    {
        const int shown = 16;
        return Task.FromResult($"file:{Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA512, _key, shown, [], "orleansbackup key file id v1"u8.ToArray()))}");
    }

    // A key of its own for every wrapping, from a fresh salt: the constant nonce is used once under each.
    private AesGcm CipherFor(ReadOnlySpan<byte> salt)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA512, _key, key, salt, "orleansbackup key wrap v1"u8);
        return new(key, TagBytes);
    }
}
