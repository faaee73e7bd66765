namespace OrleansBackup.Domain.Schedule;

/// <summary>The calendar in which contracts count days: the provider's own time zone, not the machine's.</summary>
/// <remarks>Source: both service descriptions count Dutch days; a day of 23 or 25 hours is one day.</remarks>
public sealed class ContractCalendar(TimeZoneInfo zone)
{
    /// <summary>Europe/Amsterdam.</summary>
    public static ContractCalendar Amsterdam { get; } = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam"));

    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>What the clock on the wall shows at this instant; in the hour that comes twice, twice the same.</summary>
    public DateTime WallTimeOf(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    /// <summary>The instant at which the clock on the wall shows this time on this day.</summary>
    /// <remarks>A time that the change to summer time leaves out becomes the first instant after it; a time that comes twice, the first of the two.</remarks>
    public DateTimeOffset At(DateOnly day, TimeSpan timeOfDay)
    {
        var local = day.ToDateTime(TimeOnly.MinValue) + timeOfDay;
        if (zone.IsInvalidTime(local))
            local += zone.GetUtcOffset(local.AddHours(3)) - zone.GetUtcOffset(local.AddHours(-3));
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
