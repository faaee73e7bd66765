using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace Orleans.Runtime;

/// <summary>The types that need no attribute.</summary>
internal static class BuiltInCopiers
{
    private static readonly HashSet<Type> Unchanging =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly),
        typeof(TimeSpan), typeof(Uri), typeof(Version), typeof(IPAddress), typeof(IPEndPoint), typeof(CultureInfo), typeof(BigInteger),
        typeof(Half), typeof(Int128), typeof(UInt128), typeof(CancellationToken), typeof(GrainId), typeof(GrainType), typeof(IdSpan),
        typeof(GrainInterfaceType), typeof(SiloAddress), typeof(Nothing), typeof(ValueTuple), typeof(TimeZoneInfo),
    ];

    private static readonly Dictionary<Type, Type> Generic = new()
    {
        [typeof(Nullable<>)] = typeof(NullableCopier<>),
        [typeof(List<>)] = typeof(ListCopier<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryCopier<,>),
        [typeof(HashSet<>)] = typeof(HashSetCopier<>),
        [typeof(Queue<>)] = typeof(QueueCopier<>),
        [typeof(Stack<>)] = typeof(StackCopier<>),
        [typeof(SortedDictionary<,>)] = typeof(SortedDictionaryCopier<,>),
        [typeof(SortedSet<>)] = typeof(SortedSetCopier<>),
        [typeof(ReadOnlyCollection<>)] = typeof(ReadOnlyCollectionCopier<>),
        [typeof(KeyValuePair<,>)] = typeof(KeyValuePairCopier<,>),
        [typeof(ReadOnlyMemory<>)] = typeof(ReadOnlyMemoryCopier<>),
        [typeof(Memory<>)] = typeof(MemoryCopier<>),
        [typeof(ArraySegment<>)] = typeof(ArraySegmentCopier<>),
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayCopier<>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListCopier<>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionaryCopier<,>),
        [typeof(ImmutableSortedDictionary<,>)] = typeof(ImmutableSortedDictionaryCopier<,>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetCopier<>),
        [typeof(ImmutableSortedSet<>)] = typeof(ImmutableSortedSetCopier<>),
        [typeof(ImmutableQueue<>)] = typeof(ImmutableQueueCopier<>),
    };

    internal static Copier? Find(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || Unchanging.Contains(type) || typeof(Type).IsAssignableFrom(type)
            || typeof(GrainReference).IsAssignableFrom(type))
        {
            return Copiers.Sharing(type);
        }
        if (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
            return (Copier)Activator.CreateInstance(typeof(AddressableCopier<>).MakeGenericType(type))!;
        if (typeof(Exception).IsAssignableFrom(type))
            return (Copier)Activator.CreateInstance(typeof(ExceptionCopier<>).MakeGenericType(type))!;
        if (type.IsSZArray)
            return Copiers.Make(typeof(ArrayCopier<>), type.GetElementType()!);
        if (type.IsGenericType && Generic.TryGetValue(type.GetGenericTypeDefinition(), out var copier))
            return Copiers.Make(copier, type.GetGenericArguments());
        if (type.IsGenericType && type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal))
            return MemberCopiers.Make(type, CopiedMember.AllFields(type));
        if (type.IsGenericType && type.FullName!.StartsWith("System.Tuple`", StringComparison.Ordinal))
            return MemberCopiers.Make(type, CopiedMember.AllFields(type));
        if ((type.IsInterface || type.IsAbstract || type == typeof(object)) && !typeof(Delegate).IsAssignableFrom(type))
            return (Copier)Activator.CreateInstance(typeof(DispatchingCopier<>).MakeGenericType(type))!;
        return null;
    }
}

/// <summary>Grains are passed as references: one that passes itself has to say <c>AsReference</c>.</summary>
internal sealed class AddressableCopier<T> : Copier<T>
{
    internal override bool SharesValues => false;

    public override T Copy(T value, CopyContext context) => value is null or GrainReference
        ? value
        : throw new ArgumentException($"{value.GetType()} is a grain itself; pass this.AsReference<{typeof(T).Name}>() instead.");
}
