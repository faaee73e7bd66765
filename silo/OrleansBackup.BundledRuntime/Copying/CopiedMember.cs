using System.Reflection;

namespace Orleans.Runtime;

/// <summary>A field that is copied with its object, and whether its value may be shared by attribute.</summary>
internal readonly record struct CopiedMember(FieldInfo Field, bool IsImmutable)
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    internal static List<CopiedMember> AllFields(Type type) => [.. FieldsOf(type).Select(field => new CopiedMember(field, false))];

    internal static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        Lineage(type).SelectMany(level => level.GetFields(Declared));

    /// <summary>The members with <see cref="IdAttribute"/>, of base classes too, and the primary constructor's of records.</summary>
    /// <exception cref="NotSupportedException">A property with an id computes its value, so there is nothing to copy.</exception>
    internal static List<CopiedMember> Annotated(Type type)
    {
        var members = new Dictionary<FieldInfo, CopiedMember>();
        foreach (var level in Lineage(type))
        {
            foreach (var field in level.GetFields(Declared).Where(field => field.IsDefined(typeof(IdAttribute))))
                members.TryAdd(field, new CopiedMember(field, field.IsDefined(typeof(ImmutableAttribute))));
            foreach (var property in level.GetProperties(Declared).Where(property => property.IsDefined(typeof(IdAttribute))))
            {
                var field = BackingField(property)
                    ?? throw new NotSupportedException($"{level}.{property.Name} has an [Id] but is not an automatic property.");
                members.TryAdd(field, new CopiedMember(field, property.IsDefined(typeof(ImmutableAttribute))));
            }
            foreach (var field in PrimaryConstructorFields(level))
                members.TryAdd(field, new CopiedMember(field, false));
        }
        return [.. members.Values];
    }

    private static IEnumerable<Type> Lineage(Type type)
    {
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType) && level != typeof(Exception); level = level.BaseType!)
            yield return level;
    }

    private static FieldInfo? BackingField(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", Declared);

    private static IEnumerable<FieldInfo> PrimaryConstructorFields(Type type)
    {
        var isRecord = type.GetMethod("<Clone>$", Declared) is not null
            || (type.IsValueType && type.GetMethod("PrintMembers", Declared) is not null);
        if (type.GetCustomAttribute<GenerateSerializerAttribute>(false)?.IncludesPrimaryConstructorParameters(isRecord) is not true)
            return [];
        return type.GetConstructors(Declared)
            .Select(constructor => constructor.GetParameters().Select(parameter => FieldOf(type, parameter)).ToArray())
            .Where(fields => Array.TrueForAll(fields, field => field is not null))
            .MaxBy(fields => fields.Length)?.OfType<FieldInfo>() ?? [];
    }

    private static FieldInfo? FieldOf(Type type, ParameterInfo parameter)
    {
        var field = type.GetField($"<{parameter.Name}>k__BackingField", Declared) ?? type.GetField($"<{parameter.Name}>P", Declared);
        return field?.FieldType == parameter.ParameterType ? field : null;
    }
}
