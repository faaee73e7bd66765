using System.Globalization;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Calendar;

/// <summary>Turns Graph's recurrence into an RRULE.</summary>
internal static class RecurrenceRule
{
    /// <param name="start">The first occurrence, local: an end is given in its terms.</param>
    /// <returns>Null for a pattern that this version does not know.</returns>
    public static string? Of(JsonElement recurrence, DateTime start, bool isAllDay, EventTimes? times)
    {
        if (!recurrence.TryGetProperty("pattern", out var pattern) || !recurrence.TryGetProperty("range", out var range)) return null;
        var days = pattern.TryGetProperty("daysOfWeek", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(TolerantJson.GetText).OfType<string>().Select(Day).ToList() : [];
        var position = TolerantJson.GetText(pattern, "index") switch { "second" => 2, "third" => 3, "fourth" => 4, "last" => -1, _ => 1 };
        // Outlook's "31st" means the last day where a month has fewer.
        var day = Number(pattern, "dayOfMonth") is > 0 and var given ? given : start.Day;
        var onDay = day <= 28 ? $"BYMONTHDAY={day}" : $"BYMONTHDAY={string.Join(',', Enumerable.Range(28, day - 27))};BYSETPOS=-1";
        var onIndex = days.Count == 1 ? $"BYDAY={position}{days[0]}" : $"BYDAY={string.Join(',', days)};BYSETPOS={position}";
        var month = Number(pattern, "month") is > 0 and var its ? its : start.Month;
        var rule = TolerantJson.GetText(pattern, "type") switch
        {
            "daily" => "FREQ=DAILY",
            "weekly" => $"FREQ=WEEKLY;BYDAY={string.Join(',', days.Count == 0 ? [Day(start.DayOfWeek.ToString())] : days)};WKST={Day(TolerantJson.GetText(pattern, "firstDayOfWeek") ?? "sunday")}",
            "absoluteMonthly" => $"FREQ=MONTHLY;{onDay}",
            "relativeMonthly" when days.Count > 0 => $"FREQ=MONTHLY;{onIndex}",
            "absoluteYearly" => $"FREQ=YEARLY;BYMONTH={month};{onDay}",
            "relativeYearly" when days.Count > 0 => $"FREQ=YEARLY;BYMONTH={month};{onIndex}",
            _ => null,
        };
        if (rule is null) return null;
        if (Number(pattern, "interval") is > 1 and var interval) rule += $";INTERVAL={interval}";
        return rule + TolerantJson.GetText(range, "type") switch
        {
            "numbered" when Number(range, "numberOfOccurrences") is > 0 and var count => $";COUNT={count}",
            "endDate" when DateOnly.TryParseExact(TolerantJson.GetText(range, "endDate"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end) => ";UNTIL=" + Until(end, start, isAllDay, times),
            _ => "",
        };
    }

    // An end beside a zone has to be in UTC: the moment at which the occurrence of that day begins.
    private static string Until(DateOnly end, DateTime start, bool isAllDay, EventTimes? times)
    {
        if (isAllDay || times is null) return end.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var zone = WindowsTimeZones.Find(times.Name) ?? TimeZoneInfo.Utc;
        var last = end.ToDateTime(TimeOnly.FromDateTime(start));
        return TimeZoneInfo.ConvertTimeToUtc(zone.IsInvalidTime(last) ? last.AddHours(1) : last, zone).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
    }

    private static int? Number(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static string Day(string name) => name[..Math.Min(2, name.Length)].ToUpperInvariant();
}
