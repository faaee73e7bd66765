using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Vault.Keys;

/// <summary>Everything that is derived from one tenant's data key: object keys, content names, where files are cut.</summary>
internal sealed class TenantKeys
{
    public const int DataKeyBytes = 32;

    private readonly byte[] _objects = new byte[64];
    private readonly byte[] _names = new byte[64];

    public TenantKeys(string tenant, ReadOnlySpan<byte> dataKey)
    {
        Tenant = tenant;
        Fingerprint = Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA512, dataKey.ToArray(), DataKeyBytes, [], "orleansbackup v1 key fingerprint"u8.ToArray()));
        HKDF.DeriveKey(HashAlgorithmName.SHA512, dataKey, _objects, [], "orleansbackup v1 objects"u8);
        HKDF.DeriveKey(HashAlgorithmName.SHA512, dataKey, _names, [], "orleansbackup v1 content names"u8);
        Span<byte> cut = stackalloc byte[2048];
        Span<byte> cutKey = stackalloc byte[64];
        HKDF.DeriveKey(HashAlgorithmName.SHA512, dataKey, cutKey, [], "orleansbackup v1 cut points"u8);
        HKDF.Expand(HashAlgorithmName.SHA512, cutKey, cut, "gear"u8);
        for (var i = 0; i < CutTable.Length; i++)
            CutTable[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(cut[(i * 8)..]);
    }

    public string Tenant { get; }

    /// <summary>Names the data key without telling anything about it; in deletion records.</summary>
    public string Fingerprint { get; }

    /// <summary>One random number for each byte value. Secret, so that stored lengths do not tell which known file is inside.</summary>
    public ulong[] CutTable { get; } = new ulong[256];

    /// <summary>The key of one object: bound to its name, fresh by its salt.</summary>
    public void DeriveObjectKey(string objectName, ReadOnlySpan<byte> salt, Span<byte> key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA512, _objects, key, salt, Encoding.UTF8.GetBytes(objectName));

    /// <summary>The keyed hash that names content: HMAC-SHA-512 cut to 256 bits.</summary>
    public Format.Hash256 NameOf(ReadOnlySpan<byte> content)
    {
        Span<byte> mac = stackalloc byte[64];
        HMACSHA512.HashData(_names, content, mac);
        return new(mac[..32]);
    }
}
