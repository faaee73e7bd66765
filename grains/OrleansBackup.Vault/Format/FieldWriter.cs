using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansBackup.Vault.Format;

/// <summary>Writes the few kinds of field that stored objects are made of. FORMAT.md, "Fields".</summary>
internal sealed class FieldWriter(int capacity = 256)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity); // what is not written is never shown

    public int Length { get; private set; }
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>What was written; valid until the next write or clear.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    public byte[] ToArray() => Written.ToArray();
    public void Clear() => Length = 0;

    public void Byte(byte value) => Grow(1)[0] = value;
    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Seven bits a byte, lowest first; the high bit says that more follow.</summary>
    public void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    public void Number(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Number((ulong)value);
    }

    /// <summary>Zigzag: the sign in the lowest bit.</summary>
    public void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Grow(bytes.Length));

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number((ulong)bytes.Length);
        Fixed(bytes);
    }

    /// <summary>Twice the byte count, plus one if UTF-16LE; then the bytes. UTF-16 only for text that is not valid Unicode (half a
    /// surrogate pair, as a cut-off subject has), which must come back as it was.</summary>
    public void Text(string value)
    {
        try
        {
            var length = StrictUtf8.GetByteCount(value);
            Number((ulong)length << 1);
            StrictUtf8.GetBytes(value, Grow(length));
        }
        catch (EncoderFallbackException)
        {
            Number(((ulong)value.Length << 2) | 1);
            var target = MemoryMarshal.Cast<byte, ushort>(Grow(value.Length * 2));
            for (var i = 0; i < value.Length; i++)
                target[i] = BitConverter.IsLittleEndian ? value[i] : BinaryPrimitives.ReverseEndianness((ushort)value[i]);
        }
    }

    public void OptionalText(string? value)
    {
        Flag(value is not null);
        if (value is not null)
            Text(value);
    }

    /// <summary>UTC ticks (100 ns since year 1), then the offset in minutes.</summary>
    public void Time(DateTimeOffset value)
    {
        Number(value.UtcTicks);
        Signed((long)value.Offset.TotalMinutes);
    }

    private Span<byte> Grow(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
