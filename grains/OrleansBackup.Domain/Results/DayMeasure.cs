using System.Collections.Immutable;
using Orleans;

namespace OrleansBackup.Domain.Results;

/// <summary>How much was protected at the end of a day, and what changed on it, of several resources together.</summary>
/// <param name="Bytes">Size of all items of the newest points, as they came from Microsoft 365.</param>
/// <param name="Added">Items that runs found new that day; <paramref name="Changed"/> and <paramref name="Removed"/> alike.</param>
[GenerateSerializer, Immutable, Alias("day-measure")]
public sealed record DayMeasure(
    [property: Id(0)] DateOnly Day, [property: Id(1)] long Bytes, [property: Id(2)] long Items, [property: Id(3)] long Added, [property: Id(4)] long Changed, [property: Id(5)] long Removed)
{
    /// <summary>So many days are kept: a year and a month, to compare with last year's.</summary>
    public const int DaysKept = 400;

    /// <summary>With this day's measure as it is now; its changes are added. Older days that are no longer kept go.</summary>
    public static ImmutableArray<DayMeasure> With(ImmutableArray<DayMeasure> days, DayMeasure now)
    {
        var before = days.IsDefault ? [] : days;
        var kept = before.Where(day => day.Day < now.Day && day.Day > now.Day.AddDays(-DaysKept));
        return before.FirstOrDefault(day => day.Day == now.Day) is { } same
            ? [.. kept, now with { Added = same.Added + now.Added, Changed = same.Changed + now.Changed, Removed = same.Removed + now.Removed }]
            : [.. kept, now];
    }

    /// <summary>Of several together: what one did not measure on a day is as on its day before.</summary>
    public static ImmutableArray<DayMeasure> Sum(IReadOnlyCollection<ImmutableArray<DayMeasure>> all)
    {
        var sum = ImmutableArray.CreateBuilder<DayMeasure>();
        foreach (var day in all.SelectMany(one => one.IsDefault ? [] : one).Select(one => one.Day).Distinct().Order())
        {
            var latest = all.Select(one => one.IsDefault ? null : one.LastOrDefault(measure => measure.Day <= day)).OfType<DayMeasure>().ToList();
            var changes = latest.Where(measure => measure.Day == day).ToList();
            sum.Add(new(day, latest.Sum(one => one.Bytes), latest.Sum(one => one.Items), changes.Sum(one => one.Added), changes.Sum(one => one.Changed), changes.Sum(one => one.Removed)));
        }
        return sum.ToImmutable();
    }
}
