using System.Collections.Immutable;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Log;

/// <summary>What one open resource works with.</summary>
internal sealed record ResourceContext(ObjectFiles Files, ResourceNames Names, VaultOptions Options, TimeProvider Time, BoundedCache Cache)
{
    /// <exception cref="DamagedObjectException">Missing, damaged, or another segment under this name.</exception>
    public async Task<(Segment Segment, Hash256 Hash)> ReadSegmentAsync(long sequence, CancellationToken cancellation)
    {
        var name = Names.Segment(sequence);
        var (plain, stored) = await Files.ReadAsync(name, ObjectKind.Segment, cancellation);
        try
        {
            var segment = Segment.Decode(plain);
            return segment.Sequence == sequence
                ? (segment, Hash256.OfStored(stored.Span)) : throw new DamagedObjectException(name, "it is another segment than its name says");
        }
        catch (InvalidDataException e) { throw new DamagedObjectException(name, e.Message, e); }
    }
}

/// <summary>One step of a way, read: what changed, which points it holds, and the links of the log at both ends.</summary>
internal sealed record LoadedStep(LogStep Step, Hash256 FromHash, Hash256 ToHash, IItemLayer Layer, ImmutableArray<RestorePoint> Points)
{
    public static LoadedStep Of(Segment segment, Hash256 hash) =>
        new(new(new(segment.Sequence - 1, segment.Sequence), IsBase: false), segment.Previous, hash,
            new ChangesLayer(segment.Changes), segment.Sealed is null ? [] : [segment.Sealed]);

    public static LoadedStep Of(BaseLayer layer) =>
        new(new(layer.Index.Range, IsBase: true), layer.Index.FromHash, layer.Index.ToHash, layer, layer.Index.Points);
}

/// <summary>A state of the resource, reached step by step, with the chain of segments verified.</summary>
internal sealed record LoadedState(ImmutableArray<LoadedStep> Steps)
{
    public static LoadedState Empty { get; } = new(ImmutableArray<LoadedStep>.Empty);

    public long Sequence => Steps.IsEmpty ? 0 : Steps[^1].Step.Range.To;
    public Hash256 Hash => Steps.IsEmpty ? default : Steps[^1].ToHash;
    public ItemState Items => new([.. Steps.Select(s => s.Layer)]);
    public IEnumerable<RestorePoint> Points => Steps.SelectMany(s => s.Points);

    /// <summary>Takes the shortest way. A base that is damaged or lacks parts is gone round by what it covers, a damaged segment by a base over it,
    /// as long as there is such a way.</summary>
    /// <param name="avoid">Names of objects that are known to be damaged.</param>
    /// <exception cref="DamagedObjectException">On every way an object is missing, damaged or not the one that its successor followed; names the first.</exception>
    public static async Task<LoadedState> LoadAsync(
        ResourceContext context, LogCatalog catalog, long sequence, CancellationToken cancellation, IReadOnlyCollection<string>? avoid = null)
    {
        var (usable, damage) = (catalog, (DamagedObjectException?)null);
        if (avoid is { Count: > 0 })
        {
            try { return await LoadAsync(context, catalog.Where(step => !avoid.Any(name => IsOf(step, name, context))), sequence, cancellation); }
            catch (DamagedObjectException) { } // no way round: what was damaged may be repaired by now, so it is tried
        }
        while (usable.WayTo(sequence) is { } way)
        {
            var steps = ImmutableArray.CreateBuilder<LoadedStep>(way.Length);
            foreach (var step in way)
            {
                try { steps.AddRange(await LoadStepsAsync(context, [step], cancellation)); }
                catch (DamagedObjectException e) { damage ??= e; } // thrown if no other way is left
                if (steps.Count == 0 || steps[^1].Step != step || (steps[^1].Layer is BaseLayer layer && !catalog.HasPartsOf(layer.Index)))
                {
                    usable = usable.Where(other => other != step);
                    break;
                }
            }
            if (steps.Count == way.Length && steps.All(s => s.Layer is not BaseLayer layer || catalog.HasPartsOf(layer.Index)))
                return Empty.With(steps.MoveToImmutable(), context);
        }
        throw damage ?? MissingBefore(context, catalog, sequence);
    }

    /// <summary>Another way over the stretch of the log that a step covers, from and to the very segments that the step says.</summary>
    /// <param name="catalog">Without the step.</param>
    /// <returns>Null if there is none that can be read.</returns>
    public static async Task<ImmutableArray<LoadedStep>?> LoadBetweenAsync(ResourceContext context, LogCatalog catalog, LoadedStep covering, CancellationToken cancellation)
    {
        var (from, to) = covering.Step.Range;
        for (var usable = catalog; usable.WayBetween(from, to) is { } way;)
        {
            var (steps, hash) = (ImmutableArray.CreateBuilder<LoadedStep>(way.Length), covering.FromHash);
            foreach (var step in way)
            {
                var loaded = await TryLoadStepAsync(context, catalog, step, cancellation);
                if (loaded is null || loaded.FromHash != hash)
                {
                    usable = usable.Where(other => other != step);
                    break;
                }
                steps.Add(loaded);
                hash = loaded.ToHash;
            }
            if (steps.Count == way.Length)
                return hash == covering.ToHash ? steps.MoveToImmutable() : null;
        }
        return null;
    }

    private static async Task<LoadedStep?> TryLoadStepAsync(ResourceContext context, LogCatalog catalog, LogStep step, CancellationToken cancellation)
    {
        try
        {
            var loaded = (await LoadStepsAsync(context, [step], cancellation))[0];
            return loaded.Layer is BaseLayer layer && !catalog.HasPartsOf(layer.Index) ? null : loaded;
        }
        catch (DamagedObjectException) { return null; } // the caller has damage to tell already, unless there is another way
    }

    /// <summary>Whether the object is the step's segment, or any object of its base.</summary>
    private static bool IsOf(LogStep step, string name, ResourceContext context) =>
        step.IsBase ? name.StartsWith($"{context.Names.BasePrefix}{step.Range}/", StringComparison.Ordinal) : name == context.Names.Segment(step.Range.To).Value;

    public static async Task<ImmutableArray<LoadedStep>> LoadStepsAsync(ResourceContext context, ImmutableArray<LogStep> way, CancellationToken cancellation)
    {
        var steps = ImmutableArray.CreateBuilder<LoadedStep>(way.Length);
        foreach (var step in way)
        {
            if (step.IsBase)
                steps.Add(LoadedStep.Of(await BaseLayer.OpenAsync(context.Files, context.Names, step.Range, context.Cache, cancellation)));
            else
            {
                var (segment, hash) = await context.ReadSegmentAsync(step.Range.To, cancellation);
                steps.Add(LoadedStep.Of(segment, hash));
            }
        }
        return steps.MoveToImmutable();
    }

    /// <summary>This state, gone on by further steps that must follow it in the chain.</summary>
    public LoadedState With(ImmutableArray<LoadedStep> steps, ResourceContext context)
    {
        var hash = Hash;
        foreach (var step in steps)
        {
            if (step.FromHash != hash)
                throw new DamagedObjectException(NameOf(step.Step, context), "it does not follow the segment before it; one of the two was replaced");
            hash = step.ToHash;
        }
        return new(Steps.AddRange(steps));
    }

    public static BlobName NameOf(LogStep step, ResourceContext context) =>
        step.IsBase ? context.Names.BaseIndex(step.Range) : context.Names.Segment(step.Range.To);

    public static DamagedObjectException MissingBefore(ResourceContext context, LogCatalog catalog, long sequence)
    {
        var missing = sequence;
        while (missing > 1 && catalog.Segments.Contains(missing))
            missing--;
        return DamagedObjectException.Missing(context.Names.Segment(missing), "it is missing, and no base covers it");
    }
}
