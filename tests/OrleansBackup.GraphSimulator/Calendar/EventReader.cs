using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Calendar;

/// <summary>Reads an event that a client posts or patches, with the rules of the service.</summary>
internal static class EventReader
{
    /// <summary>A whole new event: what was given, and what the service adds.</summary>
    public static JsonObject New(JsonObject body, Mailbox mailbox, string ownerName, ulong seed)
    {
        var given = Checked(EventJson.Shape.Read(body, "singleValueExtendedProperties", "attachments", "transactionId"));
        if (given["start"] is not JsonObject start || given["end"] is not JsonObject end)
            throw new GraphErrorException(400, "ErrorPropertyValidationFailure", "start and end are needed.");
        if (given["isAllDay"]?.GetValue<bool>() == true && (!IsMidnight(start) || !IsMidnight(end)))
            throw new GraphErrorException(400, "ErrorPropertyValidationFailure", "The Event.Start and Event.End properties of an all-day event must be at midnight.");
        var created = Defaults(mailbox.Address, ownerName, seed);
        foreach (var (name, value) in given)
            created[name] = value?.DeepClone();
        if (created["isOnlineMeeting"]?.GetValue<bool>() == true)
        {
            created["onlineMeetingProvider"] = "teamsForBusiness";
            created["onlineMeeting"] = new JsonObject { ["joinUrl"] = $"https://teams.example/l/meetup-join/{seed:x16}" };
        }
        if (created["location"] is JsonObject location && !string.IsNullOrEmpty((string?)location["displayName"]) && created["locations"] is not JsonArray { Count: > 0 })
            created["locations"] = new JsonArray(location.DeepClone());
        return created;
    }

    /// <summary>What a change sets.</summary>
    public static JsonObject Changes(JsonObject body) => Checked(EventJson.Shape.Read(body, "singleValueExtendedProperties"));

    public static IReadOnlyList<string> Attendees(JsonObject? item) => item?["attendees"] is JsonArray attendees
        ? [.. attendees.Select(attendee => (string?)attendee?["emailAddress"]?["address"]).OfType<string>()]
        : [];

    public static JsonObject Defaults(string address, string ownerName, ulong seed) => new()
    {
        ["subject"] = "",
        ["body"] = new JsonObject { ["contentType"] = "html", ["content"] = "" },
        ["isAllDay"] = false,
        ["isCancelled"] = false,
        ["isDraft"] = false,
        ["isOrganizer"] = true,
        ["organizer"] = new JsonObject { ["emailAddress"] = new JsonObject { ["name"] = ownerName, ["address"] = address } },
        ["responseStatus"] = new JsonObject { ["response"] = "organizer", ["time"] = EventJson.NoTime },
        ["attendees"] = new JsonArray(),
        ["location"] = new JsonObject { ["displayName"] = "", ["locationType"] = "default", ["uniqueIdType"] = "unknown" },
        ["locations"] = new JsonArray(),
        ["recurrence"] = null,
        ["showAs"] = "busy",
        ["sensitivity"] = "normal",
        ["importance"] = "normal",
        ["categories"] = new JsonArray(),
        ["isReminderOn"] = true,
        ["reminderMinutesBeforeStart"] = 15,
        ["responseRequested"] = true,
        ["allowNewTimeProposals"] = true,
        ["hideAttendees"] = false,
        ["isOnlineMeeting"] = false,
        ["onlineMeetingProvider"] = "unknown",
        ["onlineMeetingUrl"] = null,
        ["onlineMeeting"] = null,
        ["transactionId"] = null,
        ["iCalUId"] = $"040000008200E00074C5B7101A82E008{seed:X16}",
    };

    private static JsonObject Checked(JsonObject given)
    {
        ItemShape.Choice(given, "showAs", "busy", "free", "tentative", "busy", "oof", "workingElsewhere", "unknown");
        ItemShape.Choice(given, "sensitivity", "normal", "normal", "personal", "private", "confidential");
        ItemShape.Choice(given, "importance", "normal", "low", "normal", "high");
        foreach (var name in new[] { "start", "end" })
        {
            if (given[name] is not JsonObject zoned)
                continue;
            if (!TimeZones.IsKnown((string?)zoned["timeZone"]))
                throw new GraphErrorException(400, "TimeZoneNotSupportedException", "A valid TimeZone value must be specified. The following TimeZone value is not supported: ''.");
            if (TimeZones.ToUtc((string?)zoned["dateTime"], (string?)zoned["timeZone"]) is null)
                throw new GraphErrorException(400, "RequestBodyRead", "dateTime is no time.");
            zoned["dateTime"] = TimeZones.Text(DateTime.Parse((string)zoned["dateTime"]!, System.Globalization.CultureInfo.InvariantCulture));
        }
        if (given["body"] is JsonObject body)
            body["contentType"] = ((string?)body["contentType"])?.ToLowerInvariant() == "text" ? "text" : "html";
        if (given["recurrence"] is JsonObject recurrence)
            CheckRecurrence(recurrence);
        return given;
    }

    private static void CheckRecurrence(JsonObject recurrence)
    {
        if (recurrence["pattern"] is not JsonObject pattern || recurrence["range"] is not JsonObject range)
            throw new GraphErrorException(400, "ErrorPropertyValidationFailure", "recurrence needs a pattern and a range.");
        if (range["recurrenceTimeZone"] is { } zone && !TimeZones.IsKnown((string?)zone))
            throw new GraphErrorException(400, "ErrorPropertyValidationFailure", "The recurrenceTimeZone is not valid.");
        try
        {
            if (!Recurrence.Days(recurrence).Any())
                throw new GraphErrorException(400, "ErrorRecurrenceHasNoOccurrence", "The recurrence has no occurrences.");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NullReferenceException or InvalidOperationException)
        {
            throw new GraphErrorException(400, "ErrorPropertyValidationFailure", "The recurrence cannot be read.");
        }
        pattern["firstDayOfWeek"] ??= "sunday";
        pattern["index"] ??= "first";
        pattern["month"] ??= 0;
        pattern["dayOfMonth"] ??= 0;
        range["endDate"] ??= "0001-01-01";
        range["numberOfOccurrences"] ??= 0;
    }

    private static bool IsMidnight(JsonObject zoned) => ((string?)zoned["dateTime"])?.Contains("T00:00:00", StringComparison.Ordinal) == true;
}
