using System.Buffers.Binary;
using System.Numerics;

namespace OrleansBackup.Microsoft365.Drives;

/// <summary>The file hash of OneDrive and SharePoint: not a secure one, but the only one that business drives tell.</summary>
/// <remarks>
/// Definition: every byte is xored into a circle of 160 bits, each 11 bits further than the one before; at the end the length is xored into the
/// last 64 bits. Since 160 steps of 11 bits come back to the start, bytes that are 160 apart fall on the same place: they are folded together
/// first, many at a time, and the circle is turned once at the end. Source: OneDrive documentation, "QuickXorHash algorithm".
/// </remarks>
public sealed class QuickXorHash
{
    private const int Period = 160;
    private const int Bits = 160;
    private const int Shift = 11;
    private readonly byte[] _folded = new byte[Period];
    private int _at;
    private ulong _length;

    /// <summary>Bytes added so far.</summary>
    public long Length => (long)_length;

    /// <summary>What <see cref="Save"/> wrote, to be gone on with.</summary>
    /// <exception cref="FormatException">It is not that.</exception>
    public static QuickXorHash Restore(string saved)
    {
        var state = Convert.FromBase64String(saved);
        if (state.Length != Period + sizeof(ulong)) throw new FormatException("This is no state of a hash.");
        var hash = new QuickXorHash { _length = BinaryPrimitives.ReadUInt64LittleEndian(state.AsSpan(Period)) };
        state.AsSpan(0, Period).CopyTo(hash._folded);
        hash._at = (int)(hash._length % Period);
        return hash;
    }

    /// <summary>All that is known of the bytes so far. Stored: the form never changes.</summary>
    public string Save()
    {
        Span<byte> state = stackalloc byte[Period + sizeof(ulong)];
        _folded.CopyTo(state);
        BinaryPrimitives.WriteUInt64LittleEndian(state[Period..], _length);
        return Convert.ToBase64String(state);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _length += (ulong)bytes.Length;
        while (bytes.Length > 0)
        {
            var taken = Math.Min(Period - _at, bytes.Length);
            Fold(_folded.AsSpan(_at, taken), bytes[..taken]);
            _at = (_at + taken) % Period;
            bytes = bytes[taken..];
        }
    }

    /// <summary>The hash of what was added, as the service writes it: base64 of 20 bytes. More may be added afterwards.</summary>
    public override string ToString()
    {
        Span<byte> circle = stackalloc byte[Bits / 8];
        for (var i = 0; i < Period; i++)
        {
            var at = i * Shift % Bits;
            var (cell, bit) = (at / 8, at % 8);
            circle[cell] ^= (byte)(_folded[i] << bit);
            circle[(cell + 1) % circle.Length] ^= (byte)(_folded[i] >> (8 - bit));
        }

        var tail = circle[^8..];
        BinaryPrimitives.WriteUInt64LittleEndian(tail, BinaryPrimitives.ReadUInt64LittleEndian(tail) ^ _length);
        return Convert.ToBase64String(circle);
    }

    private static void Fold(Span<byte> into, ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        for (; at + Vector<byte>.Count <= bytes.Length; at += Vector<byte>.Count)
            (new Vector<byte>(into[at..]) ^ new Vector<byte>(bytes[at..])).CopyTo(into[at..]);
        for (; at < bytes.Length; at++) into[at] ^= bytes[at];
    }
}
