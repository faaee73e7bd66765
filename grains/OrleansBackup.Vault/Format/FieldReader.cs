using System.Runtime.InteropServices;
using System.Text;

namespace OrleansBackup.Vault.Format;

/// <summary>Reads what <see cref="FieldWriter"/> wrote. Never reads outside its bytes, never allocates more than they justify.</summary>
/// <remarks>Throws <see cref="InvalidDataException"/> when the bytes are not what they should be; whoever knows the object's name
/// turns that into a <see cref="DamagedObjectException"/>.</remarks>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Fixed(1)[0];

    public bool Flag() => Byte() switch { 0 => false, 1 => true, _ => throw new InvalidDataException("a flag is neither 0 nor 1") };

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw new InvalidDataException("a number is too long");
    }

    public long Long() => Number() is var value and <= long.MaxValue ? (long)value : throw new InvalidDataException("a number is too large");

    public int Int() => Number() is var value and <= int.MaxValue ? (int)value : throw new InvalidDataException("a number is too large");

    /// <summary>A count of things of at least one byte each, so it cannot exceed the bytes left.</summary>
    public int Count() => Int() is var count && count <= _rest.Length ? count : throw new InvalidDataException("a count exceeds the object");

    public long Signed()
    {
        var value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ReadOnlySpan<byte> Fixed(int length)
    {
        if ((uint)length > (uint)_rest.Length)
            throw new InvalidDataException("the object ends too early");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public ReadOnlySpan<byte> Bytes() => Fixed(Int());

    public string Text()
    {
        var header = Number();
        var bytes = Fixed(checked((int)Math.Min(header >> 1, int.MaxValue)));
        if ((header & 1) == 0)
            return Encoding.UTF8.GetString(bytes);
        if (bytes.Length % 2 != 0)
            throw new InvalidDataException("UTF-16 text has an odd length");
        return BitConverter.IsLittleEndian ? new(MemoryMarshal.Cast<byte, char>(bytes)) : Encoding.Unicode.GetString(bytes);
    }

    public string? OptionalText() => Flag() ? Text() : null;

    public DateTimeOffset Time()
    {
        var ticks = Long();
        var minutes = Signed();
        try { return new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(minutes)); }
        catch (ArgumentException e) { throw new InvalidDataException("a time is outside the calendar", e); }
    }

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> Rest() => Fixed(_rest.Length);

    public readonly void End()
    {
        if (!AtEnd)
            throw new InvalidDataException("bytes follow the end");
    }
}
