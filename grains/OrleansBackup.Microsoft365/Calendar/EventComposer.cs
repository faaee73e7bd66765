using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Microsoft365.Calendar;

/// <summary>Makes the creating request of an event out of what Graph once sent, without anything that would make the service write to people.</summary>
/// <remarks>
/// Attendees are the reason why a restore could send mail, so none are ever posted: they, the organiser and the online meeting go into the text, for
/// people, and into a hidden property, for programs. Source: Microsoft Graph, "Create event": the attendees are sent an invitation.
/// </remarks>
internal static class EventComposer
{
    /// <summary>Our own: attendees, organiser, answers and online meeting of the original, as JSON.</summary>
    public const string MeetingProperty = "String {5f3c2b1e-8d47-4c1a-9b60-2e7a4d9f0c35} Name OrleansBackupMeeting";

    private const int LargestProperty = 30_000;

    // What a person sees of an event and may set.
    private static readonly string[] Plain =
        ["subject", "importance", "sensitivity", "showAs", "categories", "isAllDay", "isReminderOn", "reminderMinutesBeforeStart", "location", "locations", "responseRequested", "allowNewTimeProposals", "hideAttendees"];

    private static readonly string[] OfOccurrence = ["subject", "importance", "sensitivity", "showAs", "categories", "isReminderOn", "reminderMinutesBeforeStart", "location", "locations"];

    private static readonly string[] OfMeeting = ["attendees", "organizer", "responseStatus", "isOnlineMeeting", "onlineMeetingProvider", "onlineMeeting", "onlineMeetingUrl", "iCalUId"];

    public static (byte[] Json, ImmutableArray<Loss> Losses) Compose(JsonElement item, string marker, string origin, bool withLocations)
    {
        var times = new EventTimes(item);
        var losses = ImmutableArray.CreateBuilder<Loss>();
        if (times.Loss is { } zone) losses.Add(zone);
        var note = NoteOf(item, losses);
        var json = JsonBody.Write(body =>
        {
            JsonBody.Copy(body, item, withLocations ? Plain : [.. Plain.Where(name => name is not ("location" or "locations"))]);
            WriteBody(body, item, note);
            var start = times.Local(item, "start") ?? DateTime.UnixEpoch;
            times.Write(body, "start", start);
            times.Write(body, "end", times.Local(item, "end") is { } end && end >= start ? end : start);
            WriteRecurrence(body, item, times);
            JsonBody.Extended(body, [(ExtendedProperties.RestoreMarker, marker), (ExtendedProperties.RestoredFrom, origin), .. Meeting(item)]);
        });
        if (!withLocations) losses.Add(new Loss("location", "The service did not take its places.", TolerantJson.GetText(item.TryGetProperty("location", out var place) ? place : default, "displayName")));
        return (json, losses.ToImmutable());
    }

    /// <summary>What differs in an occurrence from its series; null: nothing that can be set.</summary>
    public static byte[]? ComposeOccurrence(JsonElement series, JsonElement occurrence)
    {
        var times = new EventTimes(series);
        var isEmpty = true;
        var json = JsonBody.Write(body =>
        {
            foreach (var name in OfOccurrence)
            {
                if (!occurrence.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null || (series.TryGetProperty(name, out var same) && JsonElement.DeepEquals(value, same))) continue;
                body.WritePropertyName(name);
                JsonBody.Raw(body, value);
                isEmpty = false;
            }

            if (occurrence.TryGetProperty("body", out var text) && text.ValueKind == JsonValueKind.Object && !(series.TryGetProperty("body", out var its) && JsonElement.DeepEquals(text, its)))
            {
                body.WritePropertyName("body");
                JsonBody.Raw(body, text);
                isEmpty = false;
            }

            if (times.Local(occurrence, "start") is not { } start || times.Local(occurrence, "end") is not { } end) return;
            var length = times.Local(series, "end") - times.Local(series, "start");
            if (start == times.Local(TolerantJson.GetText(occurrence, "originalStart")) && end - start == length) return;
            times.Write(body, "start", start);
            times.Write(body, "end", end);
            isEmpty = false;
        });
        return isEmpty ? null : json;
    }

    /// <summary>Who attended and where, for a person to read; empty when there is nothing to say.</summary>
    private static string NoteOf(JsonElement item, ImmutableArray<Loss>.Builder losses)
    {
        var lines = new List<string>();
        var organizer = AddressOf(item.TryGetProperty("organizer", out var from) ? from : default);
        if (item.TryGetProperty("isOrganizer", out var own) && own.ValueKind == JsonValueKind.False)
        {
            lines.Add($"Organizer: {organizer}");
            losses.Add(new Loss(ItemLossKind.Organizer, $"It was organised by {organizer}; now it belongs to the owner of the calendar.", organizer));
        }

        if (item.TryGetProperty("attendees", out var attendees) && attendees.ValueKind == JsonValueKind.Array && attendees.GetArrayLength() is > 0 and var count)
        {
            lines.Add("Attendees: " + string.Join("; ", attendees.EnumerateArray().Select(attendee =>
                $"{AddressOf(attendee)} ({TolerantJson.GetText(attendee, "type") ?? "required"}, {(attendee.TryGetProperty("status", out var status) ? TolerantJson.GetText(status, "response") : null) ?? "none"})")));
            losses.Add(new Loss(ItemLossKind.Attendees, "Nobody was invited: its attendees stand in its text and in a hidden property.", Count: count));
        }

        if (item.TryGetProperty("onlineMeeting", out var meeting) && TolerantJson.GetText(meeting, "joinUrl") is { Length: > 0 } url)
        {
            lines.Add($"Online meeting: {url}");
            losses.Add(new Loss(ItemLossKind.OnlineMeeting, "No new online meeting was made: the address of the old one stands in its text."));
        }

        if (JsonBody.IsTrue(item, "isCancelled")) losses.Add(new Loss(ItemLossKind.Cancelled, "Its organiser had cancelled it; it is an ordinary event now."));
        return string.Join('\n', lines);
    }

    private static void WriteBody(Utf8JsonWriter json, JsonElement item, string note)
    {
        var hasBody = item.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.Object;
        if (note.Length == 0)
        {
            if (hasBody) JsonBody.Copy(json, item, "body");
            return;
        }

        var isText = hasBody && TolerantJson.GetText(body, "contentType") == "text";
        var text = new StringBuilder(hasBody ? TolerantJson.GetText(body, "content") : "");
        if (isText) text.Append("\n\n").Append(note);
        else text.Append("<hr><p>").Append(WebUtility.HtmlEncode(note).Replace("\n", "<br>", StringComparison.Ordinal)).Append("</p>");
        json.WriteStartObject("body");
        json.WriteString("contentType", isText ? "text" : "html");
        json.WriteString("content", text.ToString());
        json.WriteEndObject();
    }

    private static void WriteRecurrence(Utf8JsonWriter json, JsonElement item, EventTimes times)
    {
        if (!item.TryGetProperty("recurrence", out var recurrence) || recurrence.ValueKind != JsonValueKind.Object) return;
        json.WriteStartObject("recurrence");
        JsonBody.Copy(json, recurrence, "pattern");
        if (recurrence.TryGetProperty("range", out var range) && range.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject("range");
            foreach (var property in range.EnumerateObject().Where(property => property.Name != "recurrenceTimeZone" && property.Value.ValueKind != JsonValueKind.Null))
            {
                json.WritePropertyName(property.Name);
                JsonBody.Raw(json, property.Value);
            }

            // Empty and custom ones make the request fail; the event's own zone is what counts.
            var zone = TolerantJson.GetText(range, "recurrenceTimeZone");
            json.WriteString("recurrenceTimeZone", WindowsTimeZones.Find(zone) is null || times.Loss is not null ? times.Name : zone);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static (string, string)[] Meeting(JsonElement item)
    {
        var original = JsonBody.Write(json => JsonBody.Copy(json, item, OfMeeting));
        return original.Length <= LargestProperty ? [(MeetingProperty, Encoding.UTF8.GetString(original))] : [];
    }

    private static string AddressOf(JsonElement recipient)
    {
        if (recipient.ValueKind != JsonValueKind.Object || !recipient.TryGetProperty("emailAddress", out var address)) return "unknown";
        var (name, mail) = (TolerantJson.GetText(address, "name"), TolerantJson.GetText(address, "address"));
        return string.IsNullOrEmpty(name) || name == mail ? mail ?? "unknown" : $"{name} <{mail}>";
    }
}
