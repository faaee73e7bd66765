namespace Orleans.Runtime;

/// <summary>Names a grain class in ids that are stored, so it survives a renamed namespace or assembly.</summary>
/// <remarks>By convention the class name in lower case without the ending "Grain"; <see cref="GrainTypeAttribute"/> says otherwise.</remarks>
public readonly struct GrainType(IdSpan id) : IEquatable<GrainType>, IComparable<GrainType>
{
    public IdSpan Value { get; } = id;
    public bool IsDefault => Value.IsDefault;

    public static GrainType Create(string value) => new(IdSpan.Create(value));

    public bool Equals(GrainType other) => Value.Equals(other.Value);
    public override bool Equals(object? obj) => obj is GrainType other && Equals(other);
    public override int GetHashCode() => Value.GetHashCode();
    public int CompareTo(GrainType other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();

    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);
    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);
    public static bool operator <(GrainType left, GrainType right) => left.CompareTo(right) < 0;
    public static bool operator >(GrainType left, GrainType right) => left.CompareTo(right) > 0;
    public static bool operator <=(GrainType left, GrainType right) => left.CompareTo(right) <= 0;
    public static bool operator >=(GrainType left, GrainType right) => left.CompareTo(right) >= 0;
}
