using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.GraphSimulator.Tests.Given;

/// <summary>A running simulator with one tenant and a client that is signed in.</summary>
public sealed class SimulatedGraph : IAsyncDisposable
{
    public const string Immutable = "IdType=\"ImmutableId\"";

    private SimulatedGraph(GraphSimulatorHost host, TenantCreated tenant, HttpClient client)
    {
        Host = host;
        Tenant = tenant;
        Client = client;
    }

    public GraphSimulatorHost Host { get; }
    public TenantCreated Tenant { get; }
    public HttpClient Client { get; }

    public SimulatorAdmin Admin => Host.Admin;
    public string TenantName => Tenant.TenantId.ToString();

    /// <summary>Id of the first mailbox's owner.</summary>
    public string User => Tenant.Mailboxes[0].UserId.ToString();

    public static async Task<SimulatedGraph> StartAsync(TenantRecipe? recipe = null, GraphSimulatorOptions? options = null)
    {
        var host = await GraphSimulatorHost.StartAsync(options ?? new GraphSimulatorOptions(), CancellationToken.None);
        var tenant = host.Admin.CreateTenant(recipe ?? new TenantRecipe());
        var client = new HttpClient(host.CreateHttpHandler()) { BaseAddress = host.BaseAddress };
        var graph = new SimulatedGraph(host, tenant, client);
        await graph.SignInAsync();
        return graph;
    }

    public async Task SignInAsync()
    {
        var answer = await TokenAsync(Tenant.ClientSecret);
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)answer.Body["access_token"]!);
    }

    public async Task<(HttpStatusCode Status, JsonObject Body)> TokenAsync(string secret, string? tenant = null, string? scope = null)
    {
        using var client = new HttpClient(Host.CreateHttpHandler());
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = Tenant.ClientId.ToString(),
            ["client_secret"] = secret,
            ["scope"] = scope ?? "https://graph.microsoft.com/.default",
            ["grant_type"] = "client_credentials",
        });
        using var response = await client.PostAsync(new Uri(Host.BaseAddress, $"/{tenant ?? TenantName}/oauth2/v2.0/token"), form);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? prefer = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith("http", StringComparison.Ordinal) ? path : "/v1.0" + path) { Content = content };
        if (prefer is not null)
            request.Headers.Add("Prefer", prefer);
        return await Client.SendAsync(request);
    }

    public async Task<JsonObject> GetAsync(string path, string? prefer = null)
    {
        using var response = await SendAsync(HttpMethod.Get, path, prefer: prefer);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} for {path}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    public async Task<byte[]> BytesAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }

    public async Task<(HttpStatusCode Status, string? Code)> RefusedAsync(HttpMethod method, string path, HttpContent? content = null, string? prefer = null)
    {
        using var response = await SendAsync(method, path, content, prefer);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : (string?)JsonNode.Parse(text)?["error"]?["code"]);
    }

    public async Task<(HttpStatusCode Status, JsonObject? Body)> PostAsync(string path, JsonNode body, HttpMethod? method = null, string? prefer = null)
    {
        using var content = Json(body);
        using var response = await SendAsync(method ?? HttpMethod.Post, path, content, prefer);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject());
    }

    /// <summary>Follows next links to the end: all items and the delta link.</summary>
    public async Task<(List<JsonObject> Items, string? DeltaLink)> AllAsync(string path, string? prefer = null)
    {
        var items = new List<JsonObject>();
        for (var next = path; ;)
        {
            var page = await GetAsync(next, prefer);
            items.AddRange(page["value"]!.AsArray().Select(item => item!.AsObject()));
            if ((string?)page["@odata.nextLink"] is not { } link)
                return (items, (string?)page["@odata.deltaLink"]);
            next = link;
        }
    }

    public static StringContent Json(JsonNode body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }
}
