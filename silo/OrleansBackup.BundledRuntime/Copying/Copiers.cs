using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>The copier of every type, made at its first use and kept.</summary>
/// <remarks>
/// What has none fails at the first call, with the type's name: also where both sides are in one process, so that nothing works on
/// one machine and breaks in a cluster.
/// </remarks>
internal static class Copiers
{
    private static readonly ConcurrentDictionary<Type, Copier> All = new();

    /// <summary>Types whose copier this thread is making: a type may hold itself.</summary>
    [ThreadStatic]
    private static HashSet<Type>? _inTheMaking;

    internal static Copier<T> Get<T>() => Cache<T>.Copier ??= (Copier<T>)Of(typeof(T));

    /// <exception cref="CodecNotFoundException">The type, or one that it holds, cannot be copied.</exception>
    internal static Copier Of(Type type)
    {
        if (All.TryGetValue(type, out var copier))
            return copier;
        var making = _inTheMaking ??= [];
        making.Add(type);
        try
        {
            copier = BuiltInCopiers.Find(type) ?? AnnotatedCopiers.Find(type) ?? throw NotFound(type);
        }
        finally
        {
            making.Remove(type);
        }
        return All.GetOrAdd(type, copier);
    }

    /// <summary>Makes sure that what a type holds can be copied too. Null for a type that is being made further up.</summary>
    internal static Copier? OfPart(Type type) => _inTheMaking is { } making && making.Contains(type) ? null : Of(type);

    internal static Copier Make(Type definition, params Type[] arguments)
    {
        foreach (var argument in arguments)
            OfPart(argument);
        return (Copier)Activator.CreateInstance(definition.MakeGenericType(arguments))!;
    }

    internal static Copier Sharing(Type type) => (Copier)Activator.CreateInstance(typeof(SharingCopier<>).MakeGenericType(type))!;

    private static CodecNotFoundException NotFound(Type type) => new(type.IsDefined(typeof(ImmutableAttribute), false)
        ? $"{type} is [Immutable] but not [GenerateSerializer], so it could not leave this process."
        : $"{type} cannot be sent to or from a grain: it is neither built in nor [GenerateSerializer].");

    private static class Cache<T>
    {
        internal static Copier<T>? Copier { get; set; }
    }
}
