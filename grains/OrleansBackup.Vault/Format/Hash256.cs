using System.Buffers.Binary;

namespace OrleansBackup.Vault.Format;

/// <summary>256 bits of SHA-512: with the tenant's name key (HMAC) it names content, without a key it links segments.</summary>
internal readonly record struct Hash256(ulong A, ulong B, ulong C, ulong D) : IComparable<Hash256>
{
    public const int Bytes = 32;

    public Hash256(ReadOnlySpan<byte> bytes) : this(
        BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[24..])) { }

    /// <summary>The hash of a stored object: what its successor in the log must carry.</summary>
    public static Hash256 OfStored(ReadOnlySpan<byte> stored)
    {
        Span<byte> hash = stackalloc byte[64];
        System.Security.Cryptography.SHA512.HashData(stored, hash);
        return new(hash[..Bytes]);
    }

    public static Hash256 Read(ref FieldReader reader) => new(reader.Fixed(Bytes));

    public void WriteTo(FieldWriter writer)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        writer.Fixed(bytes);
    }

    public int CompareTo(Hash256 other) => (A, B, C, D).CompareTo((other.A, other.B, other.C, other.D));

    /// <returns>The hash that <see cref="ToString"/> wrote, or null.</returns>
    public static Hash256? TryParse(string text)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        return text.Length == 2 * Bytes && Convert.FromHexString(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done && written == Bytes
            ? new(bytes) : null;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], D);
    }
}
