using OrleansBackup.Vault.Items;

namespace OrleansBackup.Vault.Log;

/// <summary>Compares where the log is with where somebody remembers it.</summary>
internal static class MarkKeeper
{
    public static async Task<VaultMark> ReadAsync(ResourceContext context, LogCatalog catalog, CancellationToken cancellation) =>
        new(catalog.Head, (await HashAtAsync(context, catalog, catalog.Head, cancellation) ?? default).ToString(), NewestPrune(catalog));

    /// <exception cref="VaultRolledBackException">The log ends earlier, or another segment stands in the remembered place.</exception>
    public static async Task EnsureAsync(ResourceContext context, LogCatalog catalog, VaultMark remembered, CancellationToken cancellation)
    {
        string? what = null;
        if (catalog.Head < remembered.Sequence)
            what = "its newest segments are gone";
        else if (NewestPrune(catalog) < remembered.Prune)
            what = "its newest prune record is gone, so that points may be listed that no longer exist";
        else if (remembered.Sequence > 0 && await HashAtAsync(context, catalog, remembered.Sequence, cancellation) is { } hash && hash.ToString() != remembered.Hash)
            what = $"segment {remembered.Sequence} is another one";
        if (what is not null)
            throw new VaultRolledBackException(context.Names.Resource, remembered, await ReadAsync(context, catalog, cancellation), what);
    }

    private static long NewestPrune(LogCatalog catalog) => catalog.Prunes is [] ? 0 : catalog.Prunes[^1].Number;

    /// <returns>The hash of a segment, from itself or from what follows or covers it; null if nothing says it any more.</returns>
    private static async Task<Format.Hash256?> HashAtAsync(ResourceContext context, LogCatalog catalog, long sequence, CancellationToken cancellation)
    {
        try
        {
            if (catalog.Segments.Contains(sequence))
                return (await context.ReadSegmentAsync(sequence, cancellation)).Hash;
        }
        catch (DamagedObjectException) { } // a check tells of it; who builds on it finds out; what follows or covers it says its hash too
        if (catalog.Segments.Contains(sequence + 1))
            return (await context.ReadSegmentAsync(sequence + 1, cancellation)).Segment.Previous;
        foreach (var range in catalog.Bases.Where(b => b.To == sequence || b.From == sequence))
        {
            var index = (await BaseLayer.OpenAsync(context.Files, context.Names, range, context.Cache, cancellation)).Index;
            return range.To == sequence ? index.ToHash : index.FromHash;
        }
        return null;
    }
}
