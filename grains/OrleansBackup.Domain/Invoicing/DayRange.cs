using OrleansBackup.Domain.Calendar;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>Days that follow each other, both ends included.</summary>
internal readonly record struct DayRange(DateOnly From, DateOnly Until)
{
    public int Days => Until.DayNumber - From.DayNumber + 1;

    /// <summary>The days of a range for which something holds, as ranges of days for which the same holds. Days without a value are left out.</summary>
    public static IEnumerable<(DayRange Range, T Value)> Runs<T>(DateOnly from, DateOnly until, Func<DateOnly, T?> of)
        where T : class
    {
        (DateOnly From, T Value)? open = null;
        for (var day = from; day <= until; day = day.AddDays(1))
        {
            var value = of(day);
            if (open is { } run && !run.Value.Equals(value))
            {
                yield return (new(run.From, day.AddDays(-1)), run.Value);
                open = null;
            }
            if (value is not null && open is null)
                open = (day, value);
        }

        if (open is { } last)
            yield return (new(last.From, until), last.Value);
    }

    /// <summary>Cut at the borders of months.</summary>
    public IEnumerable<(CalendarMonth Month, DayRange Part)> ByMonth()
    {
        for (var month = CalendarMonth.Of(From); month.First <= Until; month = month.Next)
            yield return (month, new(From > month.First ? From : month.First, Until < month.Last ? Until : month.Last));
    }
}
