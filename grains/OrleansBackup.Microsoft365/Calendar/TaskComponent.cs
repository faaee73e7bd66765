using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;

namespace OrleansBackup.Microsoft365.Calendar;

/// <summary>Writes one VTODO. Steps have no form of their own there and follow the text.</summary>
internal static class TaskComponent
{
    public static void Write(ContentLineWriter file, JsonElement task, DateTimeOffset stamp)
    {
        file.Line("BEGIN", "VTODO");
        file.Line("UID", ContentLineWriter.Escape(TolerantJson.GetText(task, "id") ?? "unknown"));
        file.Line("DTSTAMP", CalendarFile.Utc(stamp));
        Moment(file, "CREATED", task, "createdDateTime");
        Moment(file, "LAST-MODIFIED", task, "lastModifiedDateTime");
        file.Text("SUMMARY", TolerantJson.GetText(task, "title"));
        file.Text("DESCRIPTION", Text(task));
        var due = ItemRound.Time(task, "dueDateTime");
        var repeats = task.TryGetProperty("recurrence", out var recurrence) && recurrence.ValueKind == JsonValueKind.Object;
        if (due is { } day)
        {
            if (repeats) file.Line("DTSTART;VALUE=DATE", day.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
            file.Line("DUE;VALUE=DATE", (repeats ? day.UtcDateTime.AddDays(1) : day.UtcDateTime).ToString("yyyyMMdd", CultureInfo.InvariantCulture));
            if (repeats && RecurrenceRule.Of(recurrence, day.UtcDateTime, isAllDay: true, times: null) is { } rule) file.Line("RRULE", rule);
        }

        if (ItemRound.Time(task, "completedDateTime") is { } completed) file.Line("COMPLETED", CalendarFile.Utc(completed));
        file.Line("STATUS", TolerantJson.GetText(task, "status") switch { "completed" => "COMPLETED", "inProgress" => "IN-PROCESS", _ => "NEEDS-ACTION" });
        file.Line("PRIORITY", TolerantJson.GetText(task, "importance") switch { "high" => "1", "low" => "9", _ => "5" });
        if (task.TryGetProperty("categories", out var categories) && categories.ValueKind == JsonValueKind.Array && categories.GetArrayLength() > 0)
            file.Line("CATEGORIES", string.Join(',', categories.EnumerateArray().Select(name => ContentLineWriter.Escape(TolerantJson.GetText(name) ?? ""))));
        file.Line("END", "VTODO");
    }

    private static string Text(JsonElement task)
    {
        var text = new StringBuilder();
        if (task.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.Object)
            text.Append(TolerantJson.GetText(body, "contentType") == "html" ? PlainText.OfHtml(TolerantJson.GetText(body, "content") ?? "") : TolerantJson.GetText(body, "content"));
        if (task.TryGetProperty("checklistItems", out var steps) && steps.ValueKind == JsonValueKind.Array)
            foreach (var step in steps.EnumerateArray()) text.Append(text.Length == 0 ? "" : "\n").Append(JsonBody.IsTrue(step, "isChecked") ? "[x] " : "[ ] ").Append(TolerantJson.GetText(step, "displayName"));
        if (task.TryGetProperty("linkedResources", out var links) && links.ValueKind == JsonValueKind.Array)
            foreach (var link in links.EnumerateArray()) text.Append(text.Length == 0 ? "" : "\n").Append(TolerantJson.GetText(link, "displayName")).Append(": ").Append(TolerantJson.GetText(link, "webUrl"));
        return text.ToString();
    }

    private static void Moment(ContentLineWriter file, string name, JsonElement task, string property)
    {
        if (DateTimeOffset.TryParse(TolerantJson.GetText(task, property), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) file.Line(name, CalendarFile.Utc(time));
    }
}
