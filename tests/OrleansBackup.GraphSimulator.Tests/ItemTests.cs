using System.Net;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Tests.Given;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>Calendars, contacts and tasks behave as the service does, where it matters to a backup.</summary>
public sealed class ItemTests
{
    private static readonly TenantRecipe Full = new() { Users = 2, MessagesPerMailbox = 1, EventsPerMailbox = 60, ContactsPerMailbox = 40, TasksPerMailbox = 40 };

    private static JsonObject Meeting(string? attendee, string zone = "W. Europe Standard Time") => new()
    {
        ["subject"] = "Jour fixe",
        ["start"] = new JsonObject { ["dateTime"] = "2026-03-16T00:30:00", ["timeZone"] = zone },
        ["end"] = new JsonObject { ["dateTime"] = "2026-03-16T01:00:00", ["timeZone"] = zone },
        ["attendees"] = attendee is null ? new JsonArray() : new JsonArray(new JsonObject { ["emailAddress"] = new JsonObject { ["address"] = attendee }, ["type"] = "required" }),
    };

    private static JsonObject Weekly() => new()
    {
        ["pattern"] = new JsonObject { ["type"] = "weekly", ["interval"] = 1, ["daysOfWeek"] = new JsonArray("monday") },
        ["range"] = new JsonObject { ["type"] = "numbered", ["startDate"] = "2026-03-16", ["numberOfOccurrences"] = 5, ["recurrenceTimeZone"] = "W. Europe Standard Time" },
    };

    [Fact]
    public async Task Making_changing_and_deleting_a_meeting_tells_its_attendees_and_nothing_else_does()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full with { EventsPerMailbox = 0 });
        var sent = graph.Admin.Mailbox(graph.TenantName, graph.User);
        var events = $"/users/{graph.User}/events";

        await graph.PostAsync(events, Meeting(null));
        Assert.Empty(sent.Sent);
        var (_, made) = await graph.PostAsync(events, Meeting("ada@partner.example"), prefer: SimulatedGraph.Immutable);
        await graph.PostAsync($"{events}/{made!["id"]}", new JsonObject { ["subject"] = "Anders" }, HttpMethod.Patch);
        using (await graph.SendAsync(HttpMethod.Delete, $"{events}/{made["id"]}")) { }

        Assert.Equal(["invitation", "update", "cancellation"], sent.Sent.Select(message => message.Kind));
        Assert.All(sent.Sent, message => Assert.Equal(["ada@partner.example"], message.Recipients.AsEnumerable()));
    }

    [Fact]
    public async Task A_series_keeps_its_local_time_and_has_exceptions_and_cancelled_days()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full with { EventsPerMailbox = 0 });
        var events = $"/users/{graph.User}/events";
        var body = Meeting(null);
        body["recurrence"] = Weekly();
        var (status, made) = await graph.PostAsync(events, body, prefer: SimulatedGraph.Immutable);
        Assert.Equal(HttpStatusCode.Created, status);
        var series = $"{events}/{made!["id"]}";

        var instances = (await graph.GetAsync($"{series}/instances?startDateTime=2026-01-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z", SimulatedGraph.Immutable))["value"]!.AsArray();
        await graph.PostAsync($"{events}/{instances[1]!["id"]}", new JsonObject { ["subject"] = "Verschoben" }, HttpMethod.Patch);
        using (await graph.SendAsync(HttpMethod.Delete, $"{events}/{instances[3]!["id"]}")) { }
        var read = await graph.GetAsync($"{series}?$select=subject,cancelledOccurrences,type,start&$expand=exceptionOccurrences", SimulatedGraph.Immutable);

        // Half past midnight in Berlin, before and after the clocks change.
        Assert.Equal(["2026-03-15T23:30:00.0000000", "2026-03-22T23:30:00.0000000", "2026-03-29T22:30:00.0000000", "2026-04-05T22:30:00.0000000", "2026-04-12T22:30:00.0000000"],
            instances.Select(item => (string?)item!["start"]!["dateTime"]));
        Assert.Equal("seriesMaster", (string?)read["type"]);
        Assert.Equal([$"OID.{made["id"]}.2026-04-06"], read["cancelledOccurrences"]!.AsArray().Select(item => (string?)item));
        var exception = Assert.Single(read["exceptionOccurrences"]!.AsArray())!;
        Assert.Equal(("exception", "Verschoben"), ((string?)exception["type"], (string?)exception["subject"]));
        Assert.Equal(HttpStatusCode.NotFound, (await graph.RefusedAsync(HttpMethod.Get, $"{events}/{instances[3]!["id"]}")).Status);
    }

    [Theory]
    [InlineData("id", "x")]
    [InlineData("iCalUId", "x")]
    [InlineData("changeKey", "x")]
    [InlineData("webLink", "x")]
    [InlineData("@odata.etag", "x")]
    public async Task What_was_read_cannot_be_posted_as_it_is(string property, string value)
    {
        await using var graph = await SimulatedGraph.StartAsync(Full);
        var body = Meeting(null);
        body[property] = value;
        Assert.Equal(HttpStatusCode.BadRequest, (await graph.PostAsync($"/users/{graph.User}/events", body)).Status);
    }

    [Fact]
    public async Task Zones_that_nobody_knows_are_refused_in_a_body_and_shown_as_they_are_in_an_answer()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full with { EventsPerMailbox = 300 });
        Assert.Equal(HttpStatusCode.BadRequest, (await graph.PostAsync($"/users/{graph.User}/events", Meeting(null, "tzone://Microsoft/Custom"))).Status);
        var body = Meeting(null);
        body["recurrence"] = Weekly();
        body["recurrence"]!["range"]!["recurrenceTimeZone"] = "";
        Assert.Equal(HttpStatusCode.BadRequest, (await graph.PostAsync($"/users/{graph.User}/events", body)).Status);
        var (items, _) = await graph.AllAsync($"/users/{graph.User}/events?$select=originalStartTimeZone,body");
        Assert.Contains(items, item => (string?)item["originalStartTimeZone"] is "tzone://Microsoft/Custom" or "Customized Time Zone" or "");
        Assert.Contains(items, item => item["body"] is null);
    }

    [Fact]
    public async Task The_default_contact_folder_is_in_no_list_and_known_by_name()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full);
        var contacts = (string?)(await graph.GetAsync($"/users/{graph.User}/contactFolders/contacts"))["id"];
        var (listed, _) = await graph.AllAsync($"/users/{graph.User}/contactFolders");
        var (changed, _) = await graph.AllAsync($"/users/{graph.User}/contactFolders/delta");
        Assert.DoesNotContain(listed.Concat(changed), folder => (string?)folder["id"] == contacts);
        Assert.Equal(contacts, (string?)(await graph.GetAsync($"/users/{graph.User}/contacts?$top=1&$select=parentFolderId"))["value"]![0]!["parentFolderId"]);
    }

    [Fact]
    public async Task A_page_preference_pages_and_top_cuts_the_list_off()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full with { EventsPerMailbox = 0, ContactsPerMailbox = 60 });
        var all = (await graph.AllAsync($"/users/{graph.User}/contacts", "odata.maxpagesize=7")).Items;
        var cut = (await graph.AllAsync($"/users/{graph.User}/contacts?$top=5")).Items;
        Assert.True(all.Count > 7);
        Assert.Equal(5, cut.Count);
    }

    [Fact]
    public async Task Rounds_of_change_tracking_give_what_the_truth_says()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full);
        var mailbox = graph.Admin.Mailbox(graph.TenantName, graph.User);
        var known = new HashSet<string>();
        string? link = null;
        for (var day = 0; day < 5; day++)
        {
            var (items, next) = await graph.AllAsync(link ?? $"/users/{graph.User}/contactFolders/contacts/contacts/delta", $"{SimulatedGraph.Immutable}, odata.maxpagesize=9");
            foreach (var item in items)
                _ = item["@removed"] is null ? known.Add((string)item["id"]!) : known.Remove((string)item["id"]!);
            link = next;
            var state = graph.Admin.Items(graph.TenantName, graph.User);
            var folder = state.Containers.Single(container => container is { WellKnownName: "contacts" }).Id;
            Assert.Equal(state.Items.Where(item => item.ContainerId == folder).Select(item => item.Id).Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
            graph.Admin.PlayLife(graph.TenantName, new Admin.LifeRecipe(1, (ulong)day, ItemIntensity: 40));
        }
        Assert.Empty(mailbox.Sent);
    }

    [Fact]
    public async Task Equal_seeds_make_equal_lives_and_the_past_stays_readable()
    {
        await using var one = await SimulatedGraph.StartAsync(Full);
        await using var two = await SimulatedGraph.StartAsync(Full);
        one.Admin.PlayLife(one.TenantName, new Admin.LifeRecipe(3, 7, ItemIntensity: 30));
        two.Admin.PlayLife(two.TenantName, new Admin.LifeRecipe(3, 7, ItemIntensity: 30));
        Assert.Equal(Held(one), Held(two));
        var past = one.Admin.World.Clock.GetUtcNow().AddDays(-3);
        Assert.NotEqual(Held(one), Held(one, past));

        static List<string> Held(SimulatedGraph graph, DateTimeOffset? at = null) =>
            [.. graph.Admin.Items(graph.TenantName, graph.User, at).Items.Where(item => item.Kind == ItemKind.Contact).Select(item => item.Held.GetRawText())];
    }

    [Fact]
    public async Task Without_its_permission_each_part_is_closed()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full with { Permissions = ["Mail.Read", "Calendars.Read"] });
        Assert.NotNull(await graph.GetAsync($"/users/{graph.User}/calendars"));
        foreach (var path in new[] { "contacts", "contactFolders", "todo/lists" })
            Assert.Equal((HttpStatusCode.Forbidden, "ErrorAccessDenied"), await graph.RefusedAsync(HttpMethod.Get, $"/users/{graph.User}/{path}"));
        Assert.Equal(HttpStatusCode.Forbidden, (await graph.PostAsync($"/users/{graph.User}/events", Meeting(null))).Status);
    }

    [Fact]
    public async Task Real_calendars_and_contacts_are_shown_whole()
    {
        if (SharedFiles.Corpus is not { } corpus)
            return;
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 0, CalendarDirectory = Path.Combine(corpus, "calendar"), ContactDirectory = Path.Combine(corpus, "contacts") });
        var (events, _) = await graph.AllAsync($"/users/{graph.User}/events", "odata.maxpagesize=500");
        var (contacts, _) = await graph.AllAsync($"/users/{graph.User}/contacts", "odata.maxpagesize=500");
        Assert.True(events.Count > 300, $"{events.Count} events");
        Assert.True(contacts.Count > 60, $"{contacts.Count} contacts");
    }
}
