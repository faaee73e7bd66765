using System.Collections.Immutable;

namespace OrleansBackup.Portal.Components;

/// <summary>Results day by day: a row for each thing, a column for each day, the newest last.</summary>
public sealed record HeatMapModel(ImmutableArray<DateOnly> Days, ImmutableArray<HeatRow> Rows);

/// <param name="Address">The page about it; null: there is none.</param>
/// <param name="Cells">As many as there are days.</param>
/// <param name="Note">Beside the name, small.</param>
public sealed record HeatRow(string Label, string? Address, ImmutableArray<HeatCell> Cells, string? Note = null);

/// <param name="Text">In words, for whoever does not see it or wants to know more.</param>
public readonly record struct HeatCell(StatusLevel Level, string Text);
