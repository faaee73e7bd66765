using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Tests.Given;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>Reading folders, messages and attachments.</summary>
public sealed class MailReadTests : IAsyncLifetime
{
    private SimulatedGraph _graph = null!;

    public async Task InitializeAsync() => _graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 2, Rooms = 1, Guests = 1, UnlicensedUsers = 1, MessagesPerMailbox = 0 });

    public async Task DisposeAsync() => await _graph.DisposeAsync();

    private string User => $"/users/{_graph.User}";

    [Fact]
    public async Task The_list_has_the_top_level_only_and_hidden_folders_on_request()
    {
        var (visible, _) = await _graph.AllAsync($"{User}/mailFolders", "odata.maxpagesize=100");
        var (all, _) = await _graph.AllAsync($"{User}/mailFolders?includeHiddenFolders=true");
        Assert.DoesNotContain(visible, folder => (bool)folder["isHidden"]!);
        Assert.Contains(all, folder => (string)folder["displayName"]! == "Sync Issues");
        Assert.DoesNotContain(all, folder => (string)folder["displayName"]! == "Conflicts");
        Assert.Contains(all, folder => (string?)folder["@odata.type"] == "#microsoft.graph.mailSearchFolder");
        Assert.Equal("Conflicts", (string)(await _graph.GetAsync($"{User}/mailFolders/conflicts"))["displayName"]!);
        Assert.Equal("Deletions", (string)(await _graph.GetAsync($"{User}/mailFolders/recoverableitemsdeletions"))["displayName"]!);
    }

    [Fact]
    public async Task Mime_opens_by_the_message_alone()
    {
        var id = Deliver(Samples.Plain("mime"));
        Assert.Equal(Samples.Plain("mime"), await _graph.BytesAsync($"{User}/messages/{id}/$value"));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "ErrorInvalidRequest"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/mailFolders/inbox/messages/{id}/$value"));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "ErrorInvalidRequest"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/messages/{id}/%24value"));
    }

    [Fact]
    public async Task Wrong_ids_are_refused_as_malformed_or_not_found()
    {
        var id = Deliver(Samples.Plain("one"));
        Assert.Equal((HttpStatusCode.BadRequest, "ErrorInvalidIdMalformed"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/messages/nonsense"));
        Assert.Equal((HttpStatusCode.BadRequest, "ErrorInvalidIdMalformed"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/messages/{id.ToLowerInvariant()}"));
        Assert.Equal((HttpStatusCode.NotFound, "ErrorItemNotFound"), await _graph.RefusedAsync(HttpMethod.Get, $"/users/{_graph.Tenant.Mailboxes[1].UserId}/messages/{id}"));
        Assert.Equal((HttpStatusCode.NotFound, "ErrorItemNotFound"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/mailFolders/archive/messages/{id}"));
        Assert.Equal((HttpStatusCode.NotFound, "Request_ResourceNotFound"), await _graph.RefusedAsync(HttpMethod.Get, $"/users/{Guid.NewGuid()}"));
        Assert.Equal((HttpStatusCode.BadRequest, "BadRequest"), await _graph.RefusedAsync(HttpMethod.Get, "/me"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _graph.RefusedAsync(HttpMethod.Delete, "/users")).Status);
    }

    [Fact]
    public async Task A_message_shows_what_its_mime_says()
    {
        var id = Deliver(Samples.WithNestedMessage);
        var message = await _graph.GetAsync($"{User}/messages/{id}?$select=subject,from,toRecipients,body,hasAttachments,internetMessageHeaders,receivedDateTime,sentDateTime", SimulatedGraph.Immutable);
        Assert.Equal("Grüße", (string)message["subject"]!);
        Assert.Equal(("Lovelace, Ada", "ada@partner.example"), ((string)message["from"]!["emailAddress"]!["name"]!, (string)message["from"]!["emailAddress"]!["address"]!));
        Assert.Equal(["user1@contoso.example", "user2@contoso.example"], message["toRecipients"]!.AsArray().Select(to => (string)to!["emailAddress"]!["address"]!));
        Assert.Equal("<p>Hi <img src=\"cid:logo\"></p>", (string)message["body"]!["content"]!);
        Assert.True((bool)message["hasAttachments"]!);
        Assert.Contains(message["internetMessageHeaders"]!.AsArray(), header => (string)header!["name"]! == "In-Reply-To");
        Assert.Equal("2026-02-02T09:00:00Z", (string)message["sentDateTime"]!);
        var text = await _graph.GetAsync($"{User}/messages/{id}?$select=body", "outlook.body-content-type=\"text\"");
        Assert.Equal(("text", "Hi"), ((string)text["body"]!["contentType"]!, ((string)text["body"]!["content"]!).Trim()));
    }

    [Fact]
    public async Task Attachments_open_as_bytes_as_json_and_with_the_messages_inside()
    {
        var id = Deliver(Samples.WithNestedMessage);
        var list = (await _graph.GetAsync($"{User}/messages/{id}/attachments?$select=id,name,size,isInline"))["value"]!.AsArray();
        Assert.Equal(2, list.Count);
        var file = await _graph.GetAsync($"{User}/messages/{id}/attachments/{list[0]!["id"]}");
        Assert.Equal(("bär.png", "logo", true), ((string)file["name"]!, (string)file["contentId"]!, (bool)file["isInline"]!));
        Assert.Equal("hello", Encoding.ASCII.GetString(Convert.FromBase64String((string)file["contentBytes"]!)));
        Assert.NotEqual(5, (int)file["size"]!); // the size counts overhead
        Assert.Equal("hello", Encoding.ASCII.GetString(await _graph.BytesAsync($"{User}/messages/{id}/attachments/{list[0]!["id"]}/$value")));
        var item = await _graph.GetAsync($"{User}/messages/{id}/attachments/{list[1]!["id"]}?$expand=microsoft.graph.itemattachment/item");
        Assert.Equal("inside", (string)item["item"]!["subject"]!);
        Assert.Equal("deeper", (string)item["item"]!["attachments"]![0]!["item"]!["subject"]!);
        Assert.StartsWith("From: b@partner.example\r\nSubject: inside", Encoding.ASCII.GetString(await _graph.BytesAsync($"{User}/messages/{id}/attachments/{list[1]!["id"]}/$value")), StringComparison.Ordinal);
        Assert.False((await _graph.GetAsync($"{User}/messages/{id}/attachments/{list[1]!["id"]}")).ContainsKey("item"));
    }

    [Fact]
    public async Task Extended_properties_come_by_id_and_can_be_searched_for()
    {
        const string name = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name RestoreKey";
        Deliver(Samples.Plain("other"));
        await _graph.PostAsync($"{User}/mailFolders/inbox/messages", new JsonObject
        {
            ["subject"] = "marked",
            ["singleValueExtendedProperties"] = new JsonArray(new JsonObject { ["id"] = name, ["value"] = "k1" }, new JsonObject { ["id"] = "Integer 0x0E07", ["value"] = "1" }),
        });
        var filter = Uri.EscapeDataString($"singleValueExtendedProperties/Any(ep: ep/id eq '{name}' and ep/value eq 'k1')");
        var expand = Uri.EscapeDataString($"singleValueExtendedProperties($filter=id eq '{name}' or id eq 'Integer 0x0E07')");
        var (found, _) = await _graph.AllAsync($"{User}/mailFolders/inbox/messages?$filter={filter}&$expand={expand}");
        var properties = Assert.Single(found)["singleValueExtendedProperties"]!.AsArray().ToDictionary(property => (string)property!["id"]!, property => (string)property!["value"]!);
        Assert.Equal("k1", properties[name]);
        Assert.Equal("3", properties["Integer 0xe07"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await _graph.RefusedAsync(HttpMethod.Get, $"{User}/messages?$filter=body/content eq 'x'")).Status);
    }

    [Fact]
    public async Task A_user_without_a_mailbox_is_told_apart_from_one_that_does_not_exist()
    {
        var (users, _) = await _graph.AllAsync("/users?$select=id,userType,assignedLicenses");
        foreach (var user in users.Where(user => (string?)user["userType"] == "Guest" || user["assignedLicenses"]!.AsArray().Count == 0))
        {
            var isRoom = _graph.Tenant.Mailboxes.Any(mailbox => mailbox.UserId.ToString() == (string)user["id"]!);
            if (!isRoom)
                Assert.Equal((HttpStatusCode.NotFound, "MailboxNotEnabledForRESTAPI"), await _graph.RefusedAsync(HttpMethod.Get, $"/users/{user["id"]}/mailFolders/inbox"));
        }
        Assert.Equal((HttpStatusCode.NotFound, "ErrorInvalidUser"), await _graph.RefusedAsync(HttpMethod.Get, "/users/nobody@contoso.example/mailFolders/inbox"));
        var room = _graph.Tenant.Mailboxes.Single(mailbox => mailbox.Purpose == "room").UserId;
        Assert.Equal("room", (string)(await _graph.GetAsync($"/users/{room}/mailboxSettings/userPurpose"))["value"]!);
        Assert.False((bool)(await _graph.GetAsync($"/users/{room}?$select=accountEnabled"))["accountEnabled"]!);
        _graph.Admin.SetMailboxRefusal(_graph.TenantName, _graph.User, new MailboxRefusal(404, "ResourceNotFound", "Resource could not be discovered."));
        Assert.Equal((HttpStatusCode.NotFound, "ResourceNotFound"), await _graph.RefusedAsync(HttpMethod.Get, $"{User}/mailFolders/inbox"));
        _graph.Admin.SetMailboxRefusal(_graph.TenantName, _graph.User, null);
        await _graph.GetAsync($"{User}/mailFolders/inbox");
    }

    [Fact]
    public async Task A_list_of_users_pages_and_counts_only_when_asked_properly()
    {
        var page = await _graph.GetAsync("/users?$top=2&$select=id");
        Assert.Equal(2, page["value"]!.AsArray().Count);
        Assert.Equal(5, (await _graph.AllAsync("/users?$top=2&$select=id")).Items.Count);
        Assert.Equal((HttpStatusCode.BadRequest, "Request_UnsupportedQuery"), await _graph.RefusedAsync(HttpMethod.Get, "/users?$count=true"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _graph.RefusedAsync(HttpMethod.Get, "/users/delta?$top=3")).Status);
    }

    private string Deliver(byte[] mime) => _graph.Admin.Deliver(_graph.TenantName, _graph.User, mime);
}
