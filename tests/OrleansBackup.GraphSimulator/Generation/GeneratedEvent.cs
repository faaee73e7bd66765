using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Calendar;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>An event from a seed: single, all-day or a series with exceptions and cancelled days, in many time zones and in some that do not exist.</summary>
internal static class GeneratedEvent
{
    private static readonly string[] Zones = ["W. Europe Standard Time", "W. Europe Standard Time", "UTC", "Eastern Standard Time", "Tokyo Standard Time", "Nepal Standard Time", "E. South America Standard Time", "Pacific Standard Time"];
    private static readonly string[] Invalid = ["Customized Time Zone", "tzone://Microsoft/Custom", ""];
    private static readonly string[] Patterns = ["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"];
    private static readonly string[] Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public static JsonObject Properties(ulong seed, Mailbox mailbox, MailAddress owner, IReadOnlyList<MailAddress> people, DateTimeOffset around)
    {
        var random = new SeededRandom(seed);
        var item = EventReader.Defaults(owner.Address, owner.Name, seed);
        var zone = random.Chance(0.05) ? random.Pick(Invalid) : random.Pick(Zones);
        var isAllDay = random.Chance(0.12);
        var start = around.UtcDateTime.Date.AddDays(random.Below(500) - 250).AddMinutes(isAllDay ? 0 : 15 * random.Below(96));
        var end = isAllDay ? start.AddDays(1 + random.Below(4)) : start.AddMinutes(15 * (1 + random.Below(20)));
        item["subject"] = $"{random.Pick(Words.Topics)} {random.Below(10_000)}";
        item["body"] = random.Chance(0.03) ? null : new JsonObject { ["contentType"] = "html", ["content"] = $"<html><body>{Words.Paragraphs(ref random, random.LogNormal(300, 1, 20_000), "<br>\r\n")}</body></html>" };
        item["isAllDay"] = isAllDay;
        item["start"] = EventJson.Zoned(start, zone);
        item["end"] = EventJson.Zoned(end, zone);
        item["showAs"] = random.Pick(["busy", "free", "tentative", "oof", "workingElsewhere"]);
        item["sensitivity"] = random.Pick(["normal", "normal", "private", "personal", "confidential"]);
        item["importance"] = random.Pick(["normal", "normal", "high", "low"]);
        item["isReminderOn"] = random.Chance(0.7);
        item["reminderMinutesBeforeStart"] = 5 * random.Below(12);
        item["categories"] = random.Chance(0.3) ? new JsonArray("Blue category", "Projekt") : new JsonArray();
        if (random.Chance(0.5))
        {
            var location = new JsonObject { ["displayName"] = $"Raum {random.Below(40)}; {random.Pick(Words.Surnames)}", ["locationType"] = "default", ["uniqueIdType"] = "unknown" };
            item["location"] = location;
            item["locations"] = new JsonArray(location.DeepClone());
        }
        if (random.Chance(0.4))
            Meeting(item, ref random, people, owner, mailbox);
        if (!isAllDay && random.Chance(0.15))
        {
            item["isOnlineMeeting"] = true;
            item["onlineMeetingProvider"] = "teamsForBusiness";
            item["onlineMeeting"] = new JsonObject { ["joinUrl"] = $"https://teams.example/l/meetup-join/{seed:x}" };
        }
        if (random.Chance(0.3))
            item["recurrence"] = Recurrence(ref random, DateOnly.FromDateTime(start), zone);
        return item;
    }

    /// <summary>Attachments, and of a series the days that differ or were cancelled.</summary>
    public static ItemVersion Finish(ItemVersion version, ulong seed)
    {
        var random = new SeededRandom(seed ^ 0xA77A);
        if (random.Chance(0.2))
            version = version with { Attachments = Attachments(ref random) };
        if (version.Properties["recurrence"] is not JsonObject recurrence)
            return version;
        var days = Calendar.Recurrence.Days(recurrence).Take(40).ToList();
        for (var i = 0; i < random.Below(4) && days.Count > 1; i++)
        {
            var day = days[random.Below(days.Count)];
            if (random.Chance(0.4))
                version = version with { Cancelled = version.Cancelled.Add(day), Exceptions = version.Exceptions.Remove(day) };
            else if (!version.Cancelled.Contains(day))
                version = version with { Exceptions = version.Exceptions.SetItem(day, Exception(version, day, ref random)) };
        }
        return version;
    }

    public static SeriesException Exception(ItemVersion series, DateOnly day, ref SeededRandom random)
    {
        var changes = new JsonObject { ["subject"] = $"{(string?)series.Properties["subject"]} (verschoben)" };
        var isAllDay = series.Properties["isAllDay"]!.GetValue<bool>();
        if (random.Chance(0.6))
        {
            var zone = (string?)series.Properties["start"]!["timeZone"];
            var first = DateTime.Parse((string)series.Properties["start"]!["dateTime"]!, CultureInfo.InvariantCulture);
            var length = DateTime.Parse((string)series.Properties["end"]!["dateTime"]!, CultureInfo.InvariantCulture) - first;
            var start = day.ToDateTime(TimeOnly.FromDateTime(first)).AddMinutes(isAllDay ? 0 : 30 + 15 * random.Below(6));
            changes["start"] = EventJson.Zoned(start, zone);
            changes["end"] = EventJson.Zoned(start + length, zone);
        }
        if (random.Chance(0.3))
            changes["body"] = new JsonObject { ["contentType"] = "html", ["content"] = $"<p>{Words.Paragraphs(ref random, 60, "<br>")}</p>" };
        if (random.Chance(0.3))
            changes["showAs"] = "free";
        return new SeriesException(changes, random.Chance(0.2) ? [File(1, random.Next())] : []);
    }

    public static JsonObject Recurrence(ref SeededRandom random, DateOnly start, string zone)
    {
        var type = random.Pick(Patterns);
        var pattern = new JsonObject
        {
            ["type"] = type,
            ["interval"] = 1 + random.Below(3),
            ["month"] = type.EndsWith("Yearly", StringComparison.Ordinal) ? start.Month : 0,
            ["dayOfMonth"] = type.StartsWith("absolute", StringComparison.Ordinal) ? start.Day : 0,
            ["firstDayOfWeek"] = random.Pick(["sunday", "monday"]),
            ["index"] = type.StartsWith("relative", StringComparison.Ordinal) ? (start.Day > 28 ? "last" : new[] { "first", "second", "third", "fourth" }[(start.Day - 1) / 7]) : "first",
        };
        if (type is "weekly" or "relativeMonthly" or "relativeYearly")
        {
            var own = start.DayOfWeek.ToString().ToLowerInvariant();
            pattern["daysOfWeek"] = type == "weekly" && random.Chance(0.4) ? new JsonArray([.. Days.Where(day => day == own || day is "tuesday" or "friday").Select(day => (JsonNode)day)]) : new JsonArray(own);
        }
        var end = random.Below(3);
        return new JsonObject
        {
            ["pattern"] = pattern,
            ["range"] = new JsonObject
            {
                ["type"] = end switch { 0 => "noEnd", 1 => "endDate", _ => "numbered" },
                ["startDate"] = start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ["endDate"] = end == 1 ? start.AddDays(30 + random.Below(700)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "0001-01-01",
                ["recurrenceTimeZone"] = zone,
                ["numberOfOccurrences"] = end == 2 ? 2 + random.Below(20) : 0,
            },
        };
    }

    public static ItemAttachment File(int key, ulong seed)
    {
        var bytes = new GeneratedBytes(seed);
        return new ItemAttachment(key, "file", string.Create(CultureInfo.InvariantCulture, $"file-{seed % 100_000}.{bytes.Extension}"), bytes.ContentType, false, null, bytes);
    }

    private static ImmutableArray<ItemAttachment> Attachments(ref SeededRandom random) => random.Below(4) switch
    {
        0 => [new ItemAttachment(1, "reference", "Plan in der Cloud", null, false, null, new HeldBytes(default), SourceUrl: "https://contoso.example/plan.docx")],
        1 =>
        [
            new ItemAttachment(1, "item", "Weitergeleitet", null, false, null, new HeldBytes("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"u8.ToArray()),
                new JsonObject { ["@odata.type"] = "#microsoft.graph.event", ["subject"] = "Weitergeleitet", ["start"] = EventJson.Zoned(new DateTime(2026, 1, 5, 9, 0, 0), "UTC"), ["end"] = EventJson.Zoned(new DateTime(2026, 1, 5, 10, 0, 0), "UTC") }),
        ],
        _ => [File(1, random.Next()), File(2, random.Next())],
    };

    private static void Meeting(JsonObject item, ref SeededRandom random, IReadOnlyList<MailAddress> people, MailAddress owner, Mailbox mailbox)
    {
        var attendees = new JsonArray();
        for (var i = 0; i < 1 + random.Below(5); i++)
        {
            var person = random.Pick(people);
            attendees.Add(new JsonObject
            {
                ["type"] = random.Pick(["required", "optional", "resource"]),
                ["status"] = new JsonObject { ["response"] = random.Pick(["none", "accepted", "declined", "tentativelyAccepted"]), ["time"] = EventJson.NoTime },
                ["emailAddress"] = new JsonObject { ["name"] = person.Name, ["address"] = person.Address },
            });
        }
        item["attendees"] = attendees;
        if (!random.Chance(0.5))
            return;
        item["isOrganizer"] = false;
        item["organizer"] = new JsonObject { ["emailAddress"] = new JsonObject { ["name"] = "Extern", ["address"] = $"organiser@{(mailbox.Address == owner.Address ? "partner" : "else")}.example" } };
        item["responseStatus"] = new JsonObject { ["response"] = "accepted", ["time"] = "2026-01-05T09:00:00Z" };
    }
}
