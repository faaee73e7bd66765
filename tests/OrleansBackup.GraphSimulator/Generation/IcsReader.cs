using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Calendar;
using OrleansBackup.GraphSimulator.Items;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Turns the events of an iCalendar file into what Exchange would hold of them. What it cannot hold is left out.</summary>
public static class IcsReader
{
    private static readonly string[] DateFormats = ["yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmmss'Z'", "yyyyMMdd", "yyyyMMdd'T'HHmm"];

    public static IEnumerable<JsonObject> Events(byte[] file, string address, string ownerName)
    {
        List<ContentLine>? open = null;
        var depth = 0;
        foreach (var line in ContentLine.Read(file))
        {
            if (line.Name == "BEGIN" && line.Value.Trim().Equals("VEVENT", StringComparison.OrdinalIgnoreCase))
                (open, depth) = ([], 0);
            else if (line.Name == "BEGIN")
                depth++;
            else if (line.Name == "END" && line.Value.Trim().Equals("VEVENT", StringComparison.OrdinalIgnoreCase))
            {
                if (open is not null && Event(open, address, ownerName) is { } found)
                    yield return found;
                open = null;
            }
            else if (line.Name == "END")
                depth--;
            else if (depth == 0)
                open?.Add(line);
        }
    }

    private static JsonObject? Event(List<ContentLine> lines, string address, string ownerName)
    {
        if (First("DTSTART") is not { } dtStart || Time(dtStart) is not { } start)
            return null;
        var isAllDay = dtStart.Value.Trim().Length == 8;
        var end = First("DTEND") is { } dtEnd ? Time(dtEnd) ?? start : isAllDay ? start.AddDays(1) : start;
        if (isAllDay)
            end = end.Date <= start ? start.AddDays(1) : end.Date;
        var zone = dtStart.Value.EndsWith('Z') || isAllDay ? "UTC" : dtStart.Parameters.GetValueOrDefault("TZID") ?? "UTC";
        var item = EventReader.Defaults(address, ownerName, StableHash.Of(First("UID")?.Value ?? dtStart.Value));
        item["subject"] = First("SUMMARY")?.Text ?? "";
        item["body"] = First("DESCRIPTION") is { } description ? new JsonObject { ["contentType"] = "text", ["content"] = description.Text } : null;
        item["start"] = EventJson.Zoned(start, zone);
        item["end"] = EventJson.Zoned(end < start ? start : end, zone);
        item["isAllDay"] = isAllDay;
        item["iCalUId"] = First("UID")?.Value ?? "";
        item["sensitivity"] = First("CLASS")?.Value.Trim().ToUpperInvariant() switch { "PRIVATE" => "private", "CONFIDENTIAL" => "confidential", _ => "normal" };
        item["showAs"] = First("TRANSP")?.Value.Trim().ToUpperInvariant() == "TRANSPARENT" ? "free" : "busy";
        item["categories"] = new JsonArray([.. lines.Where(line => line.Name == "CATEGORIES").SelectMany(line => line.Items).Where(name => name.Length > 0).Distinct().Select(name => (JsonNode)name)]);
        if (First("LOCATION") is { Text.Length: > 0 } place)
        {
            item["location"] = new JsonObject { ["displayName"] = place.Text, ["locationType"] = "default" };
            item["locations"] = new JsonArray(item["location"]!.DeepClone());
        }
        item["attendees"] = new JsonArray([.. lines.Where(line => line.Name == "ATTENDEE").Select(line => (JsonNode)new JsonObject
        {
            ["type"] = line.Parameters.GetValueOrDefault("ROLE") == "OPT-PARTICIPANT" ? "optional" : "required",
            ["status"] = new JsonObject { ["response"] = "none", ["time"] = EventJson.NoTime },
            ["emailAddress"] = new JsonObject { ["name"] = line.Parameters.GetValueOrDefault("CN") ?? "", ["address"] = line.Value.Replace("mailto:", "", StringComparison.OrdinalIgnoreCase) },
        })]);
        if (First("RRULE") is { } rule && Rule(rule.Value, start, zone) is { } recurrence)
            item["recurrence"] = recurrence;
        return item;

        ContentLine? First(string name) => lines.Find(line => line.Name == name);
    }

    private static DateTime? Time(ContentLine line) =>
        DateTime.TryParseExact(line.Value.Trim(), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Year is > 1900 and < 2190 ? time : null;

    // The rules that Exchange knows; of another it keeps a single event.
    private static JsonObject? Rule(string text, DateTime start, string zone)
    {
        var parts = text.Split(';').Select(part => part.Split('=', 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0].ToUpperInvariant()).ToDictionary(group => group.Key, group => group.First()[1]);
        if (parts.Keys.Except(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", "BYMONTHDAY", "BYMONTH"]).Any() || !TimeZones.IsKnown(zone))
            return null;
        var days = (parts.GetValueOrDefault("BYDAY") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Day).ToList();
        var type = parts.GetValueOrDefault("FREQ") switch { "DAILY" when days.Count == 0 => "daily", "WEEKLY" => "weekly", "MONTHLY" when days.Count == 0 => "absoluteMonthly", "YEARLY" when days.Count == 0 => "absoluteYearly", _ => null };
        if (type is null || days.Contains(null) || parts.GetValueOrDefault("BYMONTHDAY")?.Any(character => character is ',' or '-') == true || parts.GetValueOrDefault("BYMONTH")?.Contains(',') == true)
            return null;
        var until = parts.TryGetValue("UNTIL", out var last) && DateTime.TryParseExact(last, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var end) ? DateOnly.FromDateTime(end) : (DateOnly?)null;
        var count = parts.TryGetValue("COUNT", out var number) && int.TryParse(number, out var given) ? given : (int?)null;
        if (until < DateOnly.FromDateTime(start))
            return null;
        return new JsonObject
        {
            ["pattern"] = new JsonObject
            {
                ["type"] = type,
                ["interval"] = parts.TryGetValue("INTERVAL", out var interval) && int.TryParse(interval, out var every) ? Math.Clamp(every, 1, 99) : 1,
                ["month"] = type == "absoluteYearly" ? start.Month : 0,
                ["dayOfMonth"] = type.StartsWith("absolute", StringComparison.Ordinal) ? start.Day : 0,
                ["daysOfWeek"] = new JsonArray([.. (type != "weekly" ? [] : days.Count > 0 ? days : [start.DayOfWeek.ToString().ToLowerInvariant()]).Select(day => (JsonNode)day!)]),
                ["firstDayOfWeek"] = parts.TryGetValue("WKST", out var first) ? Day(first) ?? "monday" : "monday",
                ["index"] = "first",
            },
            ["range"] = new JsonObject
            {
                ["type"] = until is not null ? "endDate" : count is not null ? "numbered" : "noEnd",
                ["startDate"] = start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ["endDate"] = (until ?? DateOnly.MinValue).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ["recurrenceTimeZone"] = zone,
                ["numberOfOccurrences"] = count ?? 0,
            },
        };
    }

    private static string? Day(string text) => text switch { "MO" => "monday", "TU" => "tuesday", "WE" => "wednesday", "TH" => "thursday", "FR" => "friday", "SA" => "saturday", "SU" => "sunday", _ => null };
}
