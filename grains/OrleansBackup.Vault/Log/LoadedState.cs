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

    /// <exception cref="DamagedObjectException">An object on the way is missing, damaged or not the one that its successor followed.</exception>
    public static async Task<LoadedState> LoadAsync(ResourceContext context, LogCatalog catalog, long sequence, CancellationToken cancellation)
    {
        var (usable, steps) = (catalog, ImmutableArray<LoadedStep>.Empty);
        for (LoadedStep? broken; ; usable = usable.Where(step => step != broken.Step))
        {
            var way = usable.WayTo(sequence) ?? throw MissingBefore(context, catalog, sequence);
            steps = await LoadStepsAsync(context, way, cancellation);
            broken = steps.FirstOrDefault(step => step.Layer is BaseLayer layer && !catalog.HasPartsOf(layer.Index));
            if (broken is null)
                return Empty.With(steps, context);
        }
    }

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
