using System.Globalization;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Microsoft365.Calendar;

/// <summary>When an event takes place, in the zone that it was made in: a series restored in UTC would drift by an hour twice a year.</summary>
/// <remarks>Graph answers in UTC and names the zone beside it. A day is a day in every zone, so all-day events are not moved.</remarks>
internal sealed class EventTimes
{
    private const string Format = "yyyy-MM-ddTHH:mm:ss.fffffff";

    private readonly TimeZoneInfo? _zone;
    private readonly bool _isAllDay;

    public EventTimes(JsonElement item)
    {
        _isAllDay = JsonBody.IsTrue(item, "isAllDay");
        var named = TolerantJson.GetText(item, "originalStartTimeZone");
        if (string.IsNullOrEmpty(named) && item.TryGetProperty("start", out var start)) named = TolerantJson.GetText(start, "timeZone");
        var taken = WindowsTimeZones.ToServiceName(named, item.TryGetProperty("start", out var from) ? DayOf(from) : DateTime.UnixEpoch);
        _zone = WindowsTimeZones.Find(taken);
        Name = _zone is null ? "UTC" : taken!;
        Loss = taken is not null && taken == named ? null : new Loss(ItemLossKind.TimeZone, _zone is null
            ? $"Its time zone '{named}' is unknown to the service; it is at the same moment, in UTC."
            : $"Its time zone '{named}' is unknown to the service; it is at the same moment, in '{taken}', whose clocks agree.", named ?? "");
        if (_zone is null || IsSeries(item) || !IsTwice(item, "start") && !IsTwice(item, "end")) return;
        // A local time in the hour that clocks go through twice means two moments, and the service takes the other one.
        (_zone, Name) = (null, "UTC");
        Loss = new Loss(ItemLossKind.TimeZone, $"It begins or ends in an hour that its time zone '{named}' has twice that day; it is at the same moment, in UTC.", named ?? "");
    }

    /// <summary>The name to send.</summary>
    public string Name { get; }

    /// <summary>What is lost by it; null: nothing.</summary>
    public Loss? Loss { get; }

    /// <summary>The service's own form of a time, brought back to the event's zone; null when there is none.</summary>
    public DateTime? Local(JsonElement item, string property)
    {
        if (!item.TryGetProperty(property, out var zoned) || zoned.ValueKind != JsonValueKind.Object
            || !DateTime.TryParse(TolerantJson.GetText(zoned, "dateTime"), CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) || time.Year <= 1)
        {
            return null;
        }

        var given = WindowsTimeZones.Find(TolerantJson.GetText(zoned, "timeZone"));
        return Convert(time, given ?? TimeZoneInfo.Utc);
    }

    /// <summary>A moment such as an exception's <c>originalStart</c>, in the event's zone.</summary>
    public DateTime? Local(string? moment) =>
        DateTime.TryParse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year > 1
            ? Convert(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), TimeZoneInfo.Utc) : null;

    public void Write(Utf8JsonWriter json, string property, DateTime local)
    {
        json.WriteStartObject(property);
        json.WriteString("dateTime", local.ToString(Format, CultureInfo.InvariantCulture));
        json.WriteString("timeZone", Name);
        json.WriteEndObject();
    }

    private static DateTime DayOf(JsonElement zoned) =>
        zoned.ValueKind == JsonValueKind.Object && DateTime.TryParse(TolerantJson.GetText(zoned, "dateTime"), CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : DateTime.UnixEpoch;

    private static bool IsSeries(JsonElement item) => item.TryGetProperty("recurrence", out var recurrence) && recurrence.ValueKind == JsonValueKind.Object;

    private bool IsTwice(JsonElement item, string property) => !_isAllDay && Local(item, property) is { } local && _zone!.IsAmbiguousTime(local);

    private DateTime Convert(DateTime time, TimeZoneInfo from)
    {
        if (_isAllDay || _zone is null) return _isAllDay ? time : TimeZoneInfo.ConvertTime(Valid(time, from), from, TimeZoneInfo.Utc);
        return TimeZoneInfo.ConvertTime(Valid(time, from), from, _zone);
    }

    private static DateTime Valid(DateTime time, TimeZoneInfo zone)
    {
        time = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
        return zone.IsInvalidTime(time) ? time.AddHours(1) : time;
    }
}
