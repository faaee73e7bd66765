using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Silo.Hosting;

namespace OrleansBackup.Docs.Tests.Hosting;

/// <summary>A fresh server with a simulated Microsoft 365 beside it, as a reader of the first page has it, and a shell in which the program <c>orleansbackup</c> is installed.</summary>
public sealed class DocumentedServer : IAsyncLifetime
{
    private static readonly TimeSpan Patience = Hang.Limit;

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-docs-").FullName;
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GraphSimulatorHost? _microsoft;
    private WebApplication? _app;
    private Task<int>? _server;
    private HttpClient? _client;

    public TenantCreated Created { get; private set; } = null!;

    /// <summary>Every address that the server answers at, as it is mapped.</summary>
    public IEnumerable<(string Method, string Pattern)> Routes => _app!.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (method, "/" + endpoint.RoutePattern.RawText!.Trim('/'))));

    public async Task InitializeAsync()
    {
        _microsoft = await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions(), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(_folder, "microsoft.pem"), _microsoft.Certificate.ExportCertificatePem());
        Created = _microsoft.Admin.CreateTenant(new TenantRecipe { Users = 2, MessagesPerMailbox = 12, EventsPerMailbox = 2, ContactsPerMailbox = 2, TasksPerMailbox = 2, FilesPerDrive = 3 });
        var up = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server = Task.Run(() => SiloHost.RunAsync(
            [
                "--Data:Folder", Path.Combine(_folder, "data"), "--Api:KeyPersons:first-key", "jo@provider.example", "--Api:Url", "http://127.0.0.1:0", "--Graph:Endpoint", $"{_microsoft.BaseAddress}v1.0/", "--Graph:Authority", $"{_microsoft.BaseAddress}",
                "--Graph:TrustedCertificateFile", Path.Combine(_folder, "microsoft.pem"), "--Logging:LogLevel:Default", "Critical",
            ],
            async app =>
            {
                up.SetResult(app);
                await _stop.Task;
                return 0;
            }));
        Assert.Same(up.Task, await Task.WhenAny(up.Task, _server));
        _app = await up.Task;
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()), Timeout = Patience };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(KeyFile)).Trim());
        await WriteSecretAsync();
        // The reader's first commands; whichever test comes first finds the customer there, and the page's own words find it again.
        await RunAsync("orleansbackup registration make > first.pem");
        _microsoft.Admin.RegisterCertificate(Created.TenantId.ToString(), await File.ReadAllTextAsync(Path.Combine(_folder, "first.pem")));
        _certificate = (await GetAsync("/api/v1/certificates")).GetProperty("certificates")[0].GetProperty("id").GetString()!;
        var (status, output) = await RunAsync("""orleansbackup tenants add "Contoso" --id "$TENANT" --client-id "$CLIENT_ID" --certificate "$CERTIFICATE" """);
        Assert.True(status == 0, output);
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        await _app!.StopAsync();
        _stop.SetResult();
        await _server!;
        await _microsoft!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _client!.GetAsync(new Uri(path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>In a shell of its own, with the variables that the pages tell a reader to set.</summary>
    public async Task<(int Status, string Output)> RunAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = _folder };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location))));
        start.Environment["HOME"] = _folder;
        start.Environment["ORLEANSBACKUP_SERVER"] = _app!.Urls.Single();
        start.Environment["ORLEANSBACKUP_KEY_FILE"] = KeyFile;
        start.Environment["TENANT"] = Created.TenantId.ToString();
        start.Environment["CLIENT_ID"] = Created.ClientId.ToString();
        start.Environment["CERTIFICATE"] = _certificate;
        start.Environment["SECRET_FILE"] = Path.Combine(_folder, "secret");
        start.Environment["WHO"] = Created.Mailboxes[0].Upn;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(Patience);
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }

    private string _certificate = "";

    private string KeyFile => Path.Combine(_folder, "data", "api-key");

    private async Task WriteSecretAsync()
    {
        var file = Path.Combine(_folder, "secret");
        await File.WriteAllTextAsync(file, Created.ClientSecret);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}

[CollectionDefinition(nameof(DocumentedServer))]
public sealed class DocumentedServerCollection : ICollectionFixture<DocumentedServer>;
