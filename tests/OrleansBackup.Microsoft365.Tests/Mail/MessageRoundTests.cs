using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Mail;

public sealed class MessageRoundTests
{
    private const string Full = "messages/delta?$select=id,changeKey,createdDateTime";
    private const string Slim = "messages/delta?$select=id,changeKey,parentFolderId";
    private const string Plain = "messages?$select=id,changeKey,parentFolderId";

    [Fact]
    public async Task A_first_round_lists_the_folder_and_ends_with_the_link_of_the_next()
    {
        using var given = new Given();
        given.Graph
            .When("GET", Full, Reply.Json(Given.Page(Given.Message("a"), next: Given.Link("p2"))))
            .When("GET", "token=p2", Reply.Json(Given.Page(Given.Message("b"), delta: Given.Link("d1"))));

        var pages = await given.ReadAllAsync();

        Assert.Equal(["a", "b"], Listed(pages));
        Assert.All(pages, p => Assert.True(p.IsFull));
        Assert.Equal([false, true], pages.Select(p => p.IsLast));
        Assert.Equal(Given.Link("d1"), pages[^1].Link);
    }

    [Fact]
    public async Task Row_16_every_request_of_a_mailbox_asks_for_immutable_ids()
    {
        using var given = new Given();
        given.Graph
            .When("GET", Full, Reply.Json(Given.Page(Given.Message("a"), next: Given.Link("p2"))))
            .When("GET", "token=p2", Reply.Json(Given.Page("", delta: Given.Link("d1"))));

        await given.ReadAllAsync();

        Assert.All(given.Graph.Sent, r => Assert.Contains("IdType=\"ImmutableId\"", r.Prefer));
    }

    [Fact]
    public async Task A_round_from_a_delta_link_is_not_full()
    {
        using var given = new Given();
        given.Graph.When("GET", "token=d1", Reply.Json(Given.Page("{\"id\":\"a\",\"@removed\":{\"reason\":\"deleted\"}}", delta: Given.Link("d2"))));

        var page = Assert.Single(await given.ReadAllAsync(Given.Link("d1")));

        Assert.False(page.IsFull);
        Assert.Equal(new MessageRemoved("a"), Assert.Single(page.Changes));
        Assert.Equal(Given.Link("d2"), page.Link);
    }

    [Fact]
    public async Task A_full_round_that_goes_on_from_a_stored_link_knows_that_it_is_full()
    {
        using var given = new Given();
        given.Graph
            .When("GET", Full, Reply.Json(Given.Page(Given.Message("a"), next: Given.Link("p2"))))
            .When("GET", "token=p2", Reply.Json(Given.Page(Given.Message("b"), delta: Given.Link("d1"))));
        string? link = null;
        await foreach (var first in given.Mailbox().ReadMessagesAsync("f", null, CancellationToken.None))
        {
            link = first.Link;
            break; // the process is killed here
        }

        var page = Assert.Single(await given.ReadAllAsync(link));

        Assert.True(page.IsFull);
        Assert.False(page.Restarted);
        Assert.Equal(Given.Link("d1"), page.Link);
    }

    [Fact]
    public async Task Row_3_the_last_occurrence_within_a_page_wins()
    {
        using var given = new Given();
        given.Graph.When("GET", Full, Reply.Json(Given.Page(
            $"{Given.Message("a", "k1")},{Given.Message("b")},{{\"id\":\"b\",\"@removed\":{{\"reason\":\"deleted\"}}}},{Given.Message("a", "k2")}", delta: Given.Link("d1"))));

        var page = Assert.Single(await given.ReadAllAsync());

        Assert.Equal(2, page.Changes.Length);
        Assert.Equal("k2", Assert.IsType<MessageListed>(page.Changes[0]).Message.ChangeKey);
        Assert.Equal(new MessageRemoved("b"), page.Changes[1]);
    }

    [Fact]
    public async Task Row_5_an_empty_page_with_a_next_link_is_followed()
    {
        using var given = new Given();
        given.Graph
            .When("GET", "token=d1", Reply.Json(Given.Page("", next: Given.Link("p2"))))
            .When("GET", "token=p2", Reply.Json(Given.Page(Given.Message("a"), delta: Given.Link("d2"))));

        Assert.Equal(["a"], Listed(await given.ReadAllAsync(Given.Link("d1"))));
    }

    [Theory]
    [InlineData(410, "SyncStateNotFound")]
    [InlineData(410, "syncstatenotfound")]
    [InlineData(400, "SyncStateInvalid")]
    [InlineData(404, "ResyncRequired")]
    [InlineData(410, "resyncRequired")]
    [InlineData(410, "resyncChangesApplyDifferences")]
    [InlineData(410, "anythingElse")]
    public async Task Row_6_a_dead_token_of_any_kind_starts_a_full_round_that_says_so(int status, string code)
    {
        using var given = new Given();
        given.Graph
            .When("GET", "token=d1", Reply.Error(status, code))
            .When("GET", Full, Reply.Json(Given.Page(Given.Message("a"), delta: Given.Link("d2"))));

        var page = Assert.Single(await given.ReadAllAsync(Given.Link("d1")));

        Assert.True(page.IsFull);
        Assert.True(page.Restarted);
        Assert.NotEmpty(page.Warnings);
        Assert.Equal(Given.Link("d2"), page.Link);
    }

    [Fact]
    public async Task Row_6_the_address_that_comes_with_a_dead_token_is_used()
    {
        using var given = new Given();
        given.Graph
            .When("GET", "token=d1", Reply.Error(410, "resyncRequired", "", ("Location", Given.Link("fresh"))))
            .When("GET", "token=fresh", Reply.Json(Given.Page(Given.Message("a"), delta: Given.Link("d2"))));

        var page = Assert.Single(await given.ReadAllAsync(Given.Link("d1")));

        Assert.True(page is { IsFull: true, Restarted: true });
        given.Graph.AssertAllPlayed();
    }

    [Fact]
    public async Task Row_7_an_address_that_fails_itself_is_replaced_by_a_plain_start()
    {
        using var given = new Given();
        given.Graph
            .When("GET", "token=d1", Reply.Error(410, "resyncRequired", "", ("Location", Given.Link("fresh"))))
            .When("GET", "token=fresh", Reply.Error(500, "generalException"), Reply.Error(500, "generalException"))
            .When("GET", Full, Reply.Json(Given.Page(Given.Message("a"), delta: Given.Link("d2"))));

        var page = Assert.Single(await given.ReadAllAsync(Given.Link("d1")));

        Assert.True(page is { IsFull: true, Restarted: true });
        Assert.Equal(["a"], Listed([page]));
        given.Graph.AssertAllPlayed();
    }

    [Fact]
    public async Task Row_6_a_token_that_keeps_dying_ends_in_a_plain_list()
    {
        using var given = new Given();
        given.Graph
            .Always("GET", "messages/delta", _ => Reply.Error(410, "SyncStateNotFound"))
            .When("GET", Plain, Reply.Json(Given.Page("{\"id\":\"a\"}")))
            .When("POST", "$batch", Batch(("0", 200, Given.Message("a"))));

        var page = Assert.Single(await given.ReadAllAsync(Given.Link("d1")));

        Assert.True(page is { IsFull: true, IsLast: true, Link: "" });
        Assert.Equal(["a"], Listed([page]));
    }

    [Fact]
    public async Task Row_1_a_delta_that_walks_in_circles_is_begun_anew_and_then_replaced_by_a_list()
    {
        using var given = new Given();
        var link = 0;
        given.Graph
            .Always("GET", "messages/delta", _ => Reply.Json(Given.Page(Given.Message("a"), next: Given.Link($"loop{link++}"))))
            .When("GET", Plain, Reply.Json(Given.Page("{\"id\":\"a\"},{\"id\":\"b\"}")))
            .When("POST", "$batch", Batch(("0", 200, Given.Message("a")), ("1", 200, Given.Message("b"))));

        var pages = await given.ReadAllAsync();

        Assert.True(pages.Count < 10);
        Assert.True(pages[^1] is { IsFull: true, IsLast: true, Restarted: true, Link: "" });
        Assert.Equal(["a", "b"], Listed([pages[^1]]));
    }

    [Theory]
    [InlineData("https://elsewhere.example/v1.0/users/u/messages/delta?token=x")]
    [InlineData("slim+full+https://elsewhere.example/delta?token=x")]
    [InlineData("nonsense")]
    public async Task A_stored_link_that_leads_elsewhere_is_not_followed(string link)
    {
        using var given = new Given();
        given.Graph.When("GET", Full, Reply.Json(Given.Page(Given.Message("a"), delta: Given.Link("d1"))));

        var page = Assert.Single(await given.ReadAllAsync(link));

        Assert.True(page is { IsFull: true, Restarted: true });
        Assert.NotEmpty(page.Warnings);
    }

    [Theory]
    [InlineData("https://elsewhere.example/v1.0/users/u/messages/delta?token=x")]
    [InlineData("https://graph.microsoft.com/v1.0/users//mailFolders/f/messages/delta?token=x")]
    [InlineData("not a link")]
    public async Task A_next_link_that_leads_nowhere_is_not_followed(string next)
    {
        using var given = new Given();
        given.Graph
            .When("GET", Full, Reply.Json(Given.Page(Given.Message("a"), next: next)))
            .When("GET", Full, Reply.Json(Given.Page(Given.Message("a"), delta: Given.Link("d1"))));

        var page = Assert.Single(await given.ReadAllAsync());

        Assert.True(page is { IsLast: true, Restarted: true });
        Assert.All(given.Graph.Sent, r => Assert.Equal("graph.microsoft.com", r.Address.Host));
    }

    [Fact]
    public async Task Row_9_a_page_that_fails_is_asked_for_in_halves()
    {
        using var given = new Given();
        given.Graph.Always("GET", Full, r => SizeOf(r) > 25 ? Reply.Error(500, "InternalServerError", "Error while processing response") : Reply.Json(Given.Page(Given.Message("a"), delta: Given.Link("d1"))));

        var page = Assert.Single(await given.ReadAllAsync());

        Assert.Equal(["a"], Listed([page]));
        Assert.Equal([50, 50, 25], given.Graph.Sent.Select(SizeOf));
    }

    [Fact]
    public async Task Row_9_a_message_whose_content_breaks_every_page_is_found_by_listing_ids_and_reported()
    {
        using var given = new Given();
        given.Graph
            .Always("GET", Full, _ => Reply.Error(500, "InternalServerError"))
            .When("GET", Slim, Reply.Json(Given.Page("{\"id\":\"good\"},{\"id\":\"bad\"},{\"id\":\"gone\"}", delta: Given.Link("slim1"))))
            .When("POST", "$batch", Batch(("0", 200, Given.Message("good")), ("1", 500, Error("ErrorContentConversionFailed")), ("2", 404, Error("ErrorItemNotFound"))));

        var page = Assert.Single(await given.ReadAllAsync());

        Assert.Equal(["good"], Listed([page]));
        Assert.Equal(new MessageUnlisted("bad", "ErrorContentConversionFailed"), page.Changes[1]);
        Assert.Equal(2, page.Changes.Length);
        Assert.Equal("slim+" + Given.Link("slim1"), page.Link);
    }

    [Fact]
    public async Task A_round_by_ids_goes_on_by_ids()
    {
        using var given = new Given();
        given.Graph
            .When("GET", "token=slim1", Reply.Json(Given.Page("{\"id\":\"a\"}", delta: Given.Link("slim2"))))
            .When("POST", "$batch", Batch(("0", 200, Given.Message("a"))));

        var page = Assert.Single(await given.ReadAllAsync("slim+" + Given.Link("slim1")));

        Assert.True(Assert.IsType<MessageListed>(Assert.Single(page.Changes)).Message.HasBody);
        Assert.False(page.IsFull);
        Assert.Equal("slim+" + Given.Link("slim2"), page.Link);
    }

    [Fact]
    public async Task Row_9_a_message_that_breaks_every_list_is_stepped_over_and_reported()
    {
        using var given = new Given();
        string[] ids = ["a", "bad", "c"];
        given.Graph
            .Always("GET", "messages/delta", _ => Reply.Error(500, "InternalServerError"))
            .Always("GET", "messages?$select=id&$skip=1", _ => Reply.Error(500, "InternalServerError"))
            .Always("GET", Plain, r =>
            {
                var skip = r.Path.Contains("$skip=", StringComparison.Ordinal) ? int.Parse(r.Path.Split("$skip=")[1], provider: null) : 0;
                var shown = ids.Skip(skip).Take(SizeOf(r)).ToList();
                if (shown.Contains("bad")) return Reply.Error(500, "InternalServerError");
                var next = skip + shown.Count;
                return Reply.Json(Given.Page(string.Join(',', shown.Select(id => $"{{\"id\":\"{id}\"}}")),
                    next: next < ids.Length ? $"{Given.Root}users/{Given.User}/mailFolders/f/messages?$select=id,changeKey,parentFolderId&$skip={next}" : null));
            })
            .Always("POST", "$batch", r => Batch(("0", 200, Given.Message(r.Body.Contains("/c?", StringComparison.Ordinal) ? "c" : "a"))));

        var pages = await given.ReadAllAsync();

        Assert.Equal(["a", "c"], Listed(pages));
        Assert.Equal([new MessageUnlisted(null, "InternalServerError")], pages.SelectMany(p => p.Changes).OfType<MessageUnlisted>());
        Assert.True(pages[0].Restarted);
        Assert.True(pages[^1] is { IsLast: true, IsFull: true, Link: "" });
    }

    [Fact]
    public async Task Row_18_a_folder_that_vanished_is_said_to_be_gone()
    {
        using var given = new Given();
        given.Graph.When("GET", Full, Reply.Error(404, "ErrorItemNotFound"));

        await Assert.ThrowsAsync<FolderGoneException>(() => given.ReadAllAsync());
    }

    [Fact]
    public async Task Row_19_a_full_mailbox_that_refuses_delta_is_read_by_the_plain_list()
    {
        using var given = new Given();
        given.Graph
            .When("GET", Full, Reply.Error(400, "ErrorQuotaExceeded"))
            .When("GET", Plain, Reply.Json(Given.Page("{\"id\":\"a\"}")))
            .When("POST", "$batch", Batch(("0", 200, Given.Message("a"))));

        var page = Assert.Single(await given.ReadAllAsync());

        Assert.True(page is { IsFull: true, IsLast: true, Link: "" });
        Assert.Equal(["a"], Listed([page]));
    }

    [Fact]
    public async Task Row_38_and_39_no_request_limits_the_total_or_filters()
    {
        using var given = new Given();
        given.Graph.When("GET", Full, Reply.Json(Given.Page("", delta: Given.Link("d1"))));

        await given.ReadAllAsync();

        var sent = Assert.Single(given.Graph.Sent);
        Assert.DoesNotContain("$top", sent.Path);
        Assert.DoesNotContain("$filter", sent.Path);
        Assert.Contains("odata.maxpagesize=50", sent.Prefer);
    }

    private static IEnumerable<string> Listed(IEnumerable<MessagePage> pages) => pages.SelectMany(p => p.Changes).OfType<MessageListed>().Select(c => c.Message.Id);

    private static int SizeOf(SentRequest request) => int.Parse(request.Prefer.Split("maxpagesize=")[1].Split(',')[0], provider: null);

    private static string Error(string code) => $"{{\"error\":{{\"code\":\"{code}\",\"message\":\"\"}}}}";

    private static Reply Batch(params (string Id, int Status, string Body)[] parts) => Reply.Json(
        $"{{\"responses\":[{string.Join(',', parts.Select(p => $"{{\"id\":\"{p.Id}\",\"status\":{p.Status},\"body\":{p.Body}}}"))}]}}");
}
