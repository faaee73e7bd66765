namespace Orleans;

/// <summary>This type crosses between grains: its members with <see cref="IdAttribute"/> are copied, others are left out.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute
{
    private readonly bool? _includePrimaryConstructorParameters;

    /// <summary>Whether parameters of the primary constructor count as members. Unless said otherwise: of records, yes.</summary>
    public bool IncludePrimaryConstructorParameters
    {
        get => _includePrimaryConstructorParameters ?? false;
        init => _includePrimaryConstructorParameters = value;
    }

    internal bool IncludesPrimaryConstructorParameters(bool isRecord) => _includePrimaryConstructorParameters ?? isRecord;
}

/// <summary>The number of a member on the wire. Never used again for another member of the same type.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method
    | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class IdAttribute(uint id) : Attribute
{
    public uint Id { get; } = id;
}

/// <summary>The lasting name of a type or method, so that it can be renamed in code.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method
    | AttributeTargets.Interface, AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    public string Alias { get; } = alias;
}

/// <summary>Never changed after it was made, so both sides of a call may share it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Property | AttributeTargets.Field
    | AttributeTargets.Parameter | AttributeTargets.ReturnValue, Inherited = false)]
public sealed class ImmutableAttribute : Attribute;
