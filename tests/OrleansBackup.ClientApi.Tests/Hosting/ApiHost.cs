using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansBackup.ClientApi.Tests.Hosting;

/// <summary>The API on a real loopback port, in front of <see cref="FakeService"/>. Made anew for each test.</summary>
public abstract class ApiHost : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-api-").FullName;
    private WebApplication? _app;

    internal FakeService Service { get; } = new();

    /// <summary>Carries the first key.</summary>
    protected HttpClient SignedIn { get; private set; } = null!;

    protected HttpClient Anonymous { get; private set; } = null!;

    protected string Key => File.ReadAllText(KeyFile).Trim();

    protected string KeyFile => Path.Combine(_folder, "api-key");

    protected IServiceProvider Services => _app!.Services;

    protected IReadOnlyList<RouteEndpoint> Endpoints => [.. ((IEndpointRouteBuilder)_app!).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Data:Folder", _folder), new("Api:KeyPersons:first-key", "jo@provider.example")]).AddInMemoryCollection(Settings());
        builder.Services.AddSingleton(Service.Grains).AddSingleton(Service.Operations).AddSingleton(TimeProvider.System);
        Register(builder.Services);
        builder.Services.AddClientApi(builder.Configuration);
        _app = builder.Build();
        _app.MapClientApi();
        await _app.StartAsync();
        Anonymous = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        // A machine under load may take longer than the second after which a client sends its body unasked.
        SignedIn = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(5) }) { BaseAddress = Anonymous.BaseAddress };
        SignedIn.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public async Task DisposeAsync()
    {
        SignedIn.Dispose();
        Anonymous.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Configuration of a test's own.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string?>> Settings() => [];

    /// <summary>Services of a test's own.</summary>
    protected virtual void Register(IServiceCollection services)
    {
    }

    protected async Task<JsonElement> GetAsync(string path) => await ReadAsync(await SignedIn.GetAsync(new Uri(path, UriKind.Relative)), HttpStatusCode.OK);

    protected async Task<JsonElement> SendAsync(HttpMethod method, string path, string? json, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await ReadAsync(await SignedIn.SendAsync(request), expected);
    }

    /// <summary>Sends, and expects a whole and correct problem document.</summary>
    protected async Task<JsonElement> RefusedAsync(HttpMethod method, string path, string? json, HttpStatusCode expected, string type, string? field = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await SignedIn.SendAsync(request);
        return await ExpectProblemAsync(response, expected, type, field);
    }

    internal static async Task<JsonElement> ExpectProblemAsync(HttpResponseMessage response, HttpStatusCode expected, string type, string? field = null)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal($"https://orleansbackup.dev/problems/{type}", problem.GetProperty("type").GetString());
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
        Assert.NotEqual("", problem.GetProperty("traceId").GetString());
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
        return problem;
    }

    /// <summary>Tells the server to stop, and waits for nothing.</summary>
    protected void Stopping() => _app!.Lifetime.StopApplication();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {text}");
            return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
        }
    }
}
