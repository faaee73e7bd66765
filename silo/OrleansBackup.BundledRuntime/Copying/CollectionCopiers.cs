using System.Collections.ObjectModel;

namespace Orleans.Runtime;

// The collections that change. Where the elements never do, the collection is copied whole; otherwise element by element, after
// the new collection is known to the context.

internal sealed class NullableCopier<T> : Copier<T?>
    where T : struct
{
    internal override bool SharesValues => Copiers.OfPart(typeof(T)) is { SharesValues: true };

    public override T? Copy(T? value, CopyContext context) => value is { } some ? Copiers.Get<T>().Copy(some, context) : null;
}

internal sealed class ArrayCopier<T> : ReferenceCopier<T[]>
{
    protected override T[] CopyNew(T[] value, CopyContext context)
    {
        var element = Copiers.Get<T>();
        if (value.Length == 0)
            return value;
        var copy = (T[])context.Keep(value, element.SharesValues ? value.Clone() : new T[value.Length]);
        if (!element.SharesValues)
        {
            for (var i = 0; i < value.Length; i++)
                copy[i] = element.Copy(value[i], context);
        }
        return copy;
    }
}

internal sealed class ListCopier<T> : ReferenceCopier<List<T>>
{
    protected override List<T> CopyNew(List<T> value, CopyContext context)
    {
        var element = Copiers.Get<T>();
        if (element.SharesValues)
            return (List<T>)context.Keep(value, new List<T>(value));
        var copy = (List<T>)context.Keep(value, new List<T>(value.Count));
        foreach (var item in value)
            copy.Add(element.Copy(item, context));
        return copy;
    }
}

internal sealed class DictionaryCopier<TKey, TValue> : ReferenceCopier<Dictionary<TKey, TValue>>
    where TKey : notnull
{
    protected override Dictionary<TKey, TValue> CopyNew(Dictionary<TKey, TValue> value, CopyContext context)
    {
        var (keys, values) = (Copiers.Get<TKey>(), Copiers.Get<TValue>());
        if (keys.SharesValues && values.SharesValues)
            return (Dictionary<TKey, TValue>)context.Keep(value, new Dictionary<TKey, TValue>(value, value.Comparer));
        var copy = (Dictionary<TKey, TValue>)context.Keep(value, new Dictionary<TKey, TValue>(value.Count, value.Comparer));
        foreach (var (key, item) in value)
            copy.Add(keys.Copy(key, context), values.Copy(item, context));
        return copy;
    }
}

internal sealed class SortedDictionaryCopier<TKey, TValue> : ReferenceCopier<SortedDictionary<TKey, TValue>>
    where TKey : notnull
{
    protected override SortedDictionary<TKey, TValue> CopyNew(SortedDictionary<TKey, TValue> value, CopyContext context)
    {
        var copy = (SortedDictionary<TKey, TValue>)context.Keep(value, new SortedDictionary<TKey, TValue>(value.Comparer));
        foreach (var (key, item) in value)
            copy.Add(Copiers.Get<TKey>().Copy(key, context), Copiers.Get<TValue>().Copy(item, context));
        return copy;
    }
}

internal sealed class HashSetCopier<T> : ReferenceCopier<HashSet<T>>
{
    protected override HashSet<T> CopyNew(HashSet<T> value, CopyContext context)
    {
        var element = Copiers.Get<T>();
        if (element.SharesValues)
            return (HashSet<T>)context.Keep(value, new HashSet<T>(value, value.Comparer));
        var copy = (HashSet<T>)context.Keep(value, new HashSet<T>(value.Count, value.Comparer));
        foreach (var item in value)
            copy.Add(element.Copy(item, context));
        return copy;
    }
}

internal sealed class SortedSetCopier<T> : ReferenceCopier<SortedSet<T>>
{
    protected override SortedSet<T> CopyNew(SortedSet<T> value, CopyContext context)
    {
        var copy = (SortedSet<T>)context.Keep(value, new SortedSet<T>(value.Comparer));
        foreach (var item in value)
            copy.Add(Copiers.Get<T>().Copy(item, context));
        return copy;
    }
}

internal sealed class QueueCopier<T> : ReferenceCopier<Queue<T>>
{
    protected override Queue<T> CopyNew(Queue<T> value, CopyContext context)
    {
        var copy = (Queue<T>)context.Keep(value, new Queue<T>(value.Count));
        foreach (var item in value)
            copy.Enqueue(Copiers.Get<T>().Copy(item, context));
        return copy;
    }
}

internal sealed class StackCopier<T> : ReferenceCopier<Stack<T>>
{
    protected override Stack<T> CopyNew(Stack<T> value, CopyContext context)
    {
        var copy = (Stack<T>)context.Keep(value, new Stack<T>(value.Count));
        foreach (var item in value.Reverse()) // enumerates from the top, and is filled from the bottom
            copy.Push(Copiers.Get<T>().Copy(item, context));
        return copy;
    }
}

internal sealed class ReadOnlyCollectionCopier<T> : ReferenceCopier<ReadOnlyCollection<T>>
{
    protected override ReadOnlyCollection<T> CopyNew(ReadOnlyCollection<T> value, CopyContext context)
    {
        // It may be a view of a list that changes, so the elements move to a list of their own.
        var copy = new T[value.Count];
        var collection = (ReadOnlyCollection<T>)context.Keep(value, new ReadOnlyCollection<T>(copy));
        for (var i = 0; i < copy.Length; i++)
            copy[i] = Copiers.Get<T>().Copy(value[i], context);
        return collection;
    }
}

internal sealed class KeyValuePairCopier<TKey, TValue> : Copier<KeyValuePair<TKey, TValue>>
{
    internal override bool SharesValues => Copiers.OfPart(typeof(TKey)) is { SharesValues: true } && Copiers.OfPart(typeof(TValue)) is { SharesValues: true };

    public override KeyValuePair<TKey, TValue> Copy(KeyValuePair<TKey, TValue> value, CopyContext context) =>
        new(Copiers.Get<TKey>().Copy(value.Key, context), Copiers.Get<TValue>().Copy(value.Value, context));
}

internal sealed class MemoryCopier<T> : Copier<Memory<T>>
{
    public override Memory<T> Copy(Memory<T> value, CopyContext context) => Elements.Copy<T>(value.Span, context);
}

internal sealed class ReadOnlyMemoryCopier<T> : Copier<ReadOnlyMemory<T>>
{
    public override ReadOnlyMemory<T> Copy(ReadOnlyMemory<T> value, CopyContext context) => Elements.Copy(value.Span, context);
}

internal sealed class ArraySegmentCopier<T> : Copier<ArraySegment<T>>
{
    public override ArraySegment<T> Copy(ArraySegment<T> value, CopyContext context) => Elements.Copy<T>(value, context);
}

internal static class Elements
{
    internal static T[] Copy<T>(ReadOnlySpan<T> elements, CopyContext context)
    {
        var element = Copiers.Get<T>();
        var copy = elements.ToArray();
        if (!element.SharesValues)
        {
            for (var i = 0; i < copy.Length; i++)
                copy[i] = element.Copy(copy[i], context);
        }
        return copy;
    }
}
