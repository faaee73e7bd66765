using System.Net;
using System.Text;
using System.Text.Json;
using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>An erasure over real HTTP from the demand to what is left of it: proposed with one person's key, done with another's, and it does not come back.</summary>
public sealed class ErasureWayTests : IAsyncLifetime
{
    private const string Words = "\"why\":\"Demand of 14 March\",\"confirmation\":\"erase for ever\"";

    private OnboardedServer _scene = null!;
    private HttpClient _kim = null!, _robot = null!, _olaf = null!, _sam = null!;

    public async Task InitializeAsync()
    {
        _scene = await OnboardedServer.StartAsync(null, _ =>
        [
            .. RunningServer.Key("kim", "provider-admin"), .. RunningServer.Key("robot", "provider-admin"), .. RunningServer.Key("olaf", "provider-operator"), .. RunningServer.Key("sam", "provider-admin"),
            "--Api:KeyPersons:robot", "Kim", "--Api:Limits:PerCaller", "1000000",
        ], users: 3); // of one alone all mail is from himself
        (_kim, _robot, _olaf, _sam) = (_scene.Server.Client("kim-key"), _scene.Server.Client("robot-key"), _scene.Server.Client("olaf-key"), _scene.Server.Client("sam-key"));
        await _scene.OnboardAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var client in new[] { _kim, _robot, _olaf, _sam })
            client.Dispose();
        await _scene.DisposeAsync();
    }

    private string Mailbox => $"{_scene.OwnPath}/resources/{OnboardedServer.MailboxOf(_scene.Own)}";

    [Fact]
    public async Task One_person_is_looked_for_proposed_confirmed_by_another_and_gone_for_good()
    {
        var before = await ItemsAsync();
        var person = before.Values.Select(item => item.Text("from")).First(from => from!.Contains('@', StringComparison.Ordinal) && from != _scene.Own.Mailboxes[0].Upn)!;
        var theirs = before.Where(item => item.Value.Text("from") == person).Select(item => item.Key).ToHashSet();

        var search = (await SendAsync(_kim, HttpMethod.Post, $"{_scene.OwnPath}/erasure-searches", $$"""{"address":"{{person}}","why":"Demand of 14 March"}""", HttpStatusCode.Accepted)).Text("id");
        var path = $"{_scene.OwnPath}/erasure-searches/{search}";
        await LiveServer.UntilAsync("the search to end", async () => (await GetAsync(path)).Text("stage") == "found");
        var found = await GetAsync(path);
        var listed = (await GetAsync($"{path}/items")).At("items").EnumerateArray().Where(item => item.Text("resource") == OnboardedServer.MailboxOf(_scene.Own)).ToDictionary(item => item.Text("id")!);
        Assert.Subset(listed.Keys.ToHashSet(), theirs);
        Assert.Equal(before[theirs.First()].Text("subject"), listed[theirs.First()].Text("name"));

        var body = $$"""{"list":"{{found.Text("list")}}","allFound":true,{{Words}}}""";
        var proposed = await SendAsync(_kim, HttpMethod.Post, $"{path}/erasure", body, HttpStatusCode.Created);
        Assert.Equal(before.Count, (await ItemsAsync()).Count); // nothing is done yet
        Assert.Equal("found", (await GetAsync(path)).Text("stage"));
        var waiting = (await GetAsync($"{_scene.OwnPath}/proposals")).First("proposals");
        Assert.Equal((proposed.Text("id"), "kim"), (waiting.Text("id"), waiting.Text("by")));

        var confirming = $"{path}/erasure?confirm={proposed.Text("id")}";
        await SendAsync(_kim, HttpMethod.Post, confirming, body, HttpStatusCode.Conflict); // himself
        await SendAsync(_robot, HttpMethod.Post, confirming, body, HttpStatusCode.Conflict); // his other key
        await SendAsync(_olaf, HttpMethod.Post, confirming, body, HttpStatusCode.Forbidden); // may propose only
        await SendAsync(_sam, HttpMethod.Post, confirming, body.Replace("14 March", "15 March", StringComparison.Ordinal), HttpStatusCode.Conflict); // something else
        Assert.Equal(before.Count, (await ItemsAsync()).Count);
        await SendAsync(_sam, HttpMethod.Post, confirming, body, HttpStatusCode.OK);

        await LiveServer.UntilAsync("the erasure to end", async () => (await GetAsync(path)).Text("stage") == "ended");
        var ended = await GetAsync(path);
        Assert.Equal((JsonValueKind.Null, "sam"), (ended.At("address").ValueKind, ended.Text("erasedBy"))); // what proves it does not keep whom it was about
        var part = ended.At("done").EnumerateArray().Single(one => one.Text("resource") == OnboardedServer.MailboxOf(_scene.Own));
        Assert.Equal(JsonValueKind.Null, part.At("problem").ValueKind);
        Assert.True(part.At("points").GetInt32() > 0);
        Assert.Empty((await GetAsync($"{_scene.OwnPath}/proposals")).At("proposals").EnumerateArray());
        await SendAsync(_sam, HttpMethod.Post, confirming, body, HttpStatusCode.NotFound); // a proposal is used once

        var after = await ItemsAsync();
        Assert.Equal(before.Keys.Except(listed.Keys).Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal)); // what was not chosen is all there
        await SendAsync(_kim, HttpMethod.Get, $"{Mailbox}/points/latest/items/{Uri.EscapeDataString(theirs.First())}", null, HttpStatusCode.NotFound);

        await RunAsync(); // they are in Microsoft 365 still
        Assert.Empty((await ItemsAsync()).Keys.Intersect(theirs));
        var acts = (await GetAsync($"{_scene.OwnPath}/audit?limit=1000")).At("entries").EnumerateArray().ToList();
        Assert.Contains(acts, act => act.Text("actor") == "kim");
        Assert.Contains(acts, act => act.Text("actor") == "sam");
        Assert.DoesNotContain(acts, act => act.GetRawText().Contains(person, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Single_items_go_the_same_way_and_a_legal_hold_keeps_them()
    {
        var before = await ItemsAsync();
        var (item, path) = (before.Keys.First(), $"{Mailbox}/erasures");
        var body = $$"""{"itemIds":["{{item}}"],{{Words}}}""";
        await SendAsync(_kim, HttpMethod.Post, $"{Mailbox}/legal-hold", """{"why":"A lawsuit"}""", HttpStatusCode.OK);
        var held = await SendAsync(_kim, HttpMethod.Post, path, body, HttpStatusCode.Created);
        await SendAsync(_sam, HttpMethod.Post, $"{path}?confirm={held.Text("id")}", body, HttpStatusCode.Conflict);
        Assert.Contains(item, (await ItemsAsync()).Keys);

        var lift = await SendAsync(_kim, HttpMethod.Post, $"{Mailbox}/legal-hold/lifts", """{"why":"It has ended"}""", HttpStatusCode.Created);
        await SendAsync(_sam, HttpMethod.Post, $"{Mailbox}/legal-hold/lifts?confirm={lift.Text("id")}", """{"why":"It has ended"}""", HttpStatusCode.OK);
        var proposed = await SendAsync(_kim, HttpMethod.Post, path, body, HttpStatusCode.Created);
        var done = await SendAsync(_sam, HttpMethod.Post, $"{path}?confirm={proposed.Text("id")}", body, HttpStatusCode.OK);
        Assert.Equal(1, done.At("items").GetInt32());
        Assert.Equal(before.Keys.Where(id => id != item).Order(StringComparer.Ordinal), (await ItemsAsync()).Keys.Order(StringComparer.Ordinal));
        await RunAsync();
        Assert.DoesNotContain(item, (await ItemsAsync()).Keys);
    }

    /// <summary>Every item of the newest restore point, by its id.</summary>
    private async Task<Dictionary<string, JsonElement>> ItemsAsync()
    {
        var items = new Dictionary<string, JsonElement>();
        foreach (var folder in (await GetAsync($"{Mailbox}/points/latest/folders")).At("folders").EnumerateArray())
            foreach (var item in (await GetAsync($"{Mailbox}/points/latest/folders/{Uri.EscapeDataString(folder.Text("id")!)}/items?limit=1000")).At("items").EnumerateArray())
                items.Add(item.Text("id")!, item);
        return items;
    }

    private async Task RunAsync()
    {
        var run = (await SendAsync(_kim, HttpMethod.Post, $"{Mailbox}/runs", """{"compareListing":true}""", HttpStatusCode.Accepted)).Text("id");
        await LiveServer.UntilAsync("a run to end", async () => (await GetAsync($"{Mailbox}/runs/{run}")).At("endedAt").ValueKind != JsonValueKind.Null);
    }

    private Task<JsonElement> GetAsync(string path) => SendAsync(_kim, HttpMethod.Get, path, null, HttpStatusCode.OK);

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, string? json, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{method} {path}: {response.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
