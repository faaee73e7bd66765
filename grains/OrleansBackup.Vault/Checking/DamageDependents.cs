using System.Collections.Immutable;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Checking;

/// <summary>Which items cannot be read because of damaged objects, and which contents are lost with them.</summary>
/// <remarks>Reads only contents that lie in a damaged object: a damaged block of a pack leaves those in its other blocks whole.</remarks>
internal sealed class DamageDependents(ResourceContext context, ContentReader reader, HashSet<BlobName> damaged)
{
    private const int MostItems = 10_000;
    private readonly Dictionary<PackName, BlobName> _damagedPacks = damaged.Select(name => (Pack: PackOf(name, context.Names), Name: name))
        .Where(d => d.Pack is not null).GroupBy(d => d.Pack!.Value, d => d.Name).ToDictionary(d => d.Key, d => d.First());
    private readonly Dictionary<(BlobName, string), bool> _isWhole = [];
    private readonly Dictionary<BlobName, (HashSet<DamagedItem> Items, HashSet<string> Contents)> _found = [];

    public bool HoldsContent(BlobName name) => !name.Value.StartsWith(context.Names.Prefix, StringComparison.Ordinal)
        || PackOf(name, context.Names) is not null;

    public ImmutableArray<DamagedItem> ItemsOf(BlobName name) =>
        _found.TryGetValue(name, out var found) ? [.. found.Items.OrderBy(i => i.Id, StringComparer.Ordinal).ThenBy(i => i.IsCurrent)] : [];

    public ImmutableArray<string> ContentsOf(BlobName name) =>
        _found.TryGetValue(name, out var found) ? [.. found.Contents.Order(StringComparer.Ordinal)] : [];

    /// <summary>Looks at the items that one step names.</summary>
    public async Task LookAtAsync(LoadedStep step, ImmutableArray<LoadedStep> newest, CancellationToken cancellation)
    {
        var current = new ItemState([.. newest.Select(s => s.Layer)]);
        await foreach (var change in step.Layer.ScanAsync(cancellation))
            if (change.Version is { } item)
                await LookAtAsync(item, current, cancellation);
    }

    private async Task LookAtAsync(ItemVersion item, ItemState current, CancellationToken cancellation)
    {
        foreach (var content in item.Contents.Values)
        {
            foreach (var packed in content.Packed)
                if (_damagedPacks.TryGetValue(packed.Pack, out var pack))
                    await NoteAsync(pack, DistrustedContents.TextOf(packed.Pack, packed.Hash), () => reader.OpenAsync(packed, cancellation));
            if (damaged.Any(d => !d.Value.StartsWith(context.Names.Prefix, StringComparison.Ordinal)))
                foreach (var chunk in await ChunksAsync(content, cancellation))
                    if (ResourceNames.ChunkOf(context.Files.Keys.Tenant, chunk.Hash) is var name && damaged.Contains(name))
                        await NoteAsync(name, DistrustedContents.TextOf(chunk.Hash), () => reader.ReadChunkAsync(chunk, cancellation));
        }

        async Task NoteAsync(BlobName name, string content, Func<Task> read)
        {
            if (await IsWholeAsync(name, content, read))
                return; // in another block, or stored a second time
            var found = _found.TryGetValue(name, out var known) ? known : _found[name] = ([], new(StringComparer.Ordinal));
            found.Contents.Add(content);
            if (found.Items.Count < MostItems)
                found.Items.Add(new(item.Id, item.Kind, item.ParentId, item.Name, item.Equals(await current.FindAsync(item.Id, cancellation))));
        }
    }

    /// <returns>The pack that the object holds, as it was written or as an edition; null: it is another kind of object.</returns>
    private static PackName? PackOf(BlobName name, ResourceNames names) => !name.Value.StartsWith(names.Prefix, StringComparison.Ordinal) ? null
        : name.Value[names.Prefix.Length..].Split('/') switch
        {
            ["packs", var text] => PackName.TryParse(text),
            ["repacked", var text, _] => PackName.TryParse(text),
            _ => null,
        };

    private async Task<bool> IsWholeAsync(BlobName name, string content, Func<Task> read)
    {
        if (_isWhole.TryGetValue((name, content), out var known))
            return known;
        try
        {
            await read();
            return _isWhole[(name, content)] = true;
        }
        catch (DamagedObjectException) { return _isWhole[(name, content)] = false; }
    }

    private async Task<List<ChunkReference>> ChunksAsync(ContentReference content, CancellationToken cancellation)
    {
        try { return await reader.ChunksOfAsync(content, cancellation).ToListAsync(cancellation); }
        catch (DamagedObjectException) { return [.. content.NamedChunks]; } // the list of its chunks is lost: that damage is noted at the pack or chunk that held it
    }
}
