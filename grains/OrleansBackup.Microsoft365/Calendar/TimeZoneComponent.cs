using System.Globalization;
using OrleansBackup.Microsoft365.Items;

namespace OrleansBackup.Microsoft365.Calendar;

/// <summary>Writes a VTIMEZONE: the offsets of a zone in the years that matter, as rules where they are regular and as dates where they are not.</summary>
internal static class TimeZoneComponent
{
    // As far as series without an end are planned by anybody.
    private const int LastYear = 2040;
    private const string Format = "yyyyMMdd'T'HHmmss";

    public static void Write(ContentLineWriter file, TimeZoneInfo zone, string name, int firstYear)
    {
        firstYear = Math.Clamp(firstYear, 1970, LastYear - 1);
        var start = new DateTime(firstYear, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        file.Line("BEGIN", "VTIMEZONE");
        file.Line("TZID", name);
        Observance(file, zone.IsDaylightSavingTime(start), start.Add(zone.GetUtcOffset(start)).Date, zone.GetUtcOffset(start), zone.GetUtcOffset(start), []);
        foreach (var group in Transitions(zone, start).GroupBy(transition => (transition.From, transition.To, transition.IsDaylight)))
        {
            var times = group.Select(transition => transition.Local).ToList();
            Observance(file, group.Key.IsDaylight, times[0], group.Key.From, group.Key.To, times);
        }

        file.Line("END", "VTIMEZONE");
    }

    private static void Observance(ContentLineWriter file, bool isDaylight, DateTime first, TimeSpan from, TimeSpan to, List<DateTime> times)
    {
        var kind = isDaylight ? "DAYLIGHT" : "STANDARD";
        file.Line("BEGIN", kind);
        file.Line("DTSTART", first.ToString(Format, CultureInfo.InvariantCulture));
        file.Line("TZOFFSETFROM", Offset(from));
        file.Line("TZOFFSETTO", Offset(to));
        if (times.Count > 1)
        {
            if (Rule(times) is { } rule) file.Line("RRULE", rule);
            else file.Line("RDATE", string.Join(',', times.Skip(1).Select(time => time.ToString(Format, CultureInfo.InvariantCulture))));
        }

        file.Line("END", kind);
    }

    /// <returns>Null when the clocks did not change by one rule in all the years.</returns>
    private static string? Rule(List<DateTime> times)
    {
        var first = times[0];
        var isYearly = times.Select((time, index) => time.Year == first.Year + index).All(isNext => isNext) && times[^1].Year >= LastYear - 1;
        if (!isYearly || times.Exists(time => time.Month != first.Month || time.DayOfWeek != first.DayOfWeek || time.TimeOfDay != first.TimeOfDay)) return null;
        var day = first.DayOfWeek.ToString()[..2].ToUpperInvariant();
        if (times.TrueForAll(time => time.Day + 7 > DateTime.DaysInMonth(time.Year, time.Month))) return $"FREQ=YEARLY;BYMONTH={first.Month};BYDAY=-1{day}";
        var week = (first.Day - 1) / 7 + 1;
        return times.TrueForAll(time => (time.Day - 1) / 7 + 1 == week) ? $"FREQ=YEARLY;BYMONTH={first.Month};BYDAY={week}{day}" : null;
    }

    private static IEnumerable<(DateTime Local, TimeSpan From, TimeSpan To, bool IsDaylight)> Transitions(TimeZoneInfo zone, DateTime start)
    {
        var end = new DateTime(LastYear, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var day = start; day < end; day = day.AddDays(1))
        {
            var (before, after) = (zone.GetUtcOffset(day), zone.GetUtcOffset(day.AddDays(1)));
            if (before == after) continue;
            var (low, high) = (0, 24 * 60);
            while (high - low > 1)
            {
                var middle = (low + high) / 2;
                if (zone.GetUtcOffset(day.AddMinutes(middle)) == before) low = middle;
                else high = middle;
            }

            var at = day.AddMinutes(high);
            // The time that the clocks showed when they were changed.
            yield return (DateTime.SpecifyKind(at.Add(before), DateTimeKind.Unspecified), before, after, zone.IsDaylightSavingTime(at));
        }
    }

    private static string Offset(TimeSpan offset) => (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(offset.Seconds == 0 ? "hhmm" : "hhmmss", CultureInfo.InvariantCulture);
}
