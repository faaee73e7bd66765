namespace Orleans;

/// <summary>Names a grain class in stored ids, in place of the name by convention.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    internal string Name { get; } = grainType;
}
