using OrleansBackup.Vault.Cards;
using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Checking;

/// <summary>Looks at everything a resource has in the vault and says what is not as it was written.</summary>
/// <remarks>First every object by itself, then every restore point: its chain of segments, and each content that its items name.</remarks>
internal sealed class ResourceCheck
{
    private readonly ResourceContext _context;
    private readonly CheckDepth _depth;
    private readonly IProgress<long>? _progress;
    private readonly CheckFindings _findings = new();
    private readonly ContentCheck _contents;
    private readonly SortedDictionary<long, RestorePoint> _points = [];
    private readonly Dictionary<LogStep, LoadedStep> _steps = [];
    private int _objects;
    private long _bytes;

    public ResourceCheck(ResourceContext context, CheckDepth depth, IProgress<long>? progress)
    {
        // A cache of its own: a check must see what is stored now, not what was read before.
        _context = context with { Cache = new(context.Options.CacheBytes) };
        (_depth, _progress) = (depth, progress);
        _contents = new(_context, depth, _findings, Read);
    }

    public async Task<CheckReport> RunAsync(CancellationToken cancellation)
    {
        var catalog = await LogCatalog.LoadAsync(_context.Files, _context.Names, cancellation);
        foreach (var damage in catalog.Damage)
            _findings.Add(damage);
        if (catalog.Bases.FirstOrDefault(b => b.To > catalog.Head) is { To: > 0 } ahead)
            _findings.Add(DamagedObjectException.Missing(_context.Names.Segment(ahead.To), "it is missing, though a base was made from it"));
        var names = new List<BlobName>();
        await foreach (var name in _context.Files.Store.ListAsync(_context.Names.Prefix, cancellation))
            names.Add(name);
        foreach (var name in names)
            await _findings.CatchAsync(() => CheckObjectAsync(name, cancellation));
        var points = _points.Values.Where(p => catalog.Allows(p.Sequence)).ToArray();
        foreach (var state in points.Select(p => p.Sequence).Append(catalog.Head).Distinct())
            await _findings.CatchAsync(() => FollowAsync(catalog, state, cancellation));
        CheckLinks();
        foreach (var step in _steps.Values)
            await _findings.CatchAsync(() => CheckContentsAsync(step, cancellation));
        FindLeftovers(catalog, names);
        return new(_depth, _findings.ToReport(), points.Length, _objects, _bytes);
    }

    private void Read(long bytes)
    {
        _bytes += bytes;
        _progress?.Report(_bytes);
    }

    private async Task CheckObjectAsync(BlobName name, CancellationToken cancellation)
    {
        _objects++;
        switch (name.Value[_context.Names.Prefix.Length..].Split('/'))
        {
            case ["log", var text] when LogNumber.TryParse(text) is { } sequence:
                var (segment, hash) = await _context.ReadSegmentAsync(sequence, cancellation);
                _steps[new(new(sequence - 1, sequence), IsBase: false)] = LoadedStep.Of(segment, hash);
                _contents.Named(segment.NewPacks.Select(p => p.Name));
                if (segment.Sealed is { } point)
                    _points[point.Sequence] = point;
                foreach (var pack in segment.NewPacks)
                    _contents.Expect(pack);
                break;
            case ["base", var text, "index"] when BaseRange.TryParse(text) is { } range:
                await CheckBaseAsync(range, cancellation);
                break;
            case ["card", var text] when LogNumber.TryParse(text) is { } number:
                await new CardShelf(_context.Files, _context.Names.CardPrefix).ReadAsync(number, cancellation);
                break;
            case ["packs", var text] when PackName.TryParse(text) is { } pack:
                if (_depth == CheckDepth.Full)
                    await _contents.ReadPackAsync(pack, cancellation);
                break;
        }
    }

    private async Task CheckBaseAsync(BaseRange range, CancellationToken cancellation)
    {
        var layer = await BaseLayer.OpenAsync(_context.Files, _context.Names, range, _context.Cache, cancellation);
        _steps[new(range, IsBase: true)] = LoadedStep.Of(layer);
        _contents.Named(layer.Index.Packs);
        foreach (var point in layer.Index.Points)
            _points[point.Sequence] = point;
        for (var part = 0; part < layer.Index.PartBytes.Length; part++)
        {
            var name = _context.Names.BasePart(range, layer.Index.Writer, part);
            var length = await _context.Files.Store.GetLengthAsync(name, cancellation);
            if (length is null)
                _findings.Add(DamagedObjectException.Missing(name));
            else if (length != layer.Index.PartBytes[part])
                _findings.Add(new DamagedObjectException(name, "it has another length than its base says"));
        }
        if (_depth == CheckDepth.Full)
            Read(await layer.ReadEverythingAsync(cancellation));
    }

    /// <summary>Whether the state can be reached, along a chain in which each step follows the one before.</summary>
    private async Task FollowAsync(LogCatalog catalog, long state, CancellationToken cancellation)
    {
        var way = catalog.WayTo(state) ?? throw LoadedState.MissingBefore(_context, catalog, state);
        var steps = new List<LoadedStep>();
        foreach (var step in way)
        {
            if (!_steps.TryGetValue(step, out var loaded))
                loaded = (await LoadedState.LoadStepsAsync(_context, [step], cancellation))[0]; // throws what was found about it before
            steps.Add(loaded);
        }
        _ = LoadedState.Empty.With([.. steps], _context);
        _contents.Reachable(way);
    }

    /// <summary>Whether all that say something of a segment's hash say the same, also where a base saves the reading of the segment.</summary>
    private void CheckLinks()
    {
        var links = _steps.Values.SelectMany(s => new[] { (At: s.Step.Range.From, Hash: s.FromHash), (At: s.Step.Range.To, Hash: s.ToHash) });
        foreach (var segment in links.GroupBy(l => l.At).Where(l => l.Select(one => one.Hash).Distinct().Count() > 1))
            _findings.Add(new DamagedObjectException(_context.Names.Segment(segment.Key), "it is not the segment that its successor or a base followed"));
    }

    private async Task CheckContentsAsync(LoadedStep step, CancellationToken cancellation)
    {
        if (!_contents.IsReachable(step.Step))
            return; // superseded or condemned: no restore point reads it
        await foreach (var change in step.Layer.ScanAsync(cancellation))
            foreach (var content in change.Version?.Contents.Values ?? [])
                await _contents.CheckAsync(content, change.Id, cancellation);
    }

    private void FindLeftovers(LogCatalog catalog, List<BlobName> names)
    {
        var condemned = catalog.Prunes.SelectMany(p => p.Condemned).Select(c => c.Name).ToHashSet();
        var writers = _steps.Values.Select(s => s.Layer).OfType<BaseLayer>().ToLookup(l => l.Index.Range, l => l.Index.Writer);
        foreach (var name in names.Where(n => !condemned.Contains(n)))
        {
            var isLeftover = name.Value[_context.Names.Prefix.Length..].Split('/') switch
            {
                ["log", var text] => LogNumber.TryParse(text) is null,
                ["packs", var text] => PackName.TryParse(text) is not { } pack || !_contents.IsNamed(pack),
                ["base", var text, var file] => BaseRange.TryParse(text) is not { } range
                    || (file != "index" && !writers[range].Any(w => file.StartsWith(w, StringComparison.Ordinal))),
                ["prune", var text] => LogNumber.TryParse(text.Replace("-copy", "", StringComparison.Ordinal)) is null,
                ["repacked", var text, _] => PackName.TryParse(text) is not { } pack || !_contents.IsNamed(pack),
                ["card", var text] => LogNumber.TryParse(text) is null,
                ["opened"] => catalog.Head > 0,
                ["spares", var text, _] => PackName.TryParse(text) is not { } pack || !_contents.IsNamed(pack),
                _ => true,
            };
            if (isLeftover)
                _findings.AddLeftover(name);
        }
    }
}
