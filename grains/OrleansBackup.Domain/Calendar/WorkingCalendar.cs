namespace OrleansBackup.Domain.Calendar;

/// <summary>Dutch working days, in which plans count how long a cancellation or a change may take and on which the backups are checked.</summary>
/// <remarks>
/// Pure; Monday to Friday without public holidays: New Year, Easter Monday, King's Day (27 April, or the Saturday before when that is a Sunday), Liberation Day
/// as <see cref="HolidayRules"/> says, Ascension, Whit Monday and both Christmas days. Source: Algemene termijnenwet, article 3; King's Day as it is since 2014.
/// </remarks>
public sealed class WorkingCalendar(HolidayRules rules)
{
    /// <summary>With <see cref="HolidayRules.Default"/>.</summary>
    public static WorkingCalendar Netherlands { get; } = new(HolidayRules.Default);

    public bool IsWorkingDay(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && HolidayOn(day) is null;

    /// <summary>The first working day after this day.</summary>
    public DateOnly Next(DateOnly day) => Add(day, 1);

    /// <summary>The working day so many working days after this day, which itself does not count: two after a Friday is the Tuesday.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="workingDays"/> is negative.</exception>
    public DateOnly Add(DateOnly day, int workingDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workingDays);
        for (var left = workingDays; left > 0;)
        {
            day = day.AddDays(1);
            if (IsWorkingDay(day))
                left--;
        }
        return day;
    }

    /// <summary>The last day from which <paramref name="workingDays"/> working days do not end after <paramref name="end"/>.</summary>
    public DateOnly LastStart(DateOnly end, int workingDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workingDays);
        var day = end;
        for (var left = workingDays; left > 0; day = day.AddDays(-1))
            if (IsWorkingDay(day))
                left--;
        return day;
    }

    /// <summary>How many working days lie after <paramref name="day"/>, up to and with <paramref name="until"/>; negative when that is earlier.</summary>
    public int Between(DateOnly day, DateOnly until)
    {
        if (until < day)
            return -Between(until, day);
        var count = 0;
        for (var one = day.AddDays(1); one <= until; one = one.AddDays(1))
            if (IsWorkingDay(one))
                count++;
        return count;
    }

    /// <summary>The public holiday of this day, whatever the day of the week; null: none.</summary>
    public Holiday? HolidayOn(DateOnly day)
    {
        var fromEaster = day.DayNumber - EasterSunday(day.Year).DayNumber;
        return (day.Month, day.Day) switch
        {
            (1, 1) => Holiday.NewYear,
            (12, 25) => Holiday.Christmas,
            (12, 26) => Holiday.SecondChristmasDay,
            (4, 27) when day.DayOfWeek != DayOfWeek.Sunday => Holiday.KingsDay,
            (4, 26) when day.DayOfWeek == DayOfWeek.Saturday => Holiday.KingsDay, // the 27th is a Sunday
            (5, 5) when rules.LiberationDay == LiberationDay.Always || rules.LiberationDay == LiberationDay.Lustrum && day.Year % 5 == 0 => Holiday.LiberationDay,
            _ => fromEaster switch
            {
                -2 when rules.GoodFriday => Holiday.GoodFriday,
                0 => Holiday.Easter,
                1 => Holiday.EasterMonday,
                39 => Holiday.Ascension,
                49 => Holiday.Whitsun,
                50 => Holiday.WhitMonday,
                _ => null,
            },
        };
    }

    /// <summary>Easter Sunday of a year of the Gregorian calendar.</summary>
    /// <remarks>The anonymous Gregorian computus, as first published in 1876 (Nature, 20 April).</remarks>
    public static DateOnly EasterSunday(int year)
    {
        var (golden, century, yearOfCentury) = (year % 19, year / 100, year % 100);
        var correction = (century + 8) / 25;
        var epact = (19 * golden + century - century / 4 - (century - correction + 1) / 3 + 15) % 30;
        var weekday = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7;
        var late = (golden + 11 * epact + 22 * weekday) / 451;
        var days = epact + weekday - 7 * late + 114;
        return new DateOnly(year, days / 31, days % 31 + 1);
    }
}

/// <summary>Dutch public holidays.</summary>
public enum Holiday
{
    NewYear = 1,
    GoodFriday = 2,
    Easter = 3,
    EasterMonday = 4,
    KingsDay = 5,
    LiberationDay = 6,
    Ascension = 7,
    Whitsun = 8,
    WhitMonday = 9,
    Christmas = 10,
    SecondChristmasDay = 11,
}
