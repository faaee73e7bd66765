using System.Buffers.Binary;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>The service's file hash, bit by bit as its definition says it: each byte is xored in 11 bits further round a circle of 160.</summary>
internal sealed class QuickXor
{
    private const int Bits = 160;
    private const int Shift = 11;
    private readonly byte[] _circle = new byte[Bits / 8];
    private int _at;
    private ulong _length;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            var (cell, bit) = (_at >> 3, _at & 7);
            _circle[cell] ^= (byte)(value << bit);
            if (bit > 0)
                _circle[cell + 1 == _circle.Length ? 0 : cell + 1] ^= (byte)(value >> (8 - bit));
            _at = _at + Shift >= Bits ? _at + Shift - Bits : _at + Shift;
        }
        _length += (ulong)bytes.Length;
    }

    public byte[] Finish()
    {
        var result = _circle.ToArray();
        var tail = result.AsSpan(result.Length - 8);
        BinaryPrimitives.WriteUInt64LittleEndian(tail, BinaryPrimitives.ReadUInt64LittleEndian(tail) ^ _length);
        return result;
    }
}
