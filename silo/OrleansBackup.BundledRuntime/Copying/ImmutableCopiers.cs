using System.Collections.Immutable;

namespace Orleans.Runtime;

// Immutable collections are shared as they are when their elements never change; otherwise the elements are copied into a new one.

internal sealed class ImmutableArrayCopier<T> : Copier<ImmutableArray<T>>
{
    internal override bool SharesValues => Copiers.OfPart(typeof(T)) is { SharesValues: true };

    public override ImmutableArray<T> Copy(ImmutableArray<T> value, CopyContext context) => value.IsDefaultOrEmpty || SharesValues
        ? value
        : ImmutableArray.Create(Elements.Copy(value.AsSpan(), context));
}

internal sealed class ImmutableListCopier<T> : ReferenceCopier<ImmutableList<T>>
{
    internal override bool SharesValues => Copiers.OfPart(typeof(T)) is { SharesValues: true };

    protected override ImmutableList<T> CopyNew(ImmutableList<T> value, CopyContext context) =>
        (ImmutableList<T>)context.Keep(value, SharesValues ? value : [.. value.Select(item => Copiers.Get<T>().Copy(item, context))]);
}

internal sealed class ImmutableQueueCopier<T> : ReferenceCopier<ImmutableQueue<T>>
{
    internal override bool SharesValues => Copiers.OfPart(typeof(T)) is { SharesValues: true };

    protected override ImmutableQueue<T> CopyNew(ImmutableQueue<T> value, CopyContext context) =>
        (ImmutableQueue<T>)context.Keep(value, SharesValues ? value : [.. value.Select(item => Copiers.Get<T>().Copy(item, context))]);
}

internal sealed class ImmutableHashSetCopier<T> : ReferenceCopier<ImmutableHashSet<T>>
{
    internal override bool SharesValues => Copiers.OfPart(typeof(T)) is { SharesValues: true };

    protected override ImmutableHashSet<T> CopyNew(ImmutableHashSet<T> value, CopyContext context) => (ImmutableHashSet<T>)context.Keep(
        value, SharesValues ? value : value.Select(item => Copiers.Get<T>().Copy(item, context)).ToImmutableHashSet(value.KeyComparer));
}

internal sealed class ImmutableSortedSetCopier<T> : ReferenceCopier<ImmutableSortedSet<T>>
{
    internal override bool SharesValues => Copiers.OfPart(typeof(T)) is { SharesValues: true };

    protected override ImmutableSortedSet<T> CopyNew(ImmutableSortedSet<T> value, CopyContext context) => (ImmutableSortedSet<T>)context.Keep(
        value, SharesValues ? value : value.Select(item => Copiers.Get<T>().Copy(item, context)).ToImmutableSortedSet(value.KeyComparer));
}

internal sealed class ImmutableDictionaryCopier<TKey, TValue> : ReferenceCopier<ImmutableDictionary<TKey, TValue>>
    where TKey : notnull
{
    internal override bool SharesValues => Copiers.OfPart(typeof(TKey)) is { SharesValues: true } && Copiers.OfPart(typeof(TValue)) is { SharesValues: true };

    protected override ImmutableDictionary<TKey, TValue> CopyNew(ImmutableDictionary<TKey, TValue> value, CopyContext context) =>
        (ImmutableDictionary<TKey, TValue>)context.Keep(value, SharesValues ? value : value.ToImmutableDictionary(
            entry => Copiers.Get<TKey>().Copy(entry.Key, context), entry => Copiers.Get<TValue>().Copy(entry.Value, context), value.KeyComparer));
}

internal sealed class ImmutableSortedDictionaryCopier<TKey, TValue> : ReferenceCopier<ImmutableSortedDictionary<TKey, TValue>>
    where TKey : notnull
{
    internal override bool SharesValues => Copiers.OfPart(typeof(TKey)) is { SharesValues: true } && Copiers.OfPart(typeof(TValue)) is { SharesValues: true };

    protected override ImmutableSortedDictionary<TKey, TValue> CopyNew(ImmutableSortedDictionary<TKey, TValue> value, CopyContext context) =>
        (ImmutableSortedDictionary<TKey, TValue>)context.Keep(value, SharesValues ? value : value.ToImmutableSortedDictionary(
            entry => Copiers.Get<TKey>().Copy(entry.Key, context), entry => Copiers.Get<TValue>().Copy(entry.Value, context), value.KeyComparer));
}
