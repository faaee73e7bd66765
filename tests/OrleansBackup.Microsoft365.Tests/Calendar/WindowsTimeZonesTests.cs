using NodaTime.TimeZones;
using OrleansBackup.Microsoft365.Calendar;

namespace OrleansBackup.Microsoft365.Tests.Calendar;

/// <summary>The connector's table of zones against one by another hand: the same mapping as NodaTime publishes it.</summary>
public sealed class WindowsTimeZonesTests
{
    private static readonly TzdbDateTimeZoneSource Source = TzdbDateTimeZoneSource.Default;

    [Fact]
    public void Every_zone_of_Windows_is_known_and_is_the_zone_that_it_is_elsewhere()
    {
        var wrong = Source.WindowsMapping.PrimaryMapping.Where(zone => Canonical(WindowsTimeZones.Find(zone.Key)?.Id) != Canonical(zone.Value))
            .Select(zone => $"{zone.Key} is {zone.Value}, not {WindowsTimeZones.Find(zone.Key)?.Id ?? "unknown"}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Whatever_zone_an_event_has_it_is_written_under_a_name_that_the_mapping_has()
    {
        var summer = new DateTime(2026, 7, 1);
        foreach (var id in Source.CanonicalIdMap.Keys.Where(id => WindowsTimeZones.Find(id) is not null))
        {
            if (WindowsTimeZones.ToServiceName(id, summer) is not { } name) continue;
            Assert.True(Source.WindowsMapping.PrimaryMapping.ContainsKey(name) || Source.WindowsMapping.PrimaryMapping.Values.Any(zone => Canonical(zone) == Canonical(name)), $"{id} would be written as {name}.");
        }
    }

    private static string? Canonical(string? id) => id is null ? null : Source.CanonicalIdMap.TryGetValue(id, out var canonical) ? canonical : id;
}
