using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Metering;

/// <summary>Several months of one customer's usage, to be asked across their borders.</summary>
public class UsageHistory(IEnumerable<MonthUsage> months)
{
    private readonly ImmutableSortedDictionary<CalendarMonth, MonthUsage> _months = months.ToImmutableSortedDictionary(one => one.Month, one => one);

    /// <summary>The highest count in some days of one month. Where nobody looked on any of them, the last count before them; null: there is none.</summary>
    /// <remarks>A day without a look never raises what is paid: only when all of them are without one, the count before them goes on.</remarks>
    public virtual UsageMaximum? Maximum(DateOnly from, DateOnly until, UserRule rule) =>
        _months.GetValueOrDefault(CalendarMonth.Of(from))?.Maximum(from, until, rule) ?? (Last(from.AddDays(-1), rule) is { } before ? before with { IsCarried = true } : null);

    /// <summary>The count of the last observed day up to and including this one; null: there is none.</summary>
    public virtual UsageMaximum? Last(DateOnly day, UserRule rule)
    {
        foreach (var usage in _months.Values.Reverse().Where(one => one.Month <= CalendarMonth.Of(day) && one.Observed != 0))
            for (var at = usage.Month.Last < day ? usage.Month.Last : day; usage.Month.Contains(at); at = at.AddDays(-1))
                if (usage.IsObserved(at))
                    return new(at, usage.CountOn(at, rule), IsCarried: at != day);
        return null;
    }

    /// <summary>The same number on every day: what a forecast goes by.</summary>
    public static UsageHistory Constant(int count) => new Expected(count);

    private sealed class Expected(int count) : UsageHistory([])
    {
        public override UsageMaximum? Maximum(DateOnly from, DateOnly until, UserRule rule) => new(from, count, IsCarried: false);

        public override UsageMaximum? Last(DateOnly day, UserRule rule) => new(day, count, IsCarried: false);
    }
}
