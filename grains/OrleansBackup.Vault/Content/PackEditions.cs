using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Retention;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Content;

/// <summary>The objects that hold a pack: the pack itself, and editions written later that leave out what nobody names. FORMAT.md, "Packs".</summary>
internal sealed class PackEditions(ObjectFiles files, ResourceNames names)
{
    /// <summary>The editions of one pack that exist, newest first; the pack itself is none of them.</summary>
    public async IAsyncEnumerable<BlobName> LaterAsync(PackName pack, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var editions = new List<BlobName>();
        await foreach (var name in files.Store.ListAsync(names.EditionsOf(pack), cancellation))
            editions.Add(name);
        foreach (var name in editions.OrderByDescending(n => n.Value, StringComparer.Ordinal))
            yield return name;
    }

    /// <summary>Every pack with its objects, oldest first.</summary>
    public async Task<Dictionary<PackName, List<BlobName>>> AllAsync(CancellationToken cancellation)
    {
        var packs = new Dictionary<PackName, List<BlobName>>();
        await foreach (var name in files.Store.ListAsync(names.PackPrefix, cancellation))
            if (PackName.TryParse(name.Value[names.PackPrefix.Length..]) is { } pack)
                packs[pack] = [name];
        var editions = new List<BlobName>();
        await foreach (var name in files.Store.ListAsync(names.RepackedPrefix, cancellation))
            editions.Add(name);
        foreach (var name in editions.OrderBy(n => n.Value, StringComparer.Ordinal))
            if (name.Value[names.RepackedPrefix.Length..].Split('/') is [var text, _] && PackName.TryParse(text) is { } pack)
            {
                if (!packs.TryGetValue(pack, out var objects))
                    packs[pack] = objects = [];
                objects.Add(name);
            }
        return packs;
    }

    /// <summary>Writes the next edition with the entries that are named; durable when this returns.</summary>
    public async Task<BlobName> WriteAsync(PackName pack, BlobName from, PackUse use, VaultOptions options, CancellationToken cancellation)
    {
        var edition = from == names.Pack(pack) ? 1
            : int.Parse(from.Value.AsSpan(names.EditionsOf(pack).Length), System.Globalization.CultureInfo.InvariantCulture) + 1;
        var index = await PackIndex.ReadAsync(files, from, cancellation);
        using var blocksUnderWay = new SemaphoreSlim(options.BlocksUnderWay);
        using var writer = new PackWriter(files, names, pack, options, blocksUnderWay, new BlockBuffers(options.TargetBlockBytes + options.SmallContentBytes),
            under: names.PackEdition(pack, edition));
        var (reader, entry) = (new ContentReader(files, names, new BoundedCache(0)), 0);
        for (var block = 0; block < index.Blocks.Length; block++)
        {
            var entries = index.Blocks[block].Entries;
            var bytes = Enumerable.Range(entry, entries.Length).Any(use.Contains) ? await reader.ReadBlockAsync(index, block, cancellation) : [];
            var offset = 0;
            foreach (var one in entries)
            {
                if (use.Contains(entry++))
                    await writer.AddAsync(bytes.AsMemory(offset, one.Length), one.Hash, cancellation);
                else
                    writer.AddDead();
                offset += one.Length;
            }
        }
        await writer.StoreAsync(cancellation);
        return names.PackEdition(pack, edition);
    }

    /// <summary>Reads an edition back: whether everything that is named is in it, byte for byte.</summary>
    public async Task<bool> HoldsAsync(BlobName edition, PackUse use, CancellationToken cancellation)
    {
        try
        {
            var index = await PackIndex.ReadAsync(files, edition, cancellation);
            var (reader, entry, held) = (new ContentReader(files, names, new BoundedCache(0)), 0, 0);
            for (var block = 0; block < index.Blocks.Length; block++)
            {
                var (bytes, offset) = (await reader.ReadBlockAsync(index, block, cancellation), 0);
                foreach (var one in index.Blocks[block].Entries)
                {
                    if (use.Contains(entry++) && files.Keys.NameOf(bytes.AsSpan(offset, one.Length)) == one.Hash)
                        held++;
                    offset += one.Length;
                }
            }
            return held == use.Entries;
        }
        catch (DamagedObjectException)
        {
            return false; // what it should take the place of stays; a check tells of the damage
        }
    }
}
