using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>The export and import of mailbox items behaves as the service documents it.</summary>
public sealed class ExportTests
{
    private static readonly TenantRecipe Full = new()
    {
        Users = 2, MessagesPerMailbox = 60, EventsPerMailbox = 30, ContactsPerMailbox = 10, TasksPerMailbox = 10, Permissions = [.. KnownPermissions.All, .. ExportPermissions.All],
    };

    [Fact]
    public async Task Folders_of_every_kind_list_their_items_with_size_and_class()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full);
        var root = await RootAsync(graph);
        Assert.Matches("^MBX:[0-9a-f-]{36}@[0-9a-f-]{36}$", (string?)(await graph.GetAsync($"/users/{graph.User}/settings/exchange"))["primaryMailboxId"]);
        var folders = (await graph.GetAsync($"{root}/folders?$top=100"))["value"]!.AsArray();
        Assert.Equal(["IPF.Appointment", "IPF.Contact", "IPF.Note", "IPF.Task"], folders.Select(folder => (string)folder!["type"]!).Distinct().Order(StringComparer.Ordinal));
        foreach (var folder in folders)
        {
            var items = (await graph.GetAsync($"{root}/folders/{folder!["id"]}/items?$top=1"))["value"]!.AsArray();
            Assert.All(items, item => Assert.True(item!["size"]!.GetValue<long>() > 100));
            Assert.All(items, item => Assert.StartsWith(((string)folder["type"]!).Replace("IPF", "IPM", StringComparison.Ordinal).Replace("Note", "", StringComparison.Ordinal), (string)item!["type"]!, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Changes_of_a_folder_come_by_delta()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full);
        var root = await RootAsync(graph);
        var inbox = (string)(await graph.GetAsync($"/users/{graph.User}/mailFolders/inbox"))["id"]!;
        var link = await DrainAsync(graph, $"{root}/folders/{inbox}/items/delta?$select=changeKey");
        var id = graph.Admin.Deliver(graph.TenantName, graph.User, Samples.Plain("neu"));

        var page = await graph.GetAsync(link, SimulatedGraph.Immutable);

        Assert.Equal(id, (string?)Assert.Single(page["value"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task One_request_exports_twenty_items_each_with_its_own_error_and_equal_bytes_each_time()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full);
        var root = await RootAsync(graph);
        var ids = graph.Admin.State(graph.TenantName, graph.User).Messages.Select(message => message.Id).Take(21).ToList();
        graph.Host.World.Faults.Add(new Fault { Kind = FaultKind.UnexportableItem, ItemId = ids[4], Count = 1 });

        Assert.Equal(HttpStatusCode.BadRequest, (await ExportAsync(graph, root, ids)).Status);
        var first = (await ExportAsync(graph, root, [.. ids.Take(19), "AAMkunsinn"])).Body!["value"]!.AsArray();
        var second = (await ExportAsync(graph, root, [.. ids.Take(19)])).Body!["value"]!.AsArray();

        Assert.Equal("ErrorItemCorrupt", (string?)first[4]!["error"]!["code"]);
        Assert.Equal("ErrorInvalidIdMalformed", (string?)first[19]!["error"]!["code"]);
        Assert.Equal(18, first.Count(item => item!["data"] is not null));
        Assert.All(Enumerable.Range(0, 19).Where(i => i != 4), i => Assert.Equal((string?)first[i]!["data"], (string?)second[i]!["data"]));
    }

    [Fact]
    public async Task Create_and_update_follow_their_rules_and_what_was_changed_on_the_way_is_refused()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full);
        var root = await RootAsync(graph);
        var message = graph.Admin.State(graph.TenantName, graph.User).Messages[0];
        var exported = (await ExportAsync(graph, root, [message.Id])).Body!["value"]![0]!;
        var (data, key) = ((string)exported["data"]!, (string)exported["changeKey"]!);
        var session = await SessionAsync(graph, root);

        Assert.Equal("ErrorInvalidRequest", await CodeAsync(Body("create", data, message.Id, key)));
        Assert.Equal("ErrorInvalidRequest", await CodeAsync(Body("update", data)));
        Assert.Equal("ErrorIrresolvableConflict", await CodeAsync(Body("update", data, message.Id, "other")));
        Assert.Equal("ErrorCorruptData", await CodeAsync(Body("create", data[..100] + (data[100] == 'A' ? 'B' : 'A') + data[101..])));
        Assert.Null(await CodeAsync(Body("update", data, message.Id, key)));
        Assert.Null(await CodeAsync(Body("create", data)));
        Assert.Equal("ErrorInvalidParentFolder", await CodeAsync(new JsonObject { ["FolderId"] = graph.Admin.Items(graph.TenantName, graph.User).Containers[0].Id, ["Mode"] = "create", ["Data"] = data }));
        using (var signedIn = new HttpRequestMessage(HttpMethod.Post, session) { Content = Json(Body("create", data)) })
        using (var refused = await graph.Client.SendAsync(signedIn))
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode); // a token goes to Graph alone

        JsonObject Body(string mode, string content, string? id = null, string? changeKey = null)
        {
            var body = new JsonObject { ["FolderId"] = message.FolderId, ["Mode"] = mode, ["Data"] = content };
            if (id is not null)
                (body["ItemId"], body["ChangeKey"]) = (id, changeKey);
            return body;
        }

        Task<string?> CodeAsync(JsonObject body) => ImportAsync(graph, session, body);
    }

    [Fact]
    public async Task A_session_expires_and_permissions_are_told_apart()
    {
        await using var graph = await SimulatedGraph.StartAsync(Full, new GraphSimulatorOptions { Limits = new LimitSettings { ImportSessionLifetime = TimeSpan.FromSeconds(-1) } });
        var root = await RootAsync(graph);
        Assert.Equal("InvalidAuthenticationToken", await ImportAsync(graph, await SessionAsync(graph, root), new JsonObject()));

        graph.Admin.SetPermissions(graph.TenantName, [.. KnownPermissions.All, "MailboxItem.Export.All"]);
        Assert.Equal((HttpStatusCode.Forbidden, "ErrorAccessDenied"), await graph.RefusedAsync(HttpMethod.Post, $"{root}/createImportSession", Json(new JsonObject())));
        Assert.Equal(HttpStatusCode.OK, (await ExportAsync(graph, root, [graph.Admin.State(graph.TenantName, graph.User).Messages[0].Id])).Status);
        graph.Admin.SetPermissions(graph.TenantName, KnownPermissions.All);
        Assert.Equal(HttpStatusCode.Forbidden, (await ExportAsync(graph, root, ["x"])).Status);
    }

    private static async Task<string> RootAsync(SimulatedGraph graph) =>
        $"/admin/exchange/mailboxes/{Uri.EscapeDataString((string)(await graph.GetAsync($"/users/{graph.User}/settings/exchange"))["primaryMailboxId"]!)}";

    private static async Task<(HttpStatusCode Status, JsonObject? Body)> ExportAsync(SimulatedGraph graph, string root, IEnumerable<string> ids)
    {
        using var answer = await graph.SendAsync(HttpMethod.Post, $"{root}/exportItems", Json(new JsonObject { ["itemIds"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) }), SimulatedGraph.Immutable);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())?.AsObject());
    }

    private static async Task<string> SessionAsync(SimulatedGraph graph, string root)
    {
        using var answer = await graph.SendAsync(HttpMethod.Post, $"{root}/createImportSession", Json(new JsonObject()));
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["importUrl"]!;
    }

    /// <returns>The code of the refusal; null when it was taken.</returns>
    private static async Task<string?> ImportAsync(SimulatedGraph graph, string session, JsonObject body)
    {
        using var client = new HttpClient(graph.Host.CreateHttpHandler());
        using var answer = await client.PostAsync(new Uri(session), Json(body));
        return (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]?["code"];
    }

    private static async Task<string> DrainAsync(SimulatedGraph graph, string path)
    {
        while (true)
        {
            var page = await graph.GetAsync(path, SimulatedGraph.Immutable);
            if ((string?)page["@odata.deltaLink"] is { } link)
                return link;
            path = (string)page["@odata.nextLink"]!;
        }
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");
}
