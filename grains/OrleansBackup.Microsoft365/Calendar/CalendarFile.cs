using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansBackup.Microsoft365.Items;

namespace OrleansBackup.Microsoft365.Calendar;

/// <summary>Makes an iCalendar file (RFC 5545) of events and tasks as Graph sent them: series with their exceptions, cancelled days, zones with their rules.</summary>
/// <remarks>
/// It has no METHOD: a file out of a backup is no invitation, and a program that opens it writes to nobody by itself. The bytes of attachments are not in it; they
/// are downloaded beside it.
/// </remarks>
public sealed class CalendarFile
{
    private readonly ContentLineWriter _items = new();
    private readonly SortedDictionary<string, (TimeZoneInfo Zone, int FirstYear)> _zones = new(StringComparer.Ordinal);
    private readonly string _name;
    private readonly DateTimeOffset _stamp;

    /// <param name="name">The calendar's name, for programs that show it.</param>
    /// <param name="stamp">When the restore point was made.</param>
    public CalendarFile(string name, DateTimeOffset stamp) => (_name, _stamp) = (name, stamp);

    /// <summary>How many events and tasks are in it.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an event, single or a series with all that differs in it.</summary>
    public void AddEvent(ReadOnlyMemory<byte> json)
    {
        using var document = JsonBody.Parse(json);
        var series = document.RootElement;
        var times = new EventTimes(series);
        var uid = TolerantJson.GetText(series, "iCalUId") is { Length: > 0 } known ? known : TolerantJson.GetText(series, "id") ?? "unknown";
        var component = new EventComponent(_items, times, uid, _stamp);
        component.Write(series, recurrenceId: null);
        if (series.TryGetProperty("exceptionOccurrences", out var exceptions) && exceptions.ValueKind == JsonValueKind.Array)
        {
            foreach (var exception in exceptions.EnumerateArray()) component.Write(exception, times.Local(TolerantJson.GetText(exception, "originalStart")));
        }

        if (component.NeedsZone && WindowsTimeZones.Find(times.Name) is { } zone)
        {
            var name = WindowsTimeZones.ToDatabaseName(times.Name)!;
            var year = (times.Local(series, "start") ?? _stamp.UtcDateTime).Year - 1;
            _zones[name] = (zone, _zones.TryGetValue(name, out var other) ? Math.Min(other.FirstYear, year) : year);
        }

        Count++;
    }

    /// <summary>Adds a to-do task.</summary>
    public void AddTask(ReadOnlyMemory<byte> json)
    {
        using var document = JsonBody.Parse(json);
        TaskComponent.Write(_items, document.RootElement, _stamp);
        Count++;
    }

    /// <returns>The file in UTF-8.</returns>
    public byte[] ToBytes()
    {
        var file = new ContentLineWriter();
        file.Line("BEGIN", "VCALENDAR");
        file.Line("VERSION", "2.0");
        file.Line("PRODID", "-//OrleansBackup//Restore point//EN");
        file.Line("CALSCALE", "GREGORIAN");
        file.Text("X-WR-CALNAME", _name);
        foreach (var (name, (zone, firstYear)) in _zones) TimeZoneComponent.Write(file, zone, name, firstYear);
        return Encoding.UTF8.GetBytes(file.ToString() + _items + "END:VCALENDAR\r\n");
    }

    internal static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
