using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Content;
using OrleansBackup.GraphSimulator.Items;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Calendar;

/// <summary>An event as Graph shows it: single, a series, an occurrence of one, or an exception.</summary>
internal static class EventJson
{
    // An error names what a client left in a body that it once read. Source: what makes restores fail in practice.
    public static ItemShape Shape { get; } = ItemShape.Of("event",
        "subject body start end isAllDay location locations attendees recurrence showAs sensitivity importance categories isReminderOn reminderMinutesBeforeStart responseRequested "
            + "allowNewTimeProposals hideAttendees isOnlineMeeting onlineMeetingProvider",
        "createdDateTime lastModifiedDateTime bodyPreview hasAttachments isCancelled isDraft isOrganizer organizer originalStart originalStartTimeZone originalEndTimeZone onlineMeeting "
            + "onlineMeetingUrl responseStatus seriesMasterId type",
        "iCalUId changeKey webLink transactionId cancelledOccurrences exceptionOccurrences");

    public const string NoTime = "0001-01-01T00:00:00Z";

    /// <param name="day">The occurrence of a series; null: the event itself.</param>
    public static JsonObject Show(Mailbox mailbox, ItemVersion version, DateOnly? day, bool immutable, bool textBody = false)
    {
        var exception = day is { } on ? version.Exceptions.GetValueOrDefault(on) : null;
        var item = Merged(version, day);
        var attachments = day is null ? version.Attachments : exception?.Attachments ?? [];
        var isSeries = version.Properties["recurrence"] is JsonObject;
        var changeKey = MessageProperties.ChangeKey(mailbox, version.Sequence);
        var shown = new JsonObject
        {
            ["@odata.etag"] = $"W/\"{changeKey}\"",
            ["id"] = day is { } occurrence ? ItemAccess.OccurrenceId(mailbox, version, occurrence, immutable) : ItemAccess.Id(mailbox, version, immutable),
            ["createdDateTime"] = ItemLists.Time(version.CreatedAt),
            ["lastModifiedDateTime"] = ItemLists.Time(version.At),
            ["changeKey"] = changeKey,
            ["hasAttachments"] = attachments.Any(attachment => !attachment.IsInline),
            ["bodyPreview"] = item["body"] is JsonObject body ? BodyText.Preview((string?)body["content"] ?? "", (string?)body["contentType"] == "html") : "",
            ["webLink"] = $"https://outlook.office365.com/owa/?itemid={Uri.EscapeDataString(ItemAccess.Id(mailbox, version, immutable: false))}&exvsurl=1&path=/calendar/item",
            ["type"] = day is not null ? (exception is null ? "occurrence" : "exception") : isSeries ? "seriesMaster" : "singleInstance",
            ["seriesMasterId"] = day is null ? null : ItemAccess.Id(mailbox, version, immutable),
        };
        foreach (var (name, value) in item)
            shown[name] = value?.DeepClone();
        if (textBody && shown["body"] is JsonObject html && (string?)html["contentType"] == "html")
            shown["body"] = new JsonObject { ["contentType"] = "text", ["content"] = BodyText.FromHtml((string?)html["content"] ?? "") };
        shown["recurrence"] = day is null ? shown["recurrence"]?.DeepClone() : null;
        shown["originalStartTimeZone"] = (string?)item["start"]?["timeZone"];
        shown["originalEndTimeZone"] = (string?)item["end"]?["timeZone"];
        if (day is { } originally)
        {
            var planned = InUtc(new JsonObject { ["dateTime"] = LocalStart(version.Properties, originally), ["timeZone"] = (string?)version.Properties["start"]?["timeZone"] },
                version.Properties["isAllDay"]?.GetValue<bool>() == true);
            shown["originalStart"] = (string?)planned!["dateTime"] + "Z";
        }
        var isAllDay = item["isAllDay"]?.GetValue<bool>() == true;
        shown["start"] = InUtc(item["start"], isAllDay);
        shown["end"] = InUtc(item["end"], isAllDay);
        return shown;
    }

    /// <summary>The properties of an event or of one of its occurrences, as they are kept: times local.</summary>
    public static JsonObject Merged(ItemVersion version, DateOnly? day)
    {
        var item = version.Properties.DeepClone().AsObject();
        if (day is not { } on)
            return item;
        Shift(item, version.Properties, on);
        if (version.Exceptions.TryGetValue(on, out var exception))
        {
            foreach (var (name, value) in exception.Changes)
                item[name] = value?.DeepClone();
        }
        return item;
    }

    /// <summary>Do the occurrences of this event include the day?</summary>
    public static bool Has(ItemVersion version, DateOnly day) => version.Properties["recurrence"] is JsonObject recurrence
        && !version.Cancelled.Contains(day) && Recurrence.Days(recurrence).TakeWhile(each => each <= day).Contains(day);

    private static void Shift(JsonObject item, JsonObject series, DateOnly day)
    {
        var from = Local(series["start"]);
        var length = Local(series["end"]) - from;
        var start = day.ToDateTime(TimeOnly.FromDateTime(from));
        item["start"] = Zoned(start, (string?)series["start"]?["timeZone"]);
        item["end"] = Zoned(start + length, (string?)series["end"]?["timeZone"]);
    }

    private static string LocalStart(JsonObject series, DateOnly day) => TimeZones.Text(day.ToDateTime(TimeOnly.FromDateTime(Local(series["start"]))));

    private static DateTime Local(JsonNode? zoned) => DateTime.Parse((string)zoned!["dateTime"]!, CultureInfo.InvariantCulture);

    public static JsonObject Zoned(DateTime local, string? zone) => new() { ["dateTime"] = TimeZones.Text(local), ["timeZone"] = zone };

    // Without a preference the service shows times in UTC. Days are days everywhere; a custom zone has no offset here.
    private static JsonNode? InUtc(JsonNode? zoned, bool isAllDay)
    {
        if (zoned is not JsonObject time || (string?)time["dateTime"] is not { } local)
            return zoned?.DeepClone();
        var utc = isAllDay ? null : TimeZones.ToUtc(local, (string?)time["timeZone"]);
        return new JsonObject { ["dateTime"] = utc is { } moved ? TimeZones.Text(moved) : local, ["timeZone"] = "UTC" };
    }
}
