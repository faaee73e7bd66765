using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Format;

/// <summary>What an object is; the numbers are stored.</summary>
internal enum ObjectKind : byte
{
    Segment = 1,
    BaseIndex = 2,
    BasePart = 3,
    Pack = 4,
    Chunk = 5,
    PruneRecord = 6,
    CondemnedChunks = 7,
    SweepBarrier = 8,
    Mark = 9,
    Card = 10,
    HeldChunks = 11,
    Document = 12,
}

/// <summary>Encrypts and decrypts the frames of one object, so that none can be changed, moved within it, or passed off as another's.</summary>
/// <remarks>
/// The key is derived from the tenant's, the object's name and a fresh 256-bit salt, so no two objects share a key; the nonce is
/// the frame's number, so none repeats under a key. The header is authenticated with every frame. FORMAT.md, "Encryption".
/// </remarks>
internal sealed class ObjectCipher
{
    public const int HeaderBytes = 40, TagBytes = 16;
    public const uint IndexFrame = uint.MaxValue;
    private const int SaltBytes = 32, KeyBytes = 32, NonceBytes = 12;
    private const byte Version = 1, FirstKey = 1;

    private readonly BlobName _name;
    private readonly byte[] _header;
    private readonly byte[] _key = new byte[KeyBytes];

    private ObjectCipher(BlobName name, byte[] header, TenantKeys keys)
    {
        (_name, _header) = (name, header);
        keys.DeriveObjectKey(name.Value, header.AsSpan(HeaderBytes - SaltBytes), _key);
    }

    public ReadOnlySpan<byte> Header => _header;

    public static ObjectCipher ForNew(BlobName name, ObjectKind kind, TenantKeys keys)
    {
        var header = new byte[HeaderBytes];
        "OBV"u8.CopyTo(header);
        (header[3], header[4], header[5]) = (Version, (byte)kind, FirstKey);
        RandomNumberGenerator.Fill(header.AsSpan(HeaderBytes - SaltBytes));
        return new(name, header, keys);
    }

    /// <exception cref="DamagedObjectException">No header of this kind and a known version.</exception>
    public static ObjectCipher ForStored(BlobName name, ObjectKind kind, ReadOnlySpan<byte> stored, TenantKeys keys)
    {
        if (stored.Length < HeaderBytes || !stored.StartsWith("OBV"u8))
            throw new DamagedObjectException(name, "it has no header");
        if (stored[3] != Version)
            throw new DamagedObjectException(name, $"its format version is {stored[3]}, this build reads {Version}");
        if (stored[4] != (byte)kind || stored[5] != FirstKey)
            throw new DamagedObjectException(name, "its header names another kind or key");
        return new(name, stored[..HeaderBytes].ToArray(), keys);
    }

    public byte[] Encrypt(uint frame, ReadOnlySpan<byte> plain)
    {
        var sealedFrame = GC.AllocateUninitializedArray<byte>(plain.Length + TagBytes);
        Encrypt(frame, plain, sealedFrame);
        return sealedFrame;
    }

    /// <summary>Encrypts what a pooled buffer holds from <paramref name="from"/> on, where it is, and appends the tag.</summary>
    public void Encrypt(uint frame, PooledBytes plain, int from)
    {
        plain.Extend(TagBytes);
        var place = MemoryMarshal.AsMemory(plain.Memory).Span[from..];
        Encrypt(frame, place[..^TagBytes], place);
    }

    public byte[] Decrypt(uint frame, ReadOnlySpan<byte> sealedFrame)
    {
        var plain = GC.AllocateUninitializedArray<byte>(Math.Max(0, sealedFrame.Length - TagBytes));
        Decrypt(frame, sealedFrame, plain);
        return plain;
    }

    /// <param name="plain">Shorter than the frame by the tag.</param>
    public void Decrypt(uint frame, ReadOnlySpan<byte> sealedFrame, Span<byte> plain)
    {
        if (sealedFrame.Length < TagBytes)
            throw new DamagedObjectException(_name, "it is cut short");
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(frame, nonce);
        using var cipher = new AesGcm(_key, TagBytes);
        try { cipher.Decrypt(nonce, sealedFrame[..^TagBytes], sealedFrame[^TagBytes..], plain, _header); }
        catch (AuthenticationTagMismatchException e) { throw new DamagedObjectException(_name, "its bytes are not those that were written under this name", e); }
    }

    private void Encrypt(uint frame, ReadOnlySpan<byte> plain, Span<byte> target)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(frame, nonce);
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(nonce, plain, target[..plain.Length], target[plain.Length..], _header); // in place, if both are one
    }

    private static void WriteNonce(uint frame, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[^4..], frame);
    }
}
