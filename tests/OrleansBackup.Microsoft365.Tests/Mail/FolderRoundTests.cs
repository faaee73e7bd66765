using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Mail;

public sealed class FolderRoundTests
{
    private const string First = "mailFolders/delta?$select=";
    private static readonly string Delta = $"{Given.Root}users/{Given.User}/mailFolders/delta?token=d1";

    [Fact]
    public async Task The_tree_is_listed_flat_with_well_known_names_and_without_what_is_never_backed_up()
    {
        using var given = new Given();
        given.Graph
            .When("GET", First, Reply.Json(Given.Page($"{Folder("in", "Posteingang")},{Folder("sub", "a/b", "in")},{Folder("hid", "x", hidden: true)},{Folder("rec", "Deletions", "dump")},{Folder("below", "y", "rec")},"
                + "{\"@odata.type\":\"#microsoft.graph.mailSearchFolder\",\"id\":\"find\",\"displayName\":\"Unread\"}", delta: Delta)))
            .Always("POST", "$batch", r => Names(r, ("inbox", "in"), ("recoverableitemsdeletions", "rec"), ("searchfolders", "finder")));

        var round = await given.Mailbox().ReadFoldersAsync(null, CancellationToken.None);

        Assert.True(round.IsFull);
        Assert.Equal(["in", "sub"], round.Changed.Select(f => f.Id));
        Assert.Equal("inbox", round.Changed[0].WellKnownName);
        Assert.Equal("a/b", round.Changed[1].DisplayName);
        Assert.Equal(Delta, round.DeltaLink);
    }

    [Fact]
    public async Task Row_18_the_last_word_on_a_folder_within_a_round_counts()
    {
        using var given = new Given();
        given.Graph
            .When("GET", "token=d1", Reply.Json(Given.Page($"{Removed("a")},{Folder("a", "back again")},{Folder("b", "")},{Removed("b")},{Folder("c", "same")},{Folder("d", "same")}", delta: Delta)))
            .Always("POST", "$batch", r => Names(r));

        var round = await given.Mailbox().ReadFoldersAsync(Delta, CancellationToken.None);

        Assert.False(round.IsFull);
        Assert.Equal(["a", "c", "d"], round.Changed.Select(f => f.Id).Order());
        Assert.Equal("b", Assert.Single(round.Removed));
    }

    [Fact]
    public async Task Row_5_a_round_without_changes_costs_one_request()
    {
        using var given = new Given();
        given.Graph.When("GET", "token=d1", Reply.Json(Given.Page("", delta: Delta + "2")));

        var round = await given.Mailbox().ReadFoldersAsync(Delta, CancellationToken.None);

        Assert.Equal(Delta + "2", round.DeltaLink);
        Assert.Single(given.Graph.Sent);
    }

    [Theory]
    [InlineData("SyncStateNotFound", null)]
    [InlineData("resyncRequired", "ok")]
    [InlineData("resyncRequired", "broken")]
    public async Task Row_6_and_7_a_dead_token_reads_the_whole_tree(string code, string? location)
    {
        using var given = new Given();
        (string, string)[] headers = location is null ? [] : [("Location", $"{Given.Root}users/{Given.User}/mailFolders/delta?token={location}")];
        given.Graph
            .When("GET", "token=d1", Reply.Error(410, code, "", headers))
            .When("GET", "token=ok", Reply.Json(Given.Page(Folder("a", "x"), delta: Delta)))
            .Always("GET", "token=broken", _ => Reply.Error(500, "generalException"))
            .When("GET", First, Reply.Json(Given.Page(Folder("a", "x"), delta: Delta)))
            .Always("POST", "$batch", r => Names(r));

        var round = await given.Mailbox().ReadFoldersAsync(Delta, CancellationToken.None);

        Assert.True(round.IsFull);
        Assert.Equal("a", Assert.Single(round.Changed).Id);
    }

    [Fact]
    public async Task A_folder_that_became_hidden_is_told_to_have_left()
    {
        using var given = new Given();
        given.Graph.When("GET", "token=d1", Reply.Json(Given.Page(Folder("a", "x", hidden: true), delta: Delta))).Always("POST", "$batch", r => Names(r));

        var round = await given.Mailbox().ReadFoldersAsync(Delta, CancellationToken.None);

        Assert.Equal("a", Assert.Single(round.Removed));
    }

    [Theory]
    [InlineData(404, "MailboxNotEnabledForRESTAPI", MailboxProblem.NoMailbox)]
    [InlineData(404, "ErrorInvalidUser", MailboxProblem.NoMailbox)]
    [InlineData(404, "Request_ResourceNotFound", MailboxProblem.NoMailbox)]
    [InlineData(401, "AuthenticationError", MailboxProblem.NoMailbox)]
    [InlineData(404, "ResourceNotFound", MailboxProblem.TemporarilyMissing)]
    public async Task Row_14_and_15_no_mailbox_and_a_mailbox_that_hides_are_told_apart(int status, string code, MailboxProblem problem)
    {
        using var given = new Given();
        given.Graph.Always("GET", First, _ => Reply.Error(status, code));

        var error = await Assert.ThrowsAsync<MailboxUnavailableException>(() => given.Mailbox().ReadFoldersAsync(null, CancellationToken.None));

        Assert.Equal((problem, code, problem == MailboxProblem.TemporarilyMissing), (error.Problem, error.Code, error.IsTransient));
    }

    private static string Folder(string id, string name, string parent = "root", bool hidden = false) =>
        $"{{\"id\":\"{id}\",\"displayName\":\"{name}\",\"parentFolderId\":\"{parent}\",\"isHidden\":{(hidden ? "true" : "false")}}}";

    private static string Removed(string id) => $"{{\"id\":\"{id}\",\"@removed\":{{\"reason\":\"deleted\"}}}}";

    /// <summary>Answers the batch that asks for the special folders: these exist, no others.</summary>
    private static Reply Names(SentRequest request, params (string Name, string Id)[] known)
    {
        using var asked = System.Text.Json.JsonDocument.Parse(request.Body);
        return Reply.Json("{\"responses\":[" + string.Join(',', asked.RootElement.GetProperty("requests").EnumerateArray().Select(part =>
        {
            var name = part.GetProperty("url").GetString()!.Split('/')[^1].Split('?')[0];
            var id = known.FirstOrDefault(k => k.Name == name).Id;
            return $"{{\"id\":\"{part.GetProperty("id").GetString()}\",\"status\":{(id is null ? 404 : 200)},\"body\":{(id is null ? "{\"error\":{\"code\":\"ErrorItemNotFound\"}}" : $"{{\"id\":\"{id}\"}}")}}}";
        })) + "]}");
    }
}
