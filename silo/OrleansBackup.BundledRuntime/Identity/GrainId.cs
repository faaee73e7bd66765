using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Orleans.Runtime;

/// <summary>Which grain: its type and its key, written <c>type/key</c>. The written form is stored and never changes.</summary>
public readonly struct GrainId(GrainType type, IdSpan key) : IEquatable<GrainId>, IComparable<GrainId>, IParsable<GrainId>
{
    public GrainType Type { get; } = type;
    public IdSpan Key { get; } = key;
    public bool IsDefault => Type.IsDefault && Key.IsDefault;

    public static GrainId Create(string type, string key) => new(GrainType.Create(type), IdSpan.Create(key));
    public static GrainId Create(GrainType type, string key) => new(type, IdSpan.Create(key));
    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    /// <exception cref="FormatException"><paramref name="value"/> is not <c>type/key</c>.</exception>
    public static GrainId Parse(string value) =>
        TryParse(value, out var id) ? id : throw new FormatException($"'{value}' is not a grain id (type/key).");

    static GrainId IParsable<GrainId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    public static bool TryParse(string? value, out GrainId result)
    {
        // A key may hold slashes itself; a type may not, so the first slash is the border.
        var border = value?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        result = border > 0 ? Create(value![..border], value[(border + 1)..]) : default;
        return border > 0;
    }

    static bool IParsable<GrainId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out GrainId result) =>
        TryParse(s, out result);

    /// <summary>A hash that is the same in every process, for spreading and for ranges of the reminder table.</summary>
    public uint GetUniformHashCode()
    {
        // FNV-1a with a final mix; the text is short and this is off the call path.
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(ToString()))
            hash = (hash ^ b) * 16777619u;
        hash ^= hash >> 16;
        hash *= 0x85ebca6bu;
        return hash ^ (hash >> 13);
    }

    public bool Equals(GrainId other) => Key.Equals(other.Key) && Type.Equals(other.Type);
    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);
    public override int GetHashCode() => (Type.GetHashCode() * 31) ^ Key.GetHashCode();

    public int CompareTo(GrainId other) => Type.CompareTo(other.Type) is var byType and not 0 ? byType : Key.CompareTo(other.Key);

    public override string ToString() => $"{Type}/{Key}";

    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);
    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);
    public static bool operator <(GrainId left, GrainId right) => left.CompareTo(right) < 0;
    public static bool operator >(GrainId left, GrainId right) => left.CompareTo(right) > 0;
    public static bool operator <=(GrainId left, GrainId right) => left.CompareTo(right) <= 0;
    public static bool operator >=(GrainId left, GrainId right) => left.CompareTo(right) >= 0;
}
