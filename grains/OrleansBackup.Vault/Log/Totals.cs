using System.Collections.Immutable;

namespace OrleansBackup.Vault.Log;

/// <summary>How much a state holds, kept up with each change so that sealing a point counts nothing.</summary>
internal sealed record Totals(ImmutableSortedDictionary<string, long> ItemsByKind, long LogicalBytes)
{
    public static Totals None { get; } = new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal), 0);

    public Totals With(ItemVersion? before, ItemVersion? after)
    {
        var counts = ItemsByKind;
        if (before is not null)
            counts = Count(counts, before.Kind, -1);
        if (after is not null)
            counts = Count(counts, after.Kind, 1);
        return new(counts, LogicalBytes - (before?.Size ?? 0) + (after?.Size ?? 0));
    }

    private static ImmutableSortedDictionary<string, long> Count(ImmutableSortedDictionary<string, long> counts, string kind, int change)
    {
        var count = counts.GetValueOrDefault(kind) + change;
        return count == 0 ? counts.Remove(kind) : counts.SetItem(kind, count);
    }
}
