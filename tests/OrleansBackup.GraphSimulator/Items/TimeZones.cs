using System.Globalization;
using NodaTime;
using NodaTime.TimeZones;

namespace OrleansBackup.GraphSimulator.Items;

/// <summary>The time zones that this service knows, everything else being invalid to it. By NodaTime's own tables, so that a mistake in another table is seen here.</summary>
/// <remarks>Source: Microsoft Graph, "dateTimeTimeZone": the names of Windows, and of the time zone database about one for each of them; CLDR, windowsZones, territory 001.</remarks>
internal static class TimeZones
{
    private const string Format = "yyyy-MM-ddTHH:mm:ss.fffffff";

    private static readonly TzdbDateTimeZoneSource Source = TzdbDateTimeZoneSource.Default;

    // Windows still has them and CLDR does not map them: what Windows shows of them is their offset or their successor.
    private static readonly Dictionary<string, string> Obsolete = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Mid-Atlantic Standard Time"] = "Etc/GMT+2", ["Kamchatka Standard Time"] = "Asia/Kamchatka",
    };

    private static readonly Dictionary<string, string> Windows = new(Source.WindowsMapping.PrimaryMapping.Concat(Obsolete).DistinctBy(pair => pair.Key), StringComparer.OrdinalIgnoreCase);

    /// <summary>Under the name that CLDR uses and under the one of today.</summary>
    private static readonly HashSet<string> OfDatabase = new(Windows.Values.Concat(Windows.Values.Select(id => Source.CanonicalIdMap[id])), StringComparer.OrdinalIgnoreCase);

    // An hour that the clocks have twice is the later one; one that they skip is meant an hour later.
    private static readonly ZoneLocalMappingResolver Resolver = Resolvers.CreateMappingResolver(Resolvers.ReturnLater, Resolvers.ReturnForwardShifted);

    /// <summary>Those that are chosen for what is generated; the order is part of every seed.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "UTC", "W. Europe Standard Time", "Romance Standard Time", "GMT Standard Time", "Central Europe Standard Time", "Central European Standard Time", "FLE Standard Time", "Turkey Standard Time",
        "Eastern Standard Time", "Central Standard Time", "Pacific Standard Time", "India Standard Time", "Tokyo Standard Time", "AUS Eastern Standard Time", "Nepal Standard Time",
        "E. South America Standard Time",
    ];

    public static bool IsKnown(string? name) => name is not null && (Windows.ContainsKey(name) || OfDatabase.Contains(name));

    /// <summary>A local time as UTC; null when the zone is unknown or the text no time.</summary>
    public static DateTime? ToUtc(string? local, string? zone) =>
        DateTime.TryParse(local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && IsKnown(zone)
            ? LocalDateTime.FromDateTime(time).InZone(DateTimeZoneProviders.Tzdb[Windows.GetValueOrDefault(zone!, zone!)], Resolver).ToDateTimeUtc() : null;

    public static string Text(DateTime time) => time.ToString(Format, CultureInfo.InvariantCulture);
}
