using System.Numerics;
using System.Text;

namespace OrleansBackup.Vault.Tests.IndependentReader;

/// <summary>The fields of FORMAT.md, "Fields", read as that page says and not as the product does.</summary>
internal sealed class StoredBytes(byte[] bytes)
{
    private int _at;

    public bool AtEnd => _at == bytes.Length;

    public byte Byte() => bytes[_at++];

    public byte[] Fixed(int length)
    {
        var taken = bytes.AsSpan(_at, length).ToArray();
        _at += length;
        return taken;
    }

    public byte[] Rest() => Fixed(bytes.Length - _at);

    public bool Flag() => Byte() switch { 0 => false, 1 => true, var other => throw new FormatException($"flag {other}") };

    public ulong Number()
    {
        var value = BigInteger.Zero;
        for (var digit = 0; digit < 10; digit++)
        {
            var next = Byte();
            value += new BigInteger(next & 0x7F) << (7 * digit);
            if (next < 0x80)
                return (ulong)value;
        }
        throw new FormatException("number of more than 10 bytes");
    }

    public int Count() => checked((int)Number());

    public long Signed()
    {
        var value = Number();
        return value % 2 == 0 ? (long)(value / 2) : -(long)(value / 2) - 1;
    }

    public string Text()
    {
        var header = Number();
        var text = Fixed(checked((int)(header / 2)));
        return header % 2 == 0 ? Encoding.UTF8.GetString(text) : string.Concat(text.Chunk(2).Select(pair => (char)(pair[0] | (pair[1] << 8))));
    }

    public T? Optional<T>(Func<T> read) where T : class => Flag() ? read() : null;

    public DateTimeOffset Time()
    {
        var ticks = (long)Number();
        return new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(Signed()));
    }

    public Guid Guid() => new(Fixed(16), bigEndian: true);

    public string Hash() => Convert.ToHexStringLower(Fixed(32));

    public List<T> List<T>(Func<T> read)
    {
        var list = new List<T>();
        for (var left = Number(); left > 0; left--)
            list.Add(read());
        return list;
    }

    public SortedDictionary<string, string> Texts() => Table(Text);

    public SortedDictionary<string, ulong> Counts() => Table(Number);

    public SortedDictionary<string, T> Table<T>(Func<T> read)
    {
        var table = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in List(() => (Text(), read())))
        {
            if (table.Count > 0 && string.CompareOrdinal(table.Keys.Last(), key) >= 0)
                throw new FormatException("keys are not in ordinal order");
            table.Add(key, value);
        }
        return table;
    }
}
