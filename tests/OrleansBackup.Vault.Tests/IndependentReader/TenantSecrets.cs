using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace OrleansBackup.Vault.Tests.IndependentReader;

/// <summary>FORMAT.md, "Keys", "Encryption" and "Blocks": from a key file to what an object contains.</summary>
internal sealed class TenantSecrets
{
    private readonly byte[] _objectKey, _nameKey;

    private TenantSecrets(byte[] dataKey) =>
        (_objectKey, _nameKey) = (Derive(dataKey, [], "orleansbackup v1 objects", 64), Derive(dataKey, [], "orleansbackup v1 content names", 64));

    /// <param name="keyFile">The text of the key file.</param>
    /// <param name="keyObjects">The bytes of the tenant's key objects, in the order in which to try them.</param>
    public static TenantSecrets Unwrap(string keyFile, string tenant, IEnumerable<byte[]> keyObjects)
    {
        if (keyFile.Split('\n') is not ["orleansbackup-key-v1", var text, ""])
            throw new FormatException("no key file");
        foreach (var keyObject in keyObjects)
        {
            var f = new StoredBytes(keyObject);
            if (!f.Fixed(4).AsSpan().SequenceEqual("OBVK"u8))
                throw new FormatException("no key object");
            _ = f.Byte() switch { 1 => "", 2 => f.Text(), var other => throw new FormatException($"a key object of form {other}") };
            if (f.Byte() != 1)
                continue; // not wrapped by a key file
            var wrapKey = Derive(Convert.FromBase64String(text), f.Fixed(32), "orleansbackup key wrap v1", 32);
            try { return new(Decrypt(wrapKey, new byte[12], f.Rest(), Encoding.UTF8.GetBytes(tenant))); }
            catch (CryptographicException) { } // wrapped by another key
        }
        throw new CryptographicException($"The key opens none of the keys of '{tenant}'.");
    }

    public string NameOf(byte[] content) => Convert.ToHexStringLower(HMACSHA512.HashData(_nameKey, content)[..32]);

    /// <summary>What an object of one frame contains.</summary>
    public StoredBytes OpenWhole(string name, byte kind, byte[] stored) => new(Contained(name, kind, stored[..40], 0, stored[40..]));

    /// <summary>What one frame contains, decrypted and decompressed.</summary>
    public byte[] Contained(string name, byte kind, byte[] header, uint frame, byte[] sealedFrame)
    {
        if (!header.AsSpan().StartsWith("OBV"u8) || header[3] != 1 || header[4] != kind || header[5] != 1 || header[6] != 0 || header[7] != 0)
            throw new FormatException($"{name} has no header of kind {kind}");
        var nonce = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(8), frame);
        return Decompress(Decrypt(Derive(_objectKey, header[8..], name, 32), nonce, sealedFrame, header));
    }

    private static byte[] Decompress(byte[] block)
    {
        var fields = new StoredBytes(block);
        var codec = fields.Byte();
        if (codec == 0)
            return fields.Rest();
        var raw = new byte[fields.Count()];
        var compressed = fields.Rest();
        switch (codec)
        {
            case 1 when OrleansBackup.Vault.Format.Zstandard.TryDecompress(compressed, raw): // the codec itself is not ours to write again
                return raw;
            case 2:
                using (var brotli = new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress))
                    brotli.ReadExactly(raw);
                return raw;
            default:
                throw new FormatException($"a block with codec {codec} does not decompress");
        }
    }

    private static byte[] Derive(byte[] key, byte[] salt, string info, int length) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA512, key, length, salt, Encoding.UTF8.GetBytes(info));

    private static byte[] Decrypt(byte[] key, byte[] nonce, byte[] sealedBytes, byte[] associated)
    {
        var plain = new byte[sealedBytes.Length - 16];
        using var cipher = new AesGcm(key, 16);
        cipher.Decrypt(nonce, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length), plain, associated);
        return plain;
    }
}
