using System.Globalization;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;

namespace OrleansBackup.Microsoft365.Calendar;

/// <summary>Writes one VEVENT: an event, a series, or an occurrence that differs from its series.</summary>
internal sealed class EventComponent(ContentLineWriter file, EventTimes times, string uid, DateTimeOffset stamp)
{
    private bool _isAllDay;

    /// <summary>Local times were written, so the file must say what they mean.</summary>
    public bool NeedsZone { get; private set; }

    /// <param name="recurrenceId">When the occurrence was meant to be; null for the event itself.</param>
    public void Write(JsonElement item, DateTime? recurrenceId)
    {
        if (recurrenceId is null) _isAllDay = JsonBody.IsTrue(item, "isAllDay");
        var start = times.Local(item, "start") ?? DateTime.UnixEpoch;
        var end = times.Local(item, "end") ?? start;
        file.Line("BEGIN", "VEVENT");
        file.Line("UID", ContentLineWriter.Escape(uid));
        file.Line("DTSTAMP", CalendarFile.Utc(stamp));
        Moment("CREATED", item, "createdDateTime");
        Moment("LAST-MODIFIED", item, "lastModifiedDateTime");
        if (recurrenceId is { } meant) Time("RECURRENCE-ID", meant);
        Time("DTSTART", start);
        Time("DTEND", end < start ? start : end);
        if (recurrenceId is null) Series(item, start);
        file.Text("SUMMARY", TolerantJson.GetText(item, "subject"));
        Body(item);
        file.Text("LOCATION", item.TryGetProperty("location", out var place) ? TolerantJson.GetText(place, "displayName") : null);
        if (item.TryGetProperty("categories", out var categories) && categories.ValueKind == JsonValueKind.Array && categories.GetArrayLength() > 0)
        {
            file.Line("CATEGORIES", string.Join(',', categories.EnumerateArray().Select(name => ContentLineWriter.Escape(TolerantJson.GetText(name) ?? ""))));
        }

        file.Line("CLASS", TolerantJson.GetText(item, "sensitivity") switch { "private" or "personal" => "PRIVATE", "confidential" => "CONFIDENTIAL", _ => "PUBLIC" });
        file.Line("PRIORITY", TolerantJson.GetText(item, "importance") switch { "high" => "1", "low" => "9", _ => "5" });
        var shown = TolerantJson.GetText(item, "showAs");
        file.Line("TRANSP", shown == "free" ? "TRANSPARENT" : "OPAQUE");
        file.Line("STATUS", JsonBody.IsTrue(item, "isCancelled") ? "CANCELLED" : shown == "tentative" ? "TENTATIVE" : "CONFIRMED");
        file.Line("X-MICROSOFT-CDO-BUSYSTATUS", shown switch { "free" => "FREE", "tentative" => "TENTATIVE", "oof" => "OOF", "workingElsewhere" => "WORKINGELSEWHERE", _ => "BUSY" });
        People(item);
        if (item.TryGetProperty("onlineMeeting", out var meeting) && TolerantJson.GetText(meeting, "joinUrl") is { Length: > 0 } url)
        {
            file.Line("CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO", url.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        }

        Alarm(item);
        file.Line("END", "VEVENT");
    }

    private void Time(string name, DateTime local)
    {
        if (_isAllDay) file.Line($"{name};VALUE=DATE", local.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        else if (WindowsTimeZones.ToDatabaseName(times.Name) is { } zone && zone != "UTC")
        {
            NeedsZone = true;
            file.Line($"{name};TZID={ContentLineWriter.Parameter(zone)}", local.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture));
        }
        else file.Line(name, local.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
    }

    private void Series(JsonElement item, DateTime start)
    {
        if (!item.TryGetProperty("recurrence", out var recurrence) || recurrence.ValueKind != JsonValueKind.Object || RecurrenceRule.Of(recurrence, start, _isAllDay, times) is not { } rule) return;
        file.Line("RRULE", rule);
        if (!item.TryGetProperty("cancelledOccurrences", out var cancelled) || cancelled.ValueKind != JsonValueKind.Array) return;
        foreach (var text in cancelled.EnumerateArray().Select(TolerantJson.GetText).OfType<string>())
        {
            if (DateOnly.TryParseExact(text[(text.LastIndexOf('.') + 1)..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                Time("EXDATE", day.ToDateTime(TimeOnly.FromDateTime(start)));
        }
    }

    private void Body(JsonElement item)
    {
        if (!item.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object || TolerantJson.GetText(body, "content") is not { Length: > 0 } content) return;
        if (TolerantJson.GetText(body, "contentType") == "text")
        {
            file.Text("DESCRIPTION", content);
            return;
        }

        file.Text("DESCRIPTION", PlainText.OfHtml(content));
        file.Text("X-ALT-DESC;FMTTYPE=text/html", content);
    }

    private void People(JsonElement item)
    {
        var attendees = item.TryGetProperty("attendees", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToList() : [];
        if (attendees.Count == 0) return; // an organiser without guests makes a meeting of what is none
        if (item.TryGetProperty("organizer", out var organizer) && Address(organizer) is var (name, mail)) file.Line($"ORGANIZER{CommonName(name)}", $"mailto:{mail}");
        foreach (var attendee in attendees)
        {
            if (Address(attendee) is not var (who, where)) continue;
            var role = TolerantJson.GetText(attendee, "type") switch { "optional" => "OPT-PARTICIPANT", "resource" => "NON-PARTICIPANT", _ => "REQ-PARTICIPANT" };
            var answer = (attendee.TryGetProperty("status", out var status) ? TolerantJson.GetText(status, "response") : null) switch
            {
                "accepted" or "organizer" => "ACCEPTED", "declined" => "DECLINED", "tentativelyAccepted" => "TENTATIVE", _ => "NEEDS-ACTION",
            };
            var kind = role == "NON-PARTICIPANT" ? ";CUTYPE=RESOURCE" : "";
            file.Line($"ATTENDEE{kind};ROLE={role};PARTSTAT={answer}{CommonName(who)}", $"mailto:{where}");
        }
    }

    private static string CommonName(string name) => name.Length == 0 ? "" : $";CN={ContentLineWriter.Parameter(name)}";

    private static (string Name, string Mail)? Address(JsonElement recipient)
    {
        if (recipient.ValueKind != JsonValueKind.Object || !recipient.TryGetProperty("emailAddress", out var address)) return null;
        // An address may be anything, also an X.500 name: what would end the line is taken out.
        var mail = new string([.. (TolerantJson.GetText(address, "address") ?? "").Where(character => character > ' ')]);
        return mail.Length == 0 ? null : (TolerantJson.GetText(address, "name") ?? "", mail);
    }

    private void Alarm(JsonElement item)
    {
        if (!JsonBody.IsTrue(item, "isReminderOn") || !item.TryGetProperty("reminderMinutesBeforeStart", out var number) || !number.TryGetInt32(out var minutes)) return;
        file.Line("BEGIN", "VALARM");
        file.Line("ACTION", "DISPLAY");
        file.Line("DESCRIPTION", "Reminder");
        file.Line("TRIGGER", string.Create(CultureInfo.InvariantCulture, $"{(minutes < 0 ? "" : "-")}PT{Math.Abs(minutes)}M"));
        file.Line("END", "VALARM");
    }

    private void Moment(string name, JsonElement item, string property)
    {
        if (DateTimeOffset.TryParse(TolerantJson.GetText(item, property), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) file.Line(name, CalendarFile.Utc(time));
    }
}
