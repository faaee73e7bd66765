using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.GrainInterfaces.Restores;

/// <summary>What a restore would put back, told before it runs.</summary>
/// <param name="NeverHandedOver">Items that Microsoft 365 listed and never handed over: they were asked for and would fail.</param>
/// <param name="Losses">What of them will not come back as it was, as far as the point tells; more may show in the target.</param>
[GenerateSerializer, Immutable, Alias("restore-preview")]
public sealed record RestorePreview(
    [property: Id(0)] ImmutableArray<PreviewedKind> Kinds,
    [property: Id(1)] long NeverHandedOver,
    [property: Id(2)] ImmutableArray<PreviewedLoss> Losses);

/// <summary>Items of one kind (message, event, file…).</summary>
[GenerateSerializer, Immutable, Alias("previewed-kind")]
public sealed record PreviewedKind([property: Id(0)] string Kind, [property: Id(1)] long Items, [property: Id(2)] long Bytes);

/// <summary>One way in which items will not be as they were.</summary>
/// <param name="Kind">A word as in <see cref="LossFact"/>.</param>
/// <param name="Examples">Names of a few of the items.</param>
[GenerateSerializer, Immutable, Alias("previewed-loss")]
public sealed record PreviewedLoss([property: Id(0)] string Kind, [property: Id(1)] long Items, [property: Id(2)] ImmutableArray<string> Examples);
