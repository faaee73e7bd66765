using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Format;

/// <summary>One tenant's objects in the store, in clear: names in, verified bytes out.</summary>
internal sealed class ObjectFiles(IBlobStore store, TenantKeys keys, BlockCodec codec)
{
    public IBlobStore Store => store;
    public TenantKeys Keys => keys;
    public BlockCodec Codec => codec;

    /// <summary>Compresses and encrypts an object of one block.</summary>
    public byte[] Seal(BlobName name, ObjectKind kind, ReadOnlySpan<byte> plain)
    {
        using var stored = SealPooled(name, kind, plain);
        return stored.Span.ToArray();
    }

    /// <summary>As <see cref="Seal"/>, for large objects: nothing is copied or allocated on the way.</summary>
    public PooledBytes SealPooled(BlobName name, ObjectKind kind, ReadOnlySpan<byte> plain)
    {
        var cipher = ObjectCipher.ForNew(name, kind, keys);
        var stored = new PooledBytes(ObjectCipher.HeaderBytes + BlockCodec.LongestEncoded(plain.Length) + ObjectCipher.TagBytes);
        stored.Append(cipher.Header);
        codec.Encode(plain, stored);
        cipher.Encrypt(0, stored, ObjectCipher.HeaderBytes);
        return stored;
    }

    public byte[] Open(BlobName name, ObjectKind kind, ReadOnlySpan<byte> stored) =>
        OpenFrame(name, ObjectCipher.ForStored(name, kind, stored, keys), 0, stored[ObjectCipher.HeaderBytes..]);

    /// <summary>What one frame of an object contains, decrypted and decompressed.</summary>
    public static byte[] OpenFrame(BlobName name, ObjectCipher cipher, uint frame, ReadOnlySpan<byte> sealedFrame)
    {
        using var block = new PooledBytes(sealedFrame.Length);
        cipher.Decrypt(frame, sealedFrame, block.Extend(Math.Max(0, sealedFrame.Length - ObjectCipher.TagBytes)));
        return DecodeBlock(name, block.Span);
    }

    /// <exception cref="DamagedObjectException">The object is missing or damaged.</exception>
    public async Task<(byte[] Plain, ReadOnlyMemory<byte> Stored)> ReadAsync(BlobName name, ObjectKind kind, CancellationToken cancellation)
    {
        var stored = await store.GetAsync(name, cancellation) ?? throw DamagedObjectException.Missing(name);
        return (Open(name, kind, stored.Span), stored);
    }

    /// <exception cref="DamagedObjectException">The object is missing or shorter than that.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
    {
        var stored = await store.GetRangeAsync(name, offset, length, cancellation) ?? throw DamagedObjectException.Missing(name);
        return stored.Length == length ? stored : throw new DamagedObjectException(name, "it is cut short");
    }

    public static byte[] DecodeBlock(BlobName name, ReadOnlySpan<byte> block)
    {
        try { return BlockCodec.Decode(block); }
        catch (InvalidDataException e) { throw new DamagedObjectException(name, e.Message, e); }
    }
}
