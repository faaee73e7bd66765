using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>The administration over HTTP, as a demo in another process uses it.</summary>
public sealed class AdminHttpTests : IAsyncLifetime
{
    private SimulatedGraph _graph = null!;

    public async Task InitializeAsync() => _graph = await SimulatedGraph.StartAsync(new TenantRecipe { Users = 1, MessagesPerMailbox = 10 });

    public async Task DisposeAsync() => await _graph.DisposeAsync();

    private string Mailbox => $"/_sim/tenants/{_graph.TenantName}/mailboxes/{_graph.User}";

    [Fact]
    public async Task A_tenant_is_made_and_can_be_signed_in_to()
    {
        var created = await SendAsync(HttpMethod.Post, "/_sim/tenants", new JsonObject { ["name"] = "Other", ["domain"] = "other.example", ["seed"] = 3, ["users"] = 2, ["rooms"] = 1, ["messagesPerMailbox"] = 5 });
        Assert.Equal(3, created["mailboxes"]!.AsArray().Count);
        Assert.Equal(("user", 5), ((string)created["mailboxes"]![0]!["purpose"]!, (int)created["mailboxes"]![0]!["messages"]!));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = (string)created["clientId"]!,
            ["client_secret"] = (string)created["clientSecret"]!,
            ["scope"] = "https://graph.microsoft.com/.default",
            ["grant_type"] = "client_credentials",
        });
        using var token = await _graph.Client.PostAsync(new Uri("/other.example/oauth2/v2.0/token", UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
    }

    [Fact]
    public async Task A_day_of_life_moves_the_clock_by_a_day_and_the_state_of_before_stays()
    {
        var clock = (DateTimeOffset)(await SendAsync(HttpMethod.Get, "/_sim/clock"))["now"]!;
        var before = await SendAsync(HttpMethod.Get, $"{Mailbox}/state");
        var life = await SendAsync(HttpMethod.Post, $"/_sim/tenants/{_graph.TenantName}/life", new JsonObject { ["days"] = 1, ["seed"] = 4, ["intensity"] = 30 });
        Assert.NotEmpty(life["changes"]!.AsObject());
        Assert.True((DateTimeOffset)(await SendAsync(HttpMethod.Get, "/_sim/clock"))["now"]! >= clock.AddDays(1));
        var at = Uri.EscapeDataString((string)before["at"]!);
        Assert.Equal(before.ToJsonString(), (await SendAsync(HttpMethod.Get, $"{Mailbox}/state?at={at}")).ToJsonString());
        Assert.NotEqual(before["messages"]!.ToJsonString(), (await SendAsync(HttpMethod.Get, $"{Mailbox}/state"))["messages"]!.ToJsonString());
    }

    [Fact]
    public async Task Deliver_move_rename_delete_and_empty_change_the_mailbox_and_the_past_keeps_the_bytes()
    {
        using var mime = new ByteArrayContent(Samples.WithNestedMessage);
        using var delivered = await _graph.Client.PostAsync(new Uri($"{Mailbox}/deliver", UriKind.Relative), mime);
        var id = (string)(await delivered.Content.ReadFromJsonAsync<JsonObject>())!["messageId"]!;
        var arrived = Uri.EscapeDataString((string)(await SendAsync(HttpMethod.Get, $"{Mailbox}/state?pageSize=1"))["at"]!);
        await SendAsync(HttpMethod.Post, $"{Mailbox}/move-message", new JsonObject { ["messageId"] = id, ["folderId"] = "archive" });
        Assert.Equal(1, (int)(await _graph.GetAsync($"/users/{_graph.User}/mailFolders/archive"))["totalItemCount"]!);
        await SendAsync(HttpMethod.Post, $"{Mailbox}/delete-message", new JsonObject { ["messageId"] = id, ["hard"] = true });
        var (_, folder) = await _graph.PostAsync($"/users/{_graph.User}/mailFolders", new JsonObject { ["displayName"] = "Old" });
        await SendAsync(HttpMethod.Post, $"{Mailbox}/rename-folder", new JsonObject { ["folderId"] = (string)folder!["id"]!, ["displayName"] = "New" });
        Assert.Equal("New", (string)(await _graph.GetAsync($"/users/{_graph.User}/mailFolders/{folder["id"]}"))["displayName"]!);
        await SendAsync(HttpMethod.Post, $"{Mailbox}/delete-folder", new JsonObject { ["folderId"] = (string)folder["id"]!, ["hard"] = true });
        await SendAsync(HttpMethod.Post, $"{Mailbox}/empty", new JsonObject());
        Assert.Empty((await SendAsync(HttpMethod.Get, $"{Mailbox}/state"))["messages"]!.AsArray());
        using var bytes = await _graph.Client.GetAsync(new Uri($"{Mailbox}/messages/{id}/mime?at={arrived}", UriKind.Relative));
        Assert.Equal(Samples.WithNestedMessage, await bytes.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Faults_limits_permissions_and_statistics_are_set_and_read()
    {
        await SendAsync(HttpMethod.Post, "/_sim/faults", new JsonObject { ["kind"] = "Status", ["status"] = 503, ["count"] = 1, ["path"] = "/mailFolders" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _graph.RefusedAsync(HttpMethod.Get, $"/users/{_graph.User}/mailFolders")).Status);
        var faults = await SendAsync(HttpMethod.Get, "/_sim/faults");
        Assert.Equal((true, 1), ((bool)faults["allPlayed"]!, (int)faults["faults"]![0]!["played"]!));
        await SendAsync(HttpMethod.Delete, "/_sim/faults");
        Assert.Equal(7, (int)(await SendAsync(HttpMethod.Put, "/_sim/limits", new JsonObject { ["mailboxRequests"] = 7 }))["mailboxRequests"]!);
        await SendAsync(HttpMethod.Put, $"/_sim/tenants/{_graph.TenantName}/permissions", new JsonObject { ["permissions"] = new JsonArray("User.Read.All") });
        Assert.Equal(HttpStatusCode.Forbidden, (await _graph.RefusedAsync(HttpMethod.Get, $"/users/{_graph.User}/mailFolders")).Status);
        Assert.True((long)(await SendAsync(HttpMethod.Get, "/_sim/statistics"))["requests"]! >= 2);
        await SendAsync(HttpMethod.Post, "/_sim/statistics/reset", new JsonObject());
        Assert.Equal(0, (long)(await SendAsync(HttpMethod.Get, "/_sim/statistics"))["requests"]!);
    }

    [Fact]
    public async Task Who_joins_has_an_empty_mailbox_and_who_leaves_has_none()
    {
        var joined = await SendAsync(HttpMethod.Post, $"/_sim/tenants/{_graph.TenantName}/users", new JsonObject { ["seed"] = 5 });
        Assert.Equal(0, (int)(await _graph.GetAsync($"/users/{joined["id"]}/mailFolders/inbox"))["totalItemCount"]!);
        await SendAsync(HttpMethod.Delete, $"/_sim/tenants/{_graph.TenantName}/users/{_graph.User}");
        Assert.Equal((HttpStatusCode.NotFound, "ErrorInvalidUser"), await _graph.RefusedAsync(HttpMethod.Get, $"/users/{_graph.User}/mailFolders/inbox"));
        Assert.Equal((string)_graph.User, (string)Assert.Single((await _graph.AllAsync("/directory/deletedItems/microsoft.graph.user")).Items)["id"]!);
        Assert.Equal(10, (await SendAsync(HttpMethod.Get, $"{Mailbox}/state"))["messages"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_does_not_exist_is_said_so()
    {
        using var unknown = await _graph.Client.GetAsync(new Uri("/_sim/tenants/nowhere/mailboxes", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var broken = await _graph.Client.PostAsync(new Uri("/_sim/faults", UriKind.Relative), new StringContent("{\"kind\":\"BrokenItem\"}"));
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : SimulatedGraph.Json(body) };
        using var response = await _graph.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
