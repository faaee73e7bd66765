using System.Globalization;

namespace OrleansBackup.GraphSimulator.Items;

/// <summary>The Windows time zones that this service knows; everything else is invalid to it.</summary>
internal static class TimeZones
{
    private const string Format = "yyyy-MM-ddTHH:mm:ss.fffffff";

    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["UTC"] = "UTC", ["W. Europe Standard Time"] = "Europe/Berlin", ["Romance Standard Time"] = "Europe/Paris", ["GMT Standard Time"] = "Europe/London",
        ["Central Europe Standard Time"] = "Europe/Budapest", ["Central European Standard Time"] = "Europe/Warsaw", ["FLE Standard Time"] = "Europe/Kiev",
        ["Turkey Standard Time"] = "Europe/Istanbul", ["Eastern Standard Time"] = "America/New_York", ["Central Standard Time"] = "America/Chicago",
        ["Pacific Standard Time"] = "America/Los_Angeles", ["India Standard Time"] = "Asia/Calcutta", ["Tokyo Standard Time"] = "Asia/Tokyo",
        ["AUS Eastern Standard Time"] = "Australia/Sydney", ["Nepal Standard Time"] = "Asia/Katmandu", ["E. South America Standard Time"] = "America/Sao_Paulo",
    };

    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys];

    public static bool IsKnown(string? name) => name is not null && (Known.ContainsKey(name) || Known.ContainsValue(name));

    /// <summary>A local time as UTC; null when the zone is unknown or the text no time.</summary>
    public static DateTime? ToUtc(string? local, string? zone)
    {
        if (!DateTime.TryParse(local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) || !IsKnown(zone))
            return null;
        var found = TimeZoneInfo.FindSystemTimeZoneById(Known.GetValueOrDefault(zone!, zone!));
        var unspecified = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
        // A time that the clocks skip is meant an hour later.
        return TimeZoneInfo.ConvertTimeToUtc(found.IsInvalidTime(unspecified) ? unspecified.AddHours(1) : unspecified, found);
    }

    public static string Text(DateTime time) => time.ToString(Format, CultureInfo.InvariantCulture);
}
