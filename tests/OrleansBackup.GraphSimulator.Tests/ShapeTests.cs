using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Tests.Given;
using Xunit.Abstractions;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>What the simulator sends and asks exists in Microsoft's own descriptions.</summary>
public sealed class ShapeTests(ITestOutputHelper output)
{
    // Paths that the published list does not have, though the service has them.
    private static readonly string[] NotListed =
    [
        "GET /users/{user}/messages/{message}/$value", "GET /users/{user}/mailFolders/{folder}/messages/$count",
        "GET /users/{user}/messages/{message}/attachments/{attachment}", "GET /users/{user}/messages/{message}/attachments/{attachment}/$value",
        "GET /users/{user}/mailFolders/{folder}/messages/{message}/attachments/{attachment}/$value",
        "GET /users/{user}/mailFolders/{folder}/messages/{message}/attachments/{attachment}",
        "DELETE /users/{user}/messages/{message}/attachments/{attachment}", "DELETE /users/{user}/mailFolders/{folder}/messages/{message}/attachments/{attachment}",
        "GET /directory/deletedItems/microsoft.graph.user",
        // The list knows hosted contents and nothing of their bytes.
        "GET /teams/{team}/channels/{channel}/messages/{message}/hostedContents/{content}/$value",
        "GET /teams/{team}/channels/{channel}/messages/{message}/replies/{reply}/hostedContents/{content}/$value",
        "GET /drives/{drive}/root", "GET /drives/{drive}/root/children", "GET /drives/{drive}/items/{parent}:/{name}",
        "POST /drives/{drive}/root/children", "POST /drives/{drive}/items/{parent}:/{name}:/createUploadSession",
        // The list names pages without the cast to the type that has what is on them, and tells of publishing under an address without it.
        "GET /sites/{site}/pages/microsoft.graph.sitePage", "GET /sites/{site}/pages/{page}/microsoft.graph.sitePage", "POST /sites/{site}/pages/{page}/microsoft.graph.sitePage/publish",
        "GET /users/{user}/calendar", "GET /users/{user}/calendars/{calendar}", "PATCH /users/{user}/calendars/{calendar}",
        "GET /users/{user}/events/{event}/attachments/{attachment}", "GET /users/{user}/events/{event}/attachments/{attachment}/$value",
        "DELETE /users/{user}/events/{event}/attachments/{attachment}",
        "GET /users/{user}/contacts/{contact}/photo/$value", "PUT /users/{user}/contacts/{contact}/photo/$value",
        "GET /users/{user}/todo/lists/{list}/tasks/{task}/attachments/{attachment}/$value",
        "GET /users/{user}/settings/exchange", "POST /users/{user}/translateExchangeIds",
        // The schema binds the action to calendars and to items of drives, and lists can be deleted where they can be made; the list of paths has neither.
        "POST /users/{user}/calendars/{calendar}/permanentDelete", "POST /drives/{drive}/items/{item}/permanentDelete", "DELETE /sites/{site}/lists/{list}",
        "GET /admin/exchange/mailboxes/{mailbox}/folders/{folder}/childFolders", "GET /admin/exchange/mailboxes/{mailbox}/folders/{folder}/items/delta",
    ];

    // The list has the session by name for the one permission and by id for the other; the service opens both to both.
    private static readonly string[] UploadsByWriters = ["Files.ReadWrite.All POST /drives/{id}/items/{id}/createuploadsession"];

    // The permission's own description says "create, read, update and delete"; its list of paths forgets reading one message.
    private static readonly string[] ReadByWriters =
    [
        "Mail.ReadWrite GET /users/{id}/messages/{id}", "Mail.ReadWrite GET /users/{id}/mailfolders/{id}/messages/{id}",
        "Mail.ReadWrite GET /users/{id}/messages/{id}/attachments", "Mail.ReadWrite GET /users/{id}/mailfolders/{id}/messages/{id}/attachments",
        "Calendars.ReadWrite GET /users/{id}/events/{id}", "Calendars.ReadWrite GET /users/{id}/calendars/{id}/events/{id}", "Calendars.ReadWrite GET /users/{id}/events/{id}/instances",
        "Calendars.ReadWrite GET /users/{id}/events/{id}/attachments", "Contacts.ReadWrite GET /users/{id}/contacts/{id}/photo",
    ];

    [Fact]
    public async Task Every_property_sent_exists_in_the_published_schema_with_its_type()
    {
        if (SharedFiles.GraphSchema is not { } folder)
        {
            output.WriteLine("Left out: no published schema (ORLEANSBACKUP_GRAPH_SCHEMA).");
            return;
        }
        var schema = new GraphSchema(Path.Combine(folder, "graph-v1.0.csdl.xml"));
        await using var graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 2, Rooms = 1, Guests = 1, MessagesPerMailbox = 60, EventsPerMailbox = 120, ContactsPerMailbox = 40, TasksPerMailbox = 60, Sites = 4, Groups = 1, Teams = 1, FilesPerDrive = 40 });
        graph.Admin.PlayLife(graph.TenantName, new Admin.LifeRecipe(2, ItemIntensity: 20));
        var nested = graph.Admin.Deliver(graph.TenantName, graph.User, Samples.WithNestedMessage);
        var user = $"/users/{graph.User}";
        var message = MessageNames;
        await CheckCollaborationAsync(graph, schema, CheckAsync);
        await CheckAsync("/organization", "organization");
        await CheckAsync("/subscribedSkus", "subscribedSku");
        await CheckAsync("/users?$select=accountEnabled,assignedLicenses,assignedPlans,businessPhones,companyName,createdDateTime,deletedDateTime,department,displayName,employeeId,givenName,jobTitle,mail,mailNickname,mobilePhone,officeLocation,onPremisesSyncEnabled,otherMails,preferredDataLocation,preferredLanguage,proxyAddresses,surname,usageLocation,userPrincipalName,userType", "user");
        await CheckAsync($"{user}?$select=mailboxSettings", "user");
        await CheckAsync($"{user}/mailboxSettings", "mailboxSettings");
        var drive = $"/drives/{graph.Admin.Drive(graph.TenantName, graph.User).Id}";
        await CheckAsync(drive, "drive");
        await CheckAsync($"{drive}/root", "driveItem");
        await CheckAsync($"{drive}/root/delta", "driveItem");
        var shared = (await graph.GetAsync($"{drive}/root/delta"))["value"]!.AsArray().First(item => item!["shared"] is not null && item["file"] is not null)!;
        await CheckAsync($"{drive}/items/{shared["id"]}", "driveItem");
        await CheckAsync($"{drive}/items/{shared["id"]}/permissions", "permission");
        await CheckAsync($"{drive}/items/{shared["id"]}/versions", "driveItemVersion");
        await CheckAsync($"{user}/mailFolders?includeHiddenFolders=true", "mailFolder");
        await CheckAsync($"{user}/messages?$select={message}&$expand=attachments,singleValueExtendedProperties($filter=id eq 'Integer 0x0E07')", "message");
        await CheckAsync($"{user}/messages/{nested}/attachments", "attachment");
        var attachment = (await graph.GetAsync($"{user}/messages/{nested}/attachments"))["value"]!.AsArray().First(item => (string?)item!["@odata.type"] == "#microsoft.graph.itemAttachment")!;
        await CheckAsync($"{user}/messages/{nested}/attachments/{attachment["id"]}?$expand=microsoft.graph.itemattachment/item", "attachment");
        await CheckAsync($"{user}/calendars", "calendar");
        await CheckAsync($"{user}/calendarGroups", "calendarGroup");
        await CheckAsync($"{user}/contactFolders", "contactFolder");
        await CheckAsync($"{user}/contacts", "contact");
        await CheckAsync($"{user}/todo/lists", "todoTaskList");
        foreach (var list in (await graph.GetAsync($"{user}/todo/lists"))["value"]!.AsArray())
        {
            await CheckAsync($"{user}/todo/lists/{list!["id"]}/tasks?$expand=checklistItems,linkedResources", "todoTask");
            await CheckAsync($"{user}/todo/lists/{list["id"]}/tasks/delta", "todoTask");
        }
        foreach (var calendar in (await graph.GetAsync($"{user}/calendars"))["value"]!.AsArray())
        {
            var events = await graph.GetAsync($"{user}/calendars/{calendar!["id"]}/events?$expand=attachments", "odata.maxpagesize=200");
            await CheckAsync($"{user}/calendars/{calendar["id"]}/events?$expand=attachments", "event");
            foreach (var series in events["value"]!.AsArray().Where(item => (string?)item!["type"] == "seriesMaster"))
                await CheckAsync($"{user}/events/{series!["id"]}?$expand=exceptionOccurrences,attachments", "event");
        }

        async Task CheckAsync(string path, string type)
        {
            var answer = await graph.GetAsync(path, "odata.maxpagesize=100");
            var items = answer["value"] is JsonArray list ? list.Select(item => item!.AsObject()) : [answer];
            // An identity is open: files and sites tell the address of a person too.
            var wrong = items.SelectMany(item => schema.Violations(item, type, path)).Where(violation => !violation.EndsWith("/user/email is no property of identity", StringComparison.Ordinal)).ToList();
            Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(10)));
        }
    }

    private static async Task CheckCollaborationAsync(SimulatedGraph graph, GraphSchema schema, Func<string, string, Task> check)
    {
        var tenant = graph.Admin.Tenant(graph.TenantName);
        graph.Host.World.Limits.Current = new Limits.LimitSettings { Enabled = false };
        await check("/groups", "group");
        await check("/groups/delta", "group");
        await check($"/groups/{tenant.Collaboration.Teams.First().Id}/members", "user");
        await check($"/groups/{tenant.Collaboration.Teams.First().Id}/sites/root", "site");
        await check("/sites/getAllSites", "site");
        var site = $"/sites/{tenant.Collaboration.Sites.First(candidate => candidate.GroupId is not null).Id}";
        await check(site, "site");
        await check($"{site}/permissions", "permission");
        await check($"{site}/lists?$expand=columns,contentTypes", "list");
        foreach (var list in (await graph.GetAsync($"{site}/lists?$select=id,system"))["value"]!.AsArray())
            foreach (var item in (await graph.GetAsync($"{site}/lists/{list!["id"]}/items/delta?$expand=fields"))["value"]!.AsArray().Select(item => item!.AsObject()))
            {
                item.Remove("fields"); // open: any name
                Assert.Empty(schema.Violations(item, "listItem"));
            }
        await check($"{site}/pages", "sitePage");
        var page = (string)(await graph.GetAsync($"{site}/pages"))["value"]![0]!["id"]!;
        await check($"{site}/pages/{page}/microsoft.graph.sitePage?$expand=canvasLayout", "sitePage");
        await check("/teams", "team");
        foreach (var team in tenant.Collaboration.Teams.Select(team => $"/teams/{team.Id}"))
        {
            await check(team, "team");
            await check($"{team}/members", "aadUserConversationMember");
            await check($"{team}/installedApps", "teamsAppInstallation");
            await check($"{team}/channels", "channel");
            var channel = (string)(await graph.GetAsync($"{team}/channels"))["value"]![0]!["id"]!;
            await check($"{team}/channels/{channel}", "channel");
            await check($"{team}/channels/{channel}/tabs", "teamsTab");
            await check($"{team}/channels/{channel}/members", "aadUserConversationMember");
            await check($"{team}/channels/{channel}/filesFolder", "driveItem");
            await check($"{team}/channels/{channel}/messages?$expand=replies", "chatMessage");
            await check($"{team}/channels/{channel}/messages/delta", "chatMessage");
        }
    }

    [Fact]
    public async Task A_select_of_something_unknown_is_refused()
    {
        await using var graph = await SimulatedGraph.StartAsync();
        foreach (var path in new[] { "/users?$select=shoeSize", $"/users/{graph.User}/messages?$select=Subject", $"/users/{graph.User}/mailFolders?$select=colour", $"/users/{graph.User}/mailFolders/inbox/messages/delta?$select=id,nonsense" })
            Assert.Equal((System.Net.HttpStatusCode.BadRequest, "BadRequest"), await graph.RefusedAsync(HttpMethod.Get, path));
    }

    [Fact]
    public async Task Every_permission_that_opens_a_path_is_listed_for_it_by_the_service()
    {
        if (SharedFiles.GraphSchema is not { } folder)
        {
            output.WriteLine("Left out: no published permission list (ORLEANSBACKUP_GRAPH_SCHEMA).");
            return;
        }
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "permissions.json")));
        var allowed = Allowed(document.RootElement.GetProperty("permissions"));
        allowed.UnionWith(ReadByWriters);
        allowed.UnionWith(UploadsByWriters);
        await using var host = await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions(), CancellationToken.None);
        var wrong = new List<string>();
        foreach (var route in host.Routes)
        {
            if (NotListed.Contains($"{route.Method} {route.Template}"))
            {
                output.WriteLine($"Not in the list: {route.Method} {route.Template}");
                continue;
            }
            var path = System.Text.RegularExpressions.Regex.Replace(route.Template, @"\{\w+\}", "{id}").ToLowerInvariant();
            wrong.AddRange(route.AnyOf.Where(permission => !allowed.Contains($"{permission} {route.Method} {path}")).Select(permission => $"{permission} does not open {route.Method} {path}"));
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static HashSet<string> Allowed(JsonElement permissions)
    {
        var allowed = new HashSet<string>();
        foreach (var permission in permissions.EnumerateObject())
        {
            foreach (var set in permission.Value.GetProperty("pathSets").EnumerateArray())
            {
                if (set.GetProperty("schemeKeys").EnumerateArray().All(key => key.GetString() != "Application"))
                    continue;
                foreach (var path in set.GetProperty("paths").EnumerateObject())
                {
                    foreach (var method in set.GetProperty("methods").EnumerateArray())
                        allowed.Add($"{permission.Name} {method.GetString()} {path.Name.ToLowerInvariant()}");
                }
            }
        }
        return allowed;
    }

    private static readonly string MessageNames = string.Join(',', new[] { "createdDateTime", "lastModifiedDateTime", "changeKey", "categories", "receivedDateTime", "sentDateTime", "hasAttachments",
        "internetMessageId", "subject", "bodyPreview", "importance", "parentFolderId", "conversationId", "conversationIndex", "isDeliveryReceiptRequested", "isReadReceiptRequested", "isRead", "isDraft", "webLink",
        "inferenceClassification", "body", "uniqueBody", "sender", "from", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "flag", "internetMessageHeaders" });
}
