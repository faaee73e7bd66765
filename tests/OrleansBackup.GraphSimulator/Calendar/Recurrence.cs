using System.Globalization;
using System.Text.Json.Nodes;

namespace OrleansBackup.GraphSimulator.Calendar;

/// <summary>The days of a series, from Graph's <c>patternedRecurrence</c>.</summary>
internal static class Recurrence
{
    // A series without an end is followed this far.
    private const int MostDays = 3000;

    /// <summary>The days on which the series has an occurrence, exceptions and cancelled ones included, in order.</summary>
    public static IEnumerable<DateOnly> Days(JsonObject recurrence)
    {
        var range = recurrence["range"]!.AsObject();
        var start = Date(range["startDate"]);
        var end = (string?)range["type"] == "endDate" ? Date(range["endDate"]) : DateOnly.MaxValue;
        var count = (string?)range["type"] == "numbered" ? (int)range["numberOfOccurrences"]! : MostDays;
        return Candidates(recurrence["pattern"]!.AsObject(), start).Where(day => day >= start).TakeWhile(day => day <= end).Take(Math.Min(count, MostDays));
    }

    private static IEnumerable<DateOnly> Candidates(JsonObject pattern, DateOnly start)
    {
        var interval = Math.Max(1, (int?)pattern["interval"] ?? 1);
        var wanted = (pattern["daysOfWeek"] as JsonArray ?? []).Select(day => Enum.Parse<DayOfWeek>((string)day!, ignoreCase: true)).ToHashSet();
        var dayOfMonth = (int?)pattern["dayOfMonth"] ?? 1;
        var month = (int?)pattern["month"] ?? 1;
        var index = (string?)pattern["index"] ?? "first";
        switch ((string?)pattern["type"])
        {
            case "daily":
                for (var day = start; day.Year < 2200; day = day.AddDays(interval))
                    yield return day;
                break;
            case "weekly":
                var first = Enum.Parse<DayOfWeek>((string?)pattern["firstDayOfWeek"] ?? "sunday", ignoreCase: true);
                var week = start.AddDays(-(((int)start.DayOfWeek - (int)first + 7) % 7));
                for (; week.Year < 2200; week = week.AddDays(7 * interval))
                {
                    for (var i = 0; i < 7; i++)
                    {
                        if (wanted.Contains(week.AddDays(i).DayOfWeek))
                            yield return week.AddDays(i);
                    }
                }
                break;
            case "absoluteMonthly":
                for (var at = new DateOnly(start.Year, start.Month, 1); at.Year < 2200; at = at.AddMonths(interval))
                    yield return OnDay(at, dayOfMonth);
                break;
            case "relativeMonthly":
                for (var at = new DateOnly(start.Year, start.Month, 1); at.Year < 2200; at = at.AddMonths(interval))
                    yield return OnIndex(at, wanted, index);
                break;
            case "absoluteYearly":
                for (var at = new DateOnly(start.Year, month, 1); at.Year < 2200; at = at.AddYears(interval))
                    yield return OnDay(at, dayOfMonth);
                break;
            case "relativeYearly":
                for (var at = new DateOnly(start.Year, month, 1); at.Year < 2200; at = at.AddYears(interval))
                    yield return OnIndex(at, wanted, index);
                break;
        }
    }

    private static DateOnly OnDay(DateOnly month, int day) => month.AddDays(Math.Min(day, DateTime.DaysInMonth(month.Year, month.Month)) - 1);

    private static DateOnly OnIndex(DateOnly month, HashSet<DayOfWeek> wanted, string index)
    {
        var days = Enumerable.Range(0, DateTime.DaysInMonth(month.Year, month.Month)).Select(month.AddDays).Where(day => wanted.Contains(day.DayOfWeek)).ToList();
        return index switch { "second" => days[1], "third" => days[2], "fourth" => days[3], "last" => days[^1], _ => days[0] };
    }

    public static DateOnly Date(JsonNode? node) => DateOnly.ParseExact((string)node!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
