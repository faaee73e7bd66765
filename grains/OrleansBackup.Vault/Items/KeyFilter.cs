using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OrleansBackup.Vault.Format;

namespace OrleansBackup.Vault.Items;

/// <summary>A Bloom filter: says for certain that a key is not in a base, which saves the read of a block. FORMAT.md, "Filters".</summary>
/// <remarks>Ten bits a key and seven probes: about one wrong "perhaps" in a hundred.</remarks>
internal sealed class KeyFilter
{
    private const int BitsPerKey = 10, Probes = 7;
    private readonly byte[] _bits;

    private KeyFilter(byte[] bits) => _bits = bits;

    public static KeyFilter ForKeys(long count) => new(new byte[Math.Max(8, checked((int)((count * BitsPerKey + 7) / 8)))]);

    public static KeyFilter Read(ref FieldReader reader) => new(reader.Bytes().ToArray());

    public void WriteTo(FieldWriter writer) => writer.Bytes(_bits);

    public void Add(UInt128 key)
    {
        for (var probe = 0; probe < Probes; probe++)
        {
            var bit = BitOf(key, probe);
            _bits[bit >> 3] |= (byte)(1 << (int)(bit & 7));
        }
    }

    public bool MayContain(UInt128 key)
    {
        for (var probe = 0; probe < Probes; probe++)
        {
            var bit = BitOf(key, probe);
            if ((_bits[bit >> 3] & (1 << (int)(bit & 7))) == 0)
                return false;
        }
        return true;
    }

    /// <summary>An id's key: the first 128 bits of the SHA-512 of its UTF-16LE text.</summary>
    public static UInt128 KeyOf(string id)
    {
        Span<byte> hash = stackalloc byte[64];
        SHA512.HashData(MemoryMarshal.AsBytes(id.AsSpan()), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    public static UInt128 KeyOf(Hash256 hash) => new(hash.A, hash.B);

    private ulong BitOf(UInt128 key, int probe) =>
        ((ulong)(key >> 64) + (ulong)probe * ((ulong)key | 1)) % ((ulong)_bits.Length * 8);
}
