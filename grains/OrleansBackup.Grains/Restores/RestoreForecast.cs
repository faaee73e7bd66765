using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Runs;

namespace OrleansBackup.Grains.Restores;

/// <summary>Adds up what a restore would put back and what it would lose.</summary>
internal sealed class RestoreForecast
{
    private const int ExamplesKept = 5;

    private readonly SortedDictionary<string, (long Count, long Bytes)> _kinds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long Count, List<string> Names)> _losses = new(StringComparer.Ordinal);
    private long _neverHandedOver;

    public RestorePreview Result => new(
        [.. _kinds.Select(kind => new PreviewedKind(kind.Key, kind.Value.Count, kind.Value.Bytes))], _neverHandedOver,
        [.. _losses.Select(loss => new PreviewedLoss(loss.Key, loss.Value.Count, [.. loss.Value.Names]))]);

    public async Task AddAsync(PartForesight part, CancellationToken cancellation)
    {
        await foreach (var item in part.Plan.ItemsAsync(cancellation))
        {
            if (item.Kind == ItemKinds.Debt)
            {
                _neverHandedOver++;
                continue;
            }
            var (count, bytes) = _kinds.GetValueOrDefault(item.Kind);
            _kinds[item.Kind] = (count + 1, bytes + item.Size);
            foreach (var loss in part.Losses(item))
                Count(loss, item.Name);
            if (part.LossesAmongOthers is { } among)
                foreach (var loss in await among(item, cancellation))
                    Count(loss, item.Name);
        }
    }

    private void Count(LossFact loss, string name)
    {
        var (count, names) = _losses.TryGetValue(loss.Kind, out var known) ? known : (0, []);
        if (names.Count < ExamplesKept)
            names.Add(name);
        _losses[loss.Kind] = (count + 1, names);
    }
}
