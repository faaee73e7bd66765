using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault.Retention;

/// <summary>Which entries of which packs are named by anything that is not condemned.</summary>
/// <remarks>Memory: a bit for each entry of a pack up to the last that is named.</remarks>
internal sealed class NamedEntries
{
    private readonly Dictionary<PackName, PackUse> _packs = [];

    /// <summary>Reads every item version that segments and bases of the catalog hold.</summary>
    /// <param name="newest">The newest point: what later segments list counts as named as a whole, because a run may still be about to name it.</param>
    public static async Task<NamedEntries> ReadAsync(ResourceContext context, LogCatalog catalog, long newest, CancellationToken cancellation)
    {
        var named = new NamedEntries();
        foreach (var sequence in catalog.Segments)
        {
            var (segment, _) = await context.ReadSegmentAsync(sequence, cancellation);
            foreach (var change in segment.Changes)
                named.Add(change);
            foreach (var pack in sequence > newest ? segment.NewPacks : [])
                named.Of(pack.Name).IsWhole = true;
        }
        foreach (var range in catalog.Bases)
            await foreach (var change in (await BaseLayer.OpenAsync(context.Files, context.Names, range, context.Cache, cancellation)).ScanAsync(cancellation))
                named.Add(change);
        return named;
    }

    /// <returns>Null: nothing in the pack is named.</returns>
    public PackUse? Find(PackName pack) => _packs.GetValueOrDefault(pack);

    private void Add(ItemChange change)
    {
        foreach (var content in change.Version?.Contents.Values ?? [])
            foreach (var packed in content.Packed)
                Of(packed.Pack).Add(packed.Entry, packed.Length);
    }

    private PackUse Of(PackName pack) => _packs.TryGetValue(pack, out var use) ? use : _packs[pack] = new();
}

/// <summary>What of one pack is named.</summary>
internal sealed class PackUse
{
    private ulong[] _entries = new ulong[1];

    /// <summary>Nothing of it may go, whatever is named.</summary>
    public bool IsWhole { get; set; }

    public int Entries { get; private set; }
    public int Highest { get; private set; } = -1;

    /// <summary>The length of the named contents.</summary>
    public long Bytes { get; private set; }

    public void Add(int entry, long length)
    {
        if (entry / 64 >= _entries.Length)
            Array.Resize(ref _entries, Math.Max(entry / 64 + 1, 2 * _entries.Length));
        if (Contains(entry))
            return;
        _entries[entry / 64] |= 1UL << (entry % 64);
        (Entries, Highest, Bytes) = (Entries + 1, Math.Max(Highest, entry), Bytes + length);
    }

    public bool Contains(int entry) => entry / 64 < _entries.Length && (_entries[entry / 64] >> (entry % 64) & 1) != 0;
}
