using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>Trouble on order is played exactly as ordered.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private SimulatedGraph _graph = null!;

    public async Task InitializeAsync()
    {
        _graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 2, MessagesPerMailbox = 0 });
        for (var i = 0; i < 4; i++)
            _graph.Admin.Deliver(_graph.TenantName, _graph.User, i == 0 ? Samples.WithNestedMessage : Samples.Plain($"subject {i}"));
    }

    public async Task DisposeAsync() => await _graph.DisposeAsync();

    private string User => $"/users/{_graph.User}";
    private string Delta => $"{User}/mailFolders/inbox/messages/delta";

    [Fact]
    public async Task A_status_comes_as_often_as_ordered_and_only_where_ordered()
    {
        Order(new Fault { Kind = FaultKind.Status, Path = "/messages/delta", Mailbox = _graph.User, Status = 429, Code = "ApplicationThrottled", RetryAfterSeconds = 7, Count = 2, Skip = 1 });
        await _graph.GetAsync(Delta);
        await _graph.GetAsync($"/users/{_graph.Tenant.Mailboxes[1].UserId}/mailFolders/inbox/messages/delta");
        Assert.False(_graph.Host.World.Faults.AllPlayed);
        using (var first = await _graph.SendAsync(HttpMethod.Get, Delta))
            Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)), (first.StatusCode, first.Headers.RetryAfter!.Delta));
        Assert.Equal((HttpStatusCode.TooManyRequests, "ApplicationThrottled"), await _graph.RefusedAsync(HttpMethod.Get, Delta));
        await _graph.GetAsync(Delta);
        Assert.True(_graph.Host.World.Faults.AllPlayed);
    }

    [Fact]
    public async Task A_probability_with_a_seed_plays_the_same_requests_every_time()
    {
        async Task<string> PlayAsync()
        {
            _graph.Host.World.Faults.Clear();
            Order(new Fault { Kind = FaultKind.EmptyBody, Probability = 0.5, Seed = 9 });
            var result = new StringBuilder();
            for (var i = 0; i < 20; i++)
                result.Append((await _graph.RefusedAsync(HttpMethod.Get, Delta)).Status == HttpStatusCode.OK ? '.' : 'x');
            return result.ToString();
        }
        var first = await PlayAsync();
        Assert.Equal(first, await PlayAsync());
        Assert.Contains('x', first);
        Assert.Contains('.', first);
    }

    [Theory]
    [InlineData(FaultKind.Reset)]
    [InlineData(FaultKind.LostReply)]
    [InlineData(FaultKind.CutBody)]
    public async Task A_broken_connection_is_felt_by_the_client(FaultKind kind)
    {
        Order(new Fault { Kind = kind, Count = 1, Path = "/messages/delta" });
        await Assert.ThrowsAnyAsync<Exception>(() => _graph.GetAsync(Delta));
        Played();
        await _graph.GetAsync(Delta);
    }

    [Theory]
    [InlineData(FaultKind.WrongLength)]
    [InlineData(FaultKind.CorruptJson)]
    [InlineData(FaultKind.ErrorInBody)]
    [InlineData(FaultKind.ControlCharacters)]
    public async Task Damaged_json_comes_with_a_clean_200(FaultKind kind)
    {
        Order(new Fault { Kind = kind, Count = 1, Path = "/messages/delta" });
        using var response = await _graph.SendAsync(HttpMethod.Get, Delta);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(text));
        Played();
    }

    [Fact]
    public async Task An_empty_page_leads_to_the_real_one()
    {
        Order(new Fault { Kind = FaultKind.EmptyPage, Count = 1, Path = "/messages/delta" });
        var page = await _graph.GetAsync(Delta);
        Assert.Empty(page["value"]!.AsArray());
        Assert.Equal(4, (await _graph.AllAsync((string)page["@odata.nextLink"]!)).Items.Count);
        Played();
    }

    [Fact]
    public async Task Items_come_twice_or_in_another_order()
    {
        var ids = (await _graph.AllAsync(Delta)).Items.Select(item => (string)item["id"]!).ToList();
        Order(new Fault { Kind = FaultKind.RepeatedItems, Count = 1 });
        Assert.Equal([.. ids, .. ids], (await _graph.AllAsync(Delta)).Items.Select(item => (string)item["id"]!));
        Order(new Fault { Kind = FaultKind.OutOfOrder, Count = 1 });
        Assert.Equal(Enumerable.Reverse(ids), (await _graph.AllAsync(Delta)).Items.Select(item => (string)item["id"]!));
        Order(new Fault { Kind = FaultKind.StrayRemoval, Count = 1 });
        Assert.True((await _graph.AllAsync(Delta)).Items[0].ContainsKey("@removed"));
        Played();
    }

    [Fact]
    public async Task A_looping_delta_never_reaches_its_end_until_the_order_is_done()
    {
        Order(new Fault { Kind = FaultKind.LoopingDelta, Count = 3, Path = "/messages/delta" });
        var links = new HashSet<string>();
        var next = Delta;
        for (var i = 0; i < 3; i++)
        {
            var page = await _graph.GetAsync(next);
            Assert.Equal(4, page["value"]!.AsArray().Count);
            Assert.True(links.Add(next = (string)page["@odata.nextLink"]!));
        }
        Assert.NotNull((await _graph.GetAsync(next))["@odata.deltaLink"]);
        Played();
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.Gone, "SyncStateNotFound")]
    [InlineData(400, "syncStateInvalid", HttpStatusCode.BadRequest, "syncStateInvalid")]
    [InlineData(404, "ResyncRequired", HttpStatusCode.NotFound, "ResyncRequired")]
    public async Task Tokens_die_in_every_way_there_is(int? status, string? code, HttpStatusCode expected, string expectedCode)
    {
        Order(new Fault { Kind = FaultKind.TokenDeath, Status = status, Code = code, Count = 1 });
        var (_, link) = await _graph.AllAsync(Delta); // without a token there is nothing to die
        Assert.Equal((expected, expectedCode), await _graph.RefusedAsync(HttpMethod.Get, link!));
        Played();
    }

    [Fact]
    public async Task A_broken_message_fails_alone_and_takes_its_page_with_it()
    {
        var ids = (await _graph.AllAsync(Delta, SimulatedGraph.Immutable)).Items.Select(item => (string)item["id"]!).ToList();
        Order(new Fault { Kind = FaultKind.BrokenItem, ItemId = ids[1] });
        Assert.Equal((HttpStatusCode.InternalServerError, "ErrorContentConversionFailed"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/messages/{ids[1]}/$value"));
        Assert.Equal((HttpStatusCode.InternalServerError, "ErrorContentConversionFailed"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/messages/{ids[1]}"));
        Assert.Equal((HttpStatusCode.InternalServerError, "InternalServerError"), await _graph.RefusedAsync(HttpMethod.Get, Delta));
        Assert.Equal((HttpStatusCode.InternalServerError, "InternalServerError"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/mailFolders/inbox/messages"));
        var first = await _graph.GetAsync(Delta, "odata.maxpagesize=1"); // page by page the others can be had
        Assert.Equal((HttpStatusCode.InternalServerError, "InternalServerError"), await _graph.RefusedAsync(HttpMethod.Get, (string)first["@odata.nextLink"]!, prefer: "odata.maxpagesize=1"));
        await _graph.BytesAsync($"{User}/messages/{ids[2]}/$value");
        Played();
    }

    [Fact]
    public async Task A_broken_attachment_never_opens_but_is_listed()
    {
        var id = (string)(await _graph.AllAsync(Delta, SimulatedGraph.Immutable)).Items[0]["id"]!;
        var list = (await _graph.GetAsync($"{User}/messages/{id}/attachments?$select=id", SimulatedGraph.Immutable))["value"]!.AsArray();
        Order(new Fault { Kind = FaultKind.BrokenAttachment, ItemId = id, AttachmentId = (string)list[0]!["id"]! });
        Assert.Equal((HttpStatusCode.InternalServerError, "ErrorCannotOpenFileAttachment"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/messages/{id}/attachments/{list[0]!["id"]}/$value"));
        Assert.Equal(HttpStatusCode.InternalServerError, (await _graph.RefusedAsync(HttpMethod.Get, $"{User}/messages/{id}/attachments")).Status);
        Assert.Equal(2, (await _graph.GetAsync($"{User}/messages/{id}/attachments?$select=id,name"))["value"]!.AsArray().Count);
        await _graph.BytesAsync($"{User}/messages/{id}/attachments/{list[1]!["id"]}/$value");
        Played();
    }

    [Fact]
    public async Task Tokens_and_permissions_go_away_in_the_middle()
    {
        Order(new Fault { Kind = FaultKind.TokenRevoked, Count = 1, Path = "/messages/" });
        Order(new Fault { Kind = FaultKind.PermissionWithdrawn, Count = 1, Path = "^/users\\?" });
        Assert.Equal((HttpStatusCode.Unauthorized, "InvalidAuthenticationToken"), await _graph.RefusedAsync(HttpMethod.Get, Delta));
        Assert.Equal((HttpStatusCode.Forbidden, "Authorization_RequestDenied"), await _graph.RefusedAsync(HttpMethod.Get, "/users?$top=5"));
        Played();
    }

    [Fact]
    public async Task A_delay_runs_on_the_given_clock_and_holds_its_place()
    {
        Order(new Fault { Kind = FaultKind.Delay, DelayMilliseconds = 1, Count = 1, Path = "/messages/delta" });
        await _graph.GetAsync(Delta);
        Played();
    }

    [Fact]
    public async Task Inside_a_batch_a_part_is_throttled_alone()
    {
        Order(new Fault { Kind = FaultKind.Status, Status = 429, Code = "MailboxConcurrency", RetryAfterSeconds = 11, Count = 1, Path = "archive" });
        var requests = new JsonArray([.. new[] { "inbox", "archive" }.Select(name => (JsonNode)new JsonObject { ["id"] = name, ["method"] = "GET", ["url"] = $"{User}/mailFolders/{name}" })]);
        var (status, body) = await _graph.PostAsync("/$batch", new JsonObject { ["requests"] = requests });
        Assert.Equal(HttpStatusCode.OK, status);
        var parts = body!["responses"]!.AsArray().ToDictionary(part => (string)part!["id"]!, part => part!);
        Assert.Equal((200, 429, "11"), ((int)parts["inbox"]["status"]!, (int)parts["archive"]["status"]!, (string)parts["archive"]["headers"]!["Retry-After"]!));
        Assert.Equal("Inbox", (string)parts["inbox"]["body"]!["displayName"]!);
        Played();
    }

    private void Order(Fault fault) => _graph.Host.World.Faults.Add(fault);

    private void Played() => Assert.True(_graph.Host.World.Faults.AllPlayed);
}
