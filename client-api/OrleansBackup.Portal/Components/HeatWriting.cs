using System.Collections.Immutable;
using OrleansBackup.Domain.Results;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Components;

/// <summary>From results to cells of a heat map, in the reader's words.</summary>
public static class HeatWriting
{
    public const int Days = 30;

    /// <summary>The last <see cref="Days"/> days, the newest last.</summary>
    public static ImmutableArray<DateOnly> DaysUntil(DateOnly today) => [.. Enumerable.Range(1 - Days, Days).Select(today.AddDays)];

    public static ImmutableArray<HeatCell> Cells(this PortalRequest portal, ResultTally tally, ImmutableArray<DateOnly> days) => [.. days.Select(day => Cell(portal, tally.On(day)))];

    public static ImmutableArray<HeatCell> Cells(this PortalRequest portal, ResultDays results, ImmutableArray<DateOnly> days) => [.. days.Select(day => Cell(portal, results.On(day)))];

    /// <summary>Half missed or more is bad; less is a warning.</summary>
    public static StatusLevel LevelOf(DayTally tally) => tally switch
    {
        { Known: 0 } => StatusLevel.None,
        { Failed: > 0 } => tally.Failed * 2 >= tally.Failed + tally.Good + tally.Noticed ? StatusLevel.Bad : StatusLevel.Warning,
        { Noticed: > 0 } => StatusLevel.Notice,
        { Good: > 0 } => StatusLevel.Good,
        _ => StatusLevel.None,
    };

    public static StatusLevel LevelOf(DayResult result) => result switch
    {
        DayResult.Good => StatusLevel.Good,
        DayResult.Noticed => StatusLevel.Notice,
        DayResult.Failed or DayResult.Missed => StatusLevel.Bad,
        _ => StatusLevel.None,
    };

    private static HeatCell Cell(PortalRequest portal, DayTally tally)
    {
        if (tally.Known == 0)
            return new(StatusLevel.None, portal.Texts["heat.nothing"]);
        var (good, of) = (portal.Write.Number(tally.Good + tally.Noticed), portal.Write.Number(tally.Known));
        return new(LevelOf(tally), tally switch
        {
            { Failed: > 0 } => portal.Texts.Filled("heat.missed", good, of, portal.Write.Number(tally.Failed)),
            { Noticed: > 0 } => portal.Texts.Filled("heat.noticed", good, of, portal.Write.Number(tally.Noticed)),
            { Open: > 0 } => portal.Texts.Filled("heat.open", good, of, portal.Write.Number(tally.Open)),
            _ => portal.Texts.Filled("heat.good", good, of),
        });
    }

    private static HeatCell Cell(PortalRequest portal, DayResult result) => new(LevelOf(result), portal.Texts[$"heat.one-{(Enum.IsDefined(result) ? result : DayResult.Unknown)}"]);
}
