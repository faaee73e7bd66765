using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Retention;

/// <summary>Keeps what the newest point needs as long as a point that is sealed before the next look has to be kept: most of it was written long ago.</summary>
/// <remarks>Asks the store about each object once, and extends those that run out too soon, for twice as long ahead: each object about every second time.
/// Memory: 32 bytes for each pack and shared chunk that the point names.</remarks>
internal sealed class PointKeeping(ResourceContext context, RetainingWrites writes)
{
    /// <returns>How many objects were extended.</returns>
    /// <exception cref="DamagedObjectException">What the newest point needs cannot be read.</exception>
    /// <exception cref="RetentionNotKeptException">The store says that it keeps an object for less.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var (files, names) = (context.Files, context.Names);
        var catalog = await LogCatalog.LoadAsync(files, names, cancellation);
        var state = await LoadedState.LoadAsync(context, catalog, catalog.Head, cancellation);
        var extended = 0;
        foreach (var step in state.Steps)
            foreach (var name in step.Layer is Items.BaseLayer layer ? PartsOf(layer.Index) : [names.Segment(step.Step.Range.To)])
                await KeepAsync(name);
        if (catalog.Records.Newest > 0) // it says which points count
            foreach (var name in new[] { names.PruneRecord(catalog.Records.Newest), names.PruneRecordCopy(catalog.Records.Newest) })
                await KeepAsync(name);

        var (packs, chunks, reader) = (new HashSet<PackName>(), new HashSet<Hash256>(), new ContentReader(files, names, context.Cache));
        await foreach (var item in state.Items.ItemsAsync(ItemFilter.All, null, cancellation))
            foreach (var content in item.Contents.Values)
            {
                packs.UnionWith(content.Packed.Select(packed => packed.Pack));
                await foreach (var chunk in reader.ChunksOfAsync(content, cancellation))
                    chunks.Add(chunk.Hash);
            }
        var (objects, spares) = (await new PackEditions(files, names).AllAsync(cancellation), await new SpareContents(files, names).AllAsync(cancellation));
        foreach (var pack in packs)
            foreach (var name in objects.GetValueOrDefault(pack, []).Concat(spares.GetValueOrDefault(pack, [])))
                await KeepAsync(name);
        var editions = new ChunkEditions(files);
        foreach (var chunk in chunks)
            if (await editions.FindAsync(chunk, cancellation) is { } found)
                await KeepAsync(found.Name);
        return extended;

        async Task KeepAsync(BlobName name) => extended += await writes.KeepAsync(name, context.Options.RetainAhead, cancellation) ? 1 : 0;

        IEnumerable<BlobName> PartsOf(Items.BaseIndex index) =>
            Enumerable.Range(0, index.PartBytes.Length).Select(part => names.BasePart(index.Range, index.Writer, part)).Prepend(names.BaseIndex(index.Range));
    }
}
