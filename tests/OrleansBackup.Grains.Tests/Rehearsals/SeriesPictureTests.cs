using System.Text;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Grains.Rehearsals;

namespace OrleansBackup.Grains.Tests.Rehearsals;

/// <summary>A series that comes back without its exceptions has not come back.</summary>
public sealed class SeriesPictureTests
{
    private const string Exception = """{"id":"7","originalStart":"2026-03-10T09:00:00Z","subject":"Plan, moved","body":{"contentType":"html","content":"a"},"start":{"dateTime":"2026-03-10T11:00:00.0000000","timeZone":"UTC"},"end":{"dateTime":"2026-03-10T12:00:00.0000000","timeZone":"UTC"}}""";

    [Fact]
    public void The_same_series_with_other_ids_has_the_same_picture() =>
        Assert.Empty(Differences(Series(Exception), Series(Exception.Replace("\"7\"", "\"8\"", StringComparison.Ordinal), cancelled: "OID.other.2026-03-17")));

    [Theory]
    [InlineData("Plan, moved", "Plan, lost", "exceptionOccurrences[2026-03-10].subject")]
    [InlineData("2026-03-10T12:00", "2026-03-10T12:30", "exceptionOccurrences[2026-03-10].end")]
    [InlineData("\"content\":\"a\"", "\"content\":\"b\"", "exceptionOccurrences[2026-03-10].body.content")]
    public void An_exception_that_differs_is_a_difference(string before, string after, string path) =>
        Assert.Equal([path], Differences(Series(Exception), Series(Exception.Replace(before, after, StringComparison.Ordinal))));

    [Fact]
    public void An_exception_or_a_cancelled_day_that_is_gone_is_a_difference()
    {
        Assert.Equal(["exceptionOccurrences[2026-03-10].end", "exceptionOccurrences[2026-03-10].start", "exceptionOccurrences[2026-03-10].subject"], Differences(Series(Exception), Series("")));
        Assert.Equal(["cancelledOccurrences[2026-03-17]", "cancelledOccurrences[2026-03-24]"], Differences(Series(""), Series("", cancelled: "OID.x.2026-03-24")));
    }

    [Fact]
    public void An_occurrence_that_says_what_its_series_says_is_as_good_as_none() => Assert.Empty(Differences(Series(""), Series(
        """{"originalStart":"2026-03-10T09:00:00Z","subject":"Plan","body":{"contentType":"html","content":"a"},"start":{"dateTime":"2026-03-10T09:00:00.0000000","timeZone":"UTC"},"end":{"dateTime":"2026-03-10T10:00:00.0000000","timeZone":"UTC"}}""")));

    [Fact]
    public void A_series_without_a_time_zone_repeats_in_that_of_its_event()
    {
        Assert.Empty(Differences(Series("", zone: ""), Series("", zone: "Tokyo Standard Time")));
        Assert.Equal(["recurrence.range.recurrenceTimeZone"], Differences(Series("", zone: ""), Series("", zone: "UTC")));
    }

    private static string[] Differences(string before, string after) => [.. ItemComparison.Of(Picture(before), Picture(after), []).Differences];

    private static ItemPicture Picture(string json) => SeriesPicture.Add(ItemPicture.Of(Encoding.UTF8.GetBytes(json), ["subject", "body", "recurrence"]), Encoding.UTF8.GetBytes(json));

    private static string Series(string exceptions, string cancelled = "OID.series.1.2026-03-17", string zone = "Tokyo Standard Time") =>
        $$$"""{"subject":"Plan","body":{"contentType":"html","content":"a"},"originalStartTimeZone":"Tokyo Standard Time","start":{"dateTime":"2026-03-03T09:00:00.0000000","timeZone":"UTC"},"end":{"dateTime":"2026-03-03T10:00:00.0000000","timeZone":"UTC"},"recurrence":{"pattern":{"type":"weekly"},"range":{"recurrenceTimeZone":"{{{zone}}}"}},"cancelledOccurrences":["{{{cancelled}}}"],"exceptionOccurrences":[{{{exceptions}}}]}""";
}
