using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Silo.Hosting;

namespace OrleansBackup.ClientApi.Tests.Hosting;

/// <summary>The whole server in this process, every grain real, in front of the simulator of Microsoft 365; one tenant with a restore point of everything.</summary>
public sealed class LiveServer : IAsyncLifetime
{
    private static readonly TimeSpan Patience = Hang.Limit;

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-live-").FullName;
    private GraphSimulatorHost? _microsoft;
    private WebApplication? _app;
    private TaskCompletionSource? _stop;
    private Task<int>? _server;

    /// <summary>Words of the command line for a server with other settings.</summary>
    internal string[] MoreSettings { get; init; } = [];

    public HttpClient Client { get; private set; } = null!;

    public TenantCreated Created { get; private set; } = null!;

    public SimulatorAdmin Admin => _microsoft!.Admin;

    public string Key => File.ReadAllText(Path.Combine(_folder, "api-key")).Trim();

    public string Folder => _folder;

    public string TenantPath => $"/api/v1/tenants/{Created.TenantId}";

    public string MailboxPath => $"{TenantPath}/resources/mailbox-{Created.Mailboxes[0].UserId}";

    public IGrainFactory Grains => _app!.Services.GetRequiredService<IGrainFactory>();

    public async Task InitializeAsync()
    {
        _microsoft = await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions(), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(_folder, "microsoft.pem"), _microsoft.Certificate.ExportCertificatePem());
        Created = Admin.CreateTenant(new TenantRecipe { Users = 2, MessagesPerMailbox = 12, EventsPerMailbox = 3, ContactsPerMailbox = 3, TasksPerMailbox = 2, FilesPerDrive = 4 });
        await StartAsync();
        await PostAsync("/api/v1/tenants", $$"""{"id":"{{Created.TenantId}}","name":"Contoso","clientId":"{{Created.ClientId}}","clientSecret":"{{Created.ClientSecret}}"}""");
        await UntilAsync("every protected resource to have a restore point", async () =>
        {
            var resources = (await GetAsync($"{TenantPath}/resources")).GetProperty("resources").EnumerateArray().Where(one => one.GetProperty("protected").GetBoolean()).ToList();
            return resources.Count > 0 && resources.All(one => one.GetProperty("health") is { ValueKind: JsonValueKind.Object } health
                && health.GetProperty("restorePoints").GetInt32() > 0 && !health.GetProperty("running").GetBoolean());
        });
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        await _microsoft!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>As after an upgrade: another process life over the same folder.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response);
    }

    public async Task<JsonElement> PostAsync(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(new Uri(path, UriKind.Relative), body);
        return await ReadAsync(response);
    }

    /// <summary>Runs one resource to its end.</summary>
    public async Task RunAsync(string resourcePath)
    {
        var run = (await PostAsync($"{resourcePath}/runs", "{}")).GetProperty("id").GetString();
        await UntilAsync("a run to end", async () => (await GetAsync($"{resourcePath}/runs/{run}")).GetProperty("endedAt").ValueKind != JsonValueKind.Null);
    }

    public static async Task UntilAsync(string what, Func<Task<bool>> come)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await come())
            await Task.Delay(100, patience.Token).ContinueWith(waited => Assert.False(waited.IsCanceled, $"Waited in vain for {what}."), TaskScheduler.Default);
    }

    private async Task StartAsync()
    {
        var up = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        _stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server = Task.Run(() => SiloHost.RunAsync(
            [
                "--Data:Folder", _folder, "--Api:KeyPersons:first-key", "jo@provider.example", "--Api:Url", "http://127.0.0.1:0", "--Graph:Endpoint", $"{_microsoft!.BaseAddress}v1.0/", "--Graph:Authority", $"{_microsoft.BaseAddress}",
                "--Graph:TrustedCertificateFile", Path.Combine(_folder, "microsoft.pem"), "--Logging:LogLevel:Default", "Critical",
                .. MoreSettings,
            ],
            async app =>
            {
                up.SetResult(app);
                await _stop.Task;
                return 0;
            }));
        Assert.Same(up.Task, await Task.WhenAny(up.Task, _server));
        _app = await up.Task;
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()), Timeout = Patience };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    private async Task StopAsync()
    {
        Client.Dispose();
        await _app!.StopAsync();
        _stop!.SetResult();
        await _server!;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage?.RequestUri}: {response.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
