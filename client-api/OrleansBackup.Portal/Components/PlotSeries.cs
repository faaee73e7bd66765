using System.Collections.Immutable;

namespace OrleansBackup.Portal.Components;

/// <summary>One line or row of bars of a plot.</summary>
/// <param name="Points">By day; days without a point are left out of a line and are empty among bars.</param>
public sealed record PlotSeries(string Name, ImmutableArray<PlotPoint> Points);

public readonly record struct PlotPoint(DateOnly Day, double Value);
