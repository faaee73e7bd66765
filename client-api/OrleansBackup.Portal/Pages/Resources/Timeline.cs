using System.Collections.Immutable;
using OrleansBackup.Domain.Results;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Portal.Pages.Resources;

/// <summary>Puts restore points into the calendar. Pure.</summary>
internal static class Timeline
{
    public const int MonthsShown = 4;

    /// <param name="skipped">Months left out from the newest back.</param>
    /// <returns>The months, newest first, and whether there are points before them.</returns>
    public static (ImmutableArray<TimelineMonth> Months, bool Earlier) Of(ImmutableArray<RestorePointSummary> pointsNewestFirst, ResultDays results, DateOnly today, int skipped)
    {
        var newest = pointsNewestFirst.GroupBy(point => point.Day).ToDictionary(day => day.Key, day => day.First());
        var oldest = pointsNewestFirst.IsEmpty ? today : pointsNewestFirst.Min(point => point.Day);
        var first = new DateOnly(today.Year, today.Month, 1).AddMonths(-skipped);
        var begins = new DateOnly(oldest.Year, oldest.Month, 1);
        var months = ImmutableArray.CreateBuilder<TimelineMonth>();
        for (var month = first; months.Count < MonthsShown && (month >= begins || months.Count == 0); month = month.AddMonths(-1))
            months.Add(new TimelineMonth(month.Year, month.Month, [.. Weeks(month)]));
        return (months.ToImmutable(), first.AddMonths(1 - months.Count) > begins);

        IEnumerable<ImmutableArray<TimelineDay?>> Weeks(DateOnly month)
        {
            var monday = month.AddDays(-(((int)month.DayOfWeek + 6) % 7));
            for (; monday < month.AddMonths(1); monday = monday.AddDays(7))
                yield return [.. Enumerable.Range(0, 7).Select(monday.AddDays).Select(day => day.Month == month.Month ? Day(day) : null)];
        }

        TimelineDay Day(DateOnly day) => newest.TryGetValue(day, out var point)
            ? new(day, point is { Debts: > 0 } or { Lacks.IsEmpty: false } ? TimelineState.Lacking : TimelineState.Whole, point)
            : new(day, results.On(day) is DayResult.Failed or DayResult.Missed ? TimelineState.Missed : TimelineState.Nothing, null);
    }
}
