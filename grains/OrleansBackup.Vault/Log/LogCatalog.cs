using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Retention;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Log;

/// <summary>One step from an older state to a newer: a base, or a single segment.</summary>
internal readonly record struct LogStep(BaseRange Range, bool IsBase);

/// <summary>Which segments and bases there are, by their names alone, and the shortest way through them to a state.</summary>
internal sealed class LogCatalog
{
    private readonly Dictionary<long, (int Steps, LogStep Last)> _ways = new() { [0] = (0, default) };

    private LogCatalog(
        ImmutableSortedSet<long> segments, ImmutableArray<BaseRange> bases, ImmutableArray<PruneRecord> prunes, ImmutableArray<DamagedObjectException> damage)
    {
        (Segments, Bases, Prunes, Damage) = (segments, bases, prunes, damage);
        Head = segments.IsEmpty ? 0 : segments.Max;
        FindWays();
    }

    /// <summary>The newest segment; 0 if there is none.</summary>
    public long Head { get; }

    public ImmutableSortedSet<long> Segments { get; }
    public ImmutableArray<BaseRange> Bases { get; }

    /// <summary>Oldest first. Only the newest says which points count; the others wait for their grace to pass.</summary>
    public ImmutableArray<PruneRecord> Prunes { get; }

    /// <summary>Prune records that cannot be read. Reading goes on without them: better a point too many than none.</summary>
    public ImmutableArray<DamagedObjectException> Damage { get; }

    /// <summary>Lists the resource's log. Condemned objects are left out: a new reader must not begin with them.</summary>
    public static async Task<LogCatalog> LoadAsync(ObjectFiles files, ResourceNames names, CancellationToken cancellation)
    {
        var (prunes, damage) = (new List<PruneRecord>(), ImmutableArray.CreateBuilder<DamagedObjectException>());
        await foreach (var name in files.Store.ListAsync(names.PrunePrefix, cancellation))
        {
            try
            {
                if (await ReadPruneAsync(files, name, cancellation) is { } prune)
                    prunes.Add(prune);
            }
            catch (DamagedObjectException e) { damage.Add(e); }
        }
        var condemned = prunes.SelectMany(p => p.Condemned).Select(c => c.Name).ToHashSet();
        // Bases first: whoever adds segments and a base over them meanwhile must not look like a base whose segments are missing.
        var bases = ImmutableArray.CreateBuilder<BaseRange>();
        await foreach (var name in files.Store.ListAsync(names.BasePrefix, cancellation))
            if (name.Value[names.BasePrefix.Length..].Split('/') is [var range, "index"] && BaseRange.TryParse(range) is { } covered && !condemned.Contains(name))
                bases.Add(covered);
        var segments = ImmutableSortedSet.CreateBuilder<long>();
        await foreach (var name in files.Store.ListAsync(names.LogPrefix, cancellation))
            if (LogNumber.TryParse(name.Value.AsSpan(names.LogPrefix.Length)) is { } sequence && !condemned.Contains(name))
                segments.Add(sequence);
        return new(segments.ToImmutable(), bases.ToImmutable(), [.. prunes.OrderBy(p => p.Number)], damage.ToImmutable());
    }

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

    /// <returns>The record, or null if a prune has removed it meanwhile.</returns>
    public static async Task<PruneRecord?> ReadPruneAsync(ObjectFiles files, BlobName name, CancellationToken cancellation) =>
        await files.Store.GetAsync(name, cancellation) is { } stored ? DecodePrune(name, files.Open(name, ObjectKind.PruneRecord, stored.Span)) : null;

    private static PruneRecord DecodePrune(BlobName name, byte[] plain)
    {
        try { return PruneRecord.Decode(plain); }
        catch (InvalidDataException e) { throw new DamagedObjectException(name, e.Message, e); }
    }
}
