using System.Runtime.CompilerServices;

namespace OrleansBackup.Vault.Items;

/// <summary>Merges sorted sequences into one, holding one element of each.</summary>
internal static class OrderedMerge
{
    /// <returns>Each element with the index of its source. Among equal keys the last source comes first if <paramref name="newestFirst"/>.</returns>
    public static async IAsyncEnumerable<(int Source, T Item)> Of<T, TKey>(
        IReadOnlyList<IAsyncEnumerable<T>> sources, Func<T, TKey> key, IComparer<TKey> order, bool newestFirst,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var heads = new PriorityQueue<int, (TKey Key, int Source)>(Comparer<(TKey Key, int Source)>.Create((one, other) =>
            order.Compare(one.Key, other.Key) is var byKey && byKey != 0 ? byKey
                : newestFirst ? other.Source.CompareTo(one.Source) : one.Source.CompareTo(other.Source)));
        var enumerators = new IAsyncEnumerator<T>[sources.Count];
        try
        {
            for (var i = 0; i < enumerators.Length; i++)
            {
                enumerators[i] = sources[i].GetAsyncEnumerator(cancellation);
                if (await enumerators[i].MoveNextAsync())
                    heads.Enqueue(i, (key(enumerators[i].Current), i));
            }
            while (heads.TryDequeue(out var source, out _))
            {
                yield return (source, enumerators[source].Current);
                if (await enumerators[source].MoveNextAsync())
                    heads.Enqueue(source, (key(enumerators[source].Current), source));
            }
        }
        finally
        {
            foreach (var enumerator in enumerators)
                if (enumerator is not null)
                    await enumerator.DisposeAsync();
        }
    }
}
