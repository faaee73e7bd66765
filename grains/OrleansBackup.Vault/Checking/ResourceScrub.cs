using System.Collections.Immutable;
using OrleansBackup.Vault.Cards;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Retention;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Checking;

/// <summary>Reads every byte of a resource bit by bit, over days: its own objects by name, then the shared chunks that its restore points name. A round
/// ends with a look at what is missing.</summary>
/// <remarks>Memory: 32 bytes for each shared chunk that the resource names. What has changed between two slices is in this round or in the next.</remarks>
internal sealed class ResourceScrub
{
    private readonly ResourceContext _context;
    private readonly ContentReader _reader;
    private readonly Dictionary<BlobName, DamagedObjectException> _damage = [];
    private long _bytes;

    // A cache of its own: a scrub must see what is stored now, not what was read before.
    public ResourceScrub(ResourceContext context)
    {
        _context = context with { Cache = new(context.Options.CacheBytes) };
        _reader = new(_context.Files, _context.Names, _context.Cache);
    }

    public async Task<ScrubSlice> RunAsync(string? cursor, int slices, CancellationToken cancellation)
    {
        var steps = await LiveStepsAsync(cancellation);
        var chunks = await ChunksAsync(steps, cancellation);
        var own = new List<BlobName>();
        await foreach (var name in _context.Files.Store.ListAsync(_context.Names.Prefix, cancellation))
            own.Add(name);
        // Own objects first, then chunks in order of their names: a cursor stays meaningful while objects come and go.
        var all = own.OrderBy(n => n.Value, StringComparer.Ordinal).Select(n => (Key: "0" + n.Value, Name: n, Chunk: default(ChunkReference)))
            .Concat(chunks.OrderBy(c => c.Hash).Select(c => (Key: $"1{c.Hash}", Name: ResourceNames.ChunkOf(_context.Files.Keys.Tenant, c.Hash), Chunk: c))).ToList();
        var share = Math.Max(1, (all.Count + slices - 1) / slices);
        var slice = all.Where(o => string.CompareOrdinal(o.Key, cursor ?? "") > 0).Take(share).ToList();
        foreach (var (_, name, chunk) in slice)
            await CatchAsync(() => chunk.Length > 0 ? ReadChunkAsync(chunk, cancellation) : ReadOwnAsync(name, cancellation));
        var isOver = slice.Count == 0 || slice[^1].Key == all[^1].Key;
        if (isOver)
            await AddMissingAsync(cancellation);
        return new(isOver ? null : slice[^1].Key, slice.Count, all.Count, _bytes, await DamageAsync(steps, cancellation));
    }

    /// <summary>Looks again at objects that were found damaged, and says what of it is left.</summary>
    public async Task<ImmutableArray<DamagedObject>> LookAgainAsync(IEnumerable<BlobName> names, CancellationToken cancellation)
    {
        var steps = await LiveStepsAsync(cancellation);
        var chunks = (await ChunksAsync(steps, cancellation)).ToDictionary(c => ResourceNames.ChunkOf(_context.Files.Keys.Tenant, c.Hash));
        foreach (var name in names)
            if (chunks.TryGetValue(name, out var chunk))
                await CatchAsync(() => ReadChunkAsync(chunk, cancellation));
            else if (name.Value.StartsWith(_context.Names.Prefix, StringComparison.Ordinal))
                await CatchAsync(() => ReadAgainAsync(name, cancellation));
        return [.. (await DamageAsync(steps, cancellation)).Where(d => !d.HoldsContent || !d.Items.IsEmpty)];
    }

    private async Task ReadAgainAsync(BlobName name, CancellationToken cancellation)
    {
        var isBase = name.Value.StartsWith(_context.Names.BasePrefix, StringComparison.Ordinal);
        if ((isBase || name.Value.StartsWith(_context.Names.LogPrefix, StringComparison.Ordinal)) && await _context.Files.Store.GetLengthAsync(name, cancellation) is null)
            return; // a prune took it; if it is needed all the same, the steps say what is missing
        await ReadOwnAsync(isBase ? new($"{name.Value[..name.Value.LastIndexOf('/')]}/index") : name, cancellation); // parts are read with their base
    }

    private async Task CatchAsync(Func<Task> read)
    {
        try { await read(); }
        catch (DamagedObjectException e) { _damage.TryAdd(e.Name, e); }
    }

    /// <summary>Every step on the way to a restore point or to the newest segment. What cannot be followed is damage; the rest is looked at all the same.</summary>
    private async Task<ImmutableArray<LoadedStep>> LiveStepsAsync(CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(_context.Files, _context.Names, cancellation);
        foreach (var damage in catalog.Damage)
            _damage.TryAdd(damage.Name, damage);
        var (steps, points) = (new Dictionary<LogStep, LoadedStep>(), new SortedSet<long> { catalog.Head });
        for (var state = catalog.Head; state > 0; state = points.Where(p => p < state).DefaultIfEmpty().Max())
        {
            var at = state;
            await CatchAsync(async () =>
            {
                foreach (var step in catalog.WayTo(at) ?? throw LoadedState.MissingBefore(_context, catalog, at))
                {
                    if (!steps.TryGetValue(step, out var loaded))
                        steps[step] = loaded = (await LoadedState.LoadStepsAsync(_context, [step], cancellation))[0];
                    points.UnionWith(loaded.Points.Select(p => p.Sequence).Where(catalog.Allows));
                }
            });
        }
        return [.. steps.OrderBy(s => s.Key.Range.To).ThenByDescending(s => s.Key.Range.From).Select(s => s.Value)];
    }

    private async Task<HashSet<ChunkReference>> ChunksAsync(ImmutableArray<LoadedStep> steps, CancellationToken cancellation)
    {
        var chunks = new HashSet<ChunkReference>();
        foreach (var step in steps)
            await CatchAsync(async () =>
            {
                await foreach (var change in step.Layer.ScanAsync(cancellation))
                    foreach (var content in change.Version?.Contents.Values ?? [])
                        await CatchAsync(async () => chunks.UnionWith(await _reader.ChunksOfAsync(content, cancellation).ToListAsync(cancellation)));
            });
        return chunks;
    }

    private async Task ReadChunkAsync(ChunkReference chunk, CancellationToken cancellation)
    {
        await _reader.ReadChunkAsync(chunk, cancellation);
        _bytes += chunk.Length;
    }

    private async Task ReadOwnAsync(BlobName name, CancellationToken cancellation)
    {
        switch (name.Value[_context.Names.Prefix.Length..].Split('/'))
        {
            case ["log", var text] when LogNumber.TryParse(text) is { } sequence:
                await _context.ReadSegmentAsync(sequence, cancellation);
                break;
            case ["base", var text, "index"] when BaseRange.TryParse(text) is { } range:
                _bytes += await (await BaseLayer.OpenAsync(_context.Files, _context.Names, range, _context.Cache, cancellation)).ReadEverythingAsync(cancellation);
                return; // its parts are read with it
            case ["card", var text] when LogNumber.TryParse(text) is { } number:
                await new CardShelf(_context.Files, _context.Names.CardPrefix).ReadAsync(number, cancellation);
                break;
            case ["packs", _] or ["repacked", _, _]:
                await ReadPackAsync(name, cancellation);
                break;
            default:
                return; // prune records were read with the log
        }
        _bytes += await _context.Files.Store.GetLengthAsync(name, cancellation) ?? 0;
    }

    private async Task ReadPackAsync(BlobName name, CancellationToken cancellation)
    {
        if (await _context.Files.Store.GetLengthAsync(name, cancellation) is null)
            return; // taken away since it was listed, or because an edition took its place: the structure check tells what is missing
        var index = await PackIndex.ReadAsync(_context.Files, name, cancellation);
        for (var block = 0; block < index.Blocks.Length; block++)
            await _reader.ReadBlockAsync(index, block, cancellation);
    }

    private async Task AddMissingAsync(CancellationToken cancellation)
    {
        var report = await new ResourceCheck(_context, CheckDepth.Structure, null).RunAsync(cancellation);
        foreach (var finding in report.Findings.Where(f => f.Kind is CheckFindingKind.Missing or CheckFindingKind.Damaged))
            _damage.TryAdd(finding.Name, finding.Kind == CheckFindingKind.Missing ? DamagedObjectException.Missing(finding.Name, finding.What) : new(finding.Name, finding.What));
    }

    private async Task<ImmutableArray<DamagedObject>> DamageAsync(ImmutableArray<LoadedStep> steps, CancellationToken cancellation)
    {
        if (_damage.Count == 0)
            return [];
        var dependents = new DamageDependents(_context, _reader, [.. _damage.Keys]);
        foreach (var step in steps)
            await CatchAsync(() => dependents.LookAtAsync(step, steps, cancellation));
        return [.. _damage.Values.OrderBy(d => d.Name.Value, StringComparer.Ordinal).Select(d => new DamagedObject(
            d.Name, d.What, d.IsMissing, dependents.HoldsContent(d.Name), dependents.ItemsOf(d.Name), dependents.ContentsOf(d.Name)))];
    }
}
