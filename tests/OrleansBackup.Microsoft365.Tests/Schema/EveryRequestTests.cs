using Xunit.Abstractions;

namespace OrleansBackup.Microsoft365.Tests.Schema;

/// <summary>Holds every request that the connector can send against Microsoft's own description of the service.</summary>
public sealed class EveryRequestTests(ITestOutputHelper output)
{
    private static readonly Lazy<GraphSchema?> Schema = new(GraphSchema.TryLoad);

    [Theory]
    [InlineData(nameof(ConnectorTour.MailAsync), 20)]
    [InlineData(nameof(ConnectorTour.CalendarAsync), 15)]
    [InlineData(nameof(ConnectorTour.ContactsAsync), 14)]
    [InlineData(nameof(ConnectorTour.TasksAsync), 13)]
    [InlineData(nameof(ConnectorTour.DrivesAsync), 14)]
    [InlineData(nameof(ConnectorTour.SitesAsync), 18)]
    [InlineData(nameof(ConnectorTour.TeamsAsync), 20)]
    [InlineData(nameof(ConnectorTour.ExportsAsync), 7)]
    public async Task Every_path_property_and_permission_is_as_the_service_describes_it(string tour, int kindsAtLeast)
    {
        if (Schema.Value is not { } schema)
        {
            output.WriteLine("Left out: paths, properties and permissions were not compared with Microsoft's description, which is not at hand (ORLEANSBACKUP_GRAPH_SCHEMA).");
            return;
        }

        await using var connector = await ConnectorTour.StartAsync();
        var requests = await connector.RecordAsync(tour);

        var judge = new RequestJudge(schema);
        var kinds = requests.ToLookup(judge.KindOf, judge.Judge);
        foreach (var kind in kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal)) output.WriteLine(kind.Key);
        var faults = kinds.SelectMany(kind => kind.SelectMany(found => found).Distinct().Select(fault => $"{kind.Key}: {fault}")).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(kinds.Count >= kindsAtLeast, $"The recording has {kinds.Count} kinds of requests and does not cover what the connector does.");
    }

    [Fact]
    public void A_wrong_path_option_property_or_permission_is_seen()
    {
        if (Schema.Value is not { } schema) return;
        var judge = new RequestJudge(schema);

        Assert.Empty(judge.Judge(new RecordedRequest("GET", "/users/1/events/2?$select=subject&$expand=calendar($select=id)", "", ["Calendars.Read"])));
        Assert.Contains("no such path", Assert.Single(judge.Judge(new RecordedRequest("GET", "/users/1/happenings/2", "", ["Calendars.Read"]))), StringComparison.Ordinal);
        Assert.Contains("'event' has no 'title'", judge.Judge(new RecordedRequest("GET", "/users/1/events/2?$select=title", "", ["Calendars.Read"])));
        Assert.Contains("'calendar' has no 'title'", judge.Judge(new RecordedRequest("GET", "/users/1/events/2?$expand=calendar($select=title)", "", ["Calendars.Read"])));
        Assert.Contains("'dateTimeTimeZone' has no 'zone'", judge.Judge(new RecordedRequest("POST", "/users/1/calendars/2/events", """{"start":{"zone":"UTC"}}""", ["Calendars.ReadWrite"])));
        Assert.Contains("the action takes no 'sendMail'", judge.Judge(new RecordedRequest("POST", "/drives/1/items/2/invite", """{"sendMail":false}""", ["Files.ReadWrite.All"])));
        Assert.Contains("not allowed by Mail.Read", Assert.Single(judge.Judge(new RecordedRequest("GET", "/users/1/events/2", "", ["Mail.Read"]))), StringComparison.Ordinal);
        Assert.Contains("not allowed by Sites.Read.All", Assert.Single(judge.Judge(new RecordedRequest("POST", "/sites/1/lists", "", ["Sites.Read.All"]))), StringComparison.Ordinal);
    }
}
