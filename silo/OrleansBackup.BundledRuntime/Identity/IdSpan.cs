namespace Orleans.Runtime;

/// <summary>A piece of an identity: a name of a grain type or a key, compared byte for byte and hashed once.</summary>
/// <remarks>Grain keys are looked up on every call, so the hash is kept beside the text.</remarks>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly string? _text;
    private readonly int _hash;

    private IdSpan(string text)
    {
        _text = text;
        _hash = string.GetHashCode(text);
    }

    /// <summary>True for <c>default</c>, which names nothing.</summary>
    public bool IsDefault => _text is null;

    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    public static IdSpan Create(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new(id);
    }

    public bool Equals(IdSpan other) => _hash == other._hash && string.Equals(_text, other._text, StringComparison.Ordinal);
    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);
    public override int GetHashCode() => _hash;
    public int CompareTo(IdSpan other) => string.CompareOrdinal(_text, other._text);
    public override string ToString() => _text ?? "";

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);
    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);
    public static bool operator <(IdSpan left, IdSpan right) => left.CompareTo(right) < 0;
    public static bool operator >(IdSpan left, IdSpan right) => left.CompareTo(right) > 0;
    public static bool operator <=(IdSpan left, IdSpan right) => left.CompareTo(right) <= 0;
    public static bool operator >=(IdSpan left, IdSpan right) => left.CompareTo(right) >= 0;
}
