using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Retention;

namespace OrleansBackup.Vault.Log;

/// <summary>One step from an older state to a newer: a base, or a single segment.</summary>
internal readonly record struct LogStep(BaseRange Range, bool IsBase);

/// <summary>Which segments and bases there are, by their names alone, and the shortest way through them to a state.</summary>
internal sealed class LogCatalog
{
    private readonly Dictionary<long, (int Steps, LogStep Last)> _ways = new() { [0] = (0, default) };

    private LogCatalog(ImmutableSortedSet<long> segments, ImmutableArray<BaseRange> bases, ImmutableHashSet<string> baseFiles, PruneRecords prunes)
    {
        (Segments, Bases, BaseFiles, Records) = (segments, bases, baseFiles, prunes);
        Head = segments.IsEmpty ? 0 : segments.Max;
        FindWays();
    }

    /// <summary>The newest segment; 0 if there is none.</summary>
    public long Head { get; private init; }

    public ImmutableSortedSet<long> Segments { get; }
    public ImmutableArray<BaseRange> Bases { get; }

    /// <summary>Everything below the bases' prefix that is not condemned, as <c>range/file</c>.</summary>
    public ImmutableHashSet<string> BaseFiles { get; }

    public PruneRecords Records { get; }

    /// <summary>Oldest first. Only the newest says which points count; the others wait for their grace to pass.</summary>
    public ImmutableArray<PruneRecord> Prunes => Records.Readable;

    /// <summary>Prune records that cannot be read.</summary>
    public ImmutableArray<DamagedObjectException> Damage => Records.Damage;

    /// <summary>Lists the resource's log. Condemned objects are left out: a new reader must not begin with them.</summary>
    public static async Task<LogCatalog> LoadAsync(ObjectFiles files, ResourceNames names, CancellationToken cancellation)
    {
        var prunes = await PruneRecords.LoadAsync(files, names, cancellation);
        var condemned = prunes.Readable.SelectMany(p => p.Condemned).Select(c => c.Name).ToHashSet();
        // Bases first: whoever adds segments and a base over them meanwhile must not look like a base whose segments are missing.
        var (bases, baseFiles) = (ImmutableArray.CreateBuilder<BaseRange>(), ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal));
        await foreach (var name in files.Store.ListAsync(names.BasePrefix, cancellation))
        {
            if (condemned.Contains(name))
                continue;
            var file = name.Value[names.BasePrefix.Length..];
            baseFiles.Add(file);
            if (file.Split('/') is [var range, "index"] && BaseRange.TryParse(range) is { } covered)
                bases.Add(covered);
        }
        var segments = ImmutableSortedSet.CreateBuilder<long>();
        await foreach (var name in files.Store.ListAsync(names.LogPrefix, cancellation))
            if (LogNumber.TryParse(name.Value.AsSpan(names.LogPrefix.Length)) is { } sequence && !condemned.Contains(name))
                segments.Add(sequence);
        return new(segments.ToImmutable(), bases.ToImmutable(), baseFiles.ToImmutable(), prunes);
    }

    /// <summary>The same log with only these steps.</summary>
    public LogCatalog Where(Func<LogStep, bool> isUsable) =>
        new([.. Segments.Where(s => isUsable(new(new(s - 1, s), IsBase: false)))], [.. Bases.Where(b => isUsable(new(b, IsBase: true)))], BaseFiles, Records) { Head = Head };

    /// <summary>The same log with bases that were written since it was listed.</summary>
    public LogCatalog With(ImmutableArray<BaseRange> bases) =>
        new(Segments, [.. Bases.Union(bases)], BaseFiles, Records) { Head = Head };

    /// <summary>Whether every part of the base is there. A writer that slept can have added an index after a prune took its parts.</summary>
    public bool HasPartsOf(Items.BaseIndex index) =>
        Enumerable.Range(0, index.PartBytes.Length).All(part => BaseFiles.Contains($"{index.Range}/{index.Writer}-{part:d4}"));

    /// <summary>Whether a prune lets this point still count.</summary>
    public bool Allows(long point) => Prunes is [] || Prunes[^1].Allows(point);

    /// <returns>The fewest steps from nothing to this state, oldest first; null if objects on every way are missing.</returns>
    public ImmutableArray<LogStep>? WayTo(long sequence) => WayBetween(0, sequence);

    public ImmutableArray<LogStep>? WayBetween(long from, long to)
    {
        var steps = new List<LogStep>();
        var ways = from == 0 ? _ways : WaysFrom(from);
        for (var at = to; at != from; at = steps[^1].Range.From)
        {
            if (!ways.TryGetValue(at, out var way))
                return null;
            steps.Add(way.Last);
        }
        steps.Reverse();
        return [.. steps];
    }

    private void FindWays() => Extend(_ways, 0);

    private Dictionary<long, (int Steps, LogStep Last)> WaysFrom(long from)
    {
        var ways = new Dictionary<long, (int Steps, LogStep Last)> { [from] = (0, default) };
        Extend(ways, from);
        return ways;
    }

    private void Extend(Dictionary<long, (int Steps, LogStep Last)> ways, long from)
    {
        var steps = Segments.Select(s => new LogStep(new(s - 1, s), IsBase: false)).Concat(Bases.Select(b => new LogStep(b, IsBase: true)));
        foreach (var step in steps.Where(s => s.Range.From >= from).OrderBy(s => s.Range.To).ThenBy(s => s.Range.From))
            if (ways.TryGetValue(step.Range.From, out var way) && (!ways.TryGetValue(step.Range.To, out var known) || known.Steps > way.Steps + 1))
                ways[step.Range.To] = (way.Steps + 1, step);
    }
}
