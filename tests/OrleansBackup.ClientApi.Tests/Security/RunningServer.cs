using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Silo.Hosting;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>The whole server as it is sold, in this process, on a free port, with a data folder of its own.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-server-").FullName;
    private readonly TaskCompletionSource<WebApplication> _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<int> _run = Task.FromResult(0);
    private WebApplication _app = null!;

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public IReadOnlyList<RouteEndpoint> Endpoints => [.. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    public string Folder => _folder;

    public string FirstKey => File.ReadAllText(Path.Combine(_folder, "api-key")).Trim();

    public static async Task<RunningServer> StartAsync(Action<IServiceCollection>? adjust, params string[] settings)
    {
        var server = new RunningServer();
        server._run = SiloHost.RunAsync(["--Data:Folder", server._folder, "--Api:KeyPersons:first-key", "jo@provider.example", "--Api:Url", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None", .. settings], async app =>
        {
            server._up.SetResult(app);
            await server._stop.Task;
            await app.StopAsync();
            return 0;
        }, adjust);
        await Task.WhenAny(server._up.Task, server._run);
        Assert.False(server._run.IsCompleted, "The server did not start; standard error says why.");
        server._app = await server._up.Task;
        server.Address = new Uri(server._app.Urls.Single());
        return server;
    }

    /// <summary>The settings that make a key of this holder valid; the key is its holder's name with <c>-key</c> behind it.</summary>
    public static string[] Key(string holder, string roles, string? tenants = null) =>
    [
        $"--Api:Keys:{holder}", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{holder}-key"))), $"--Api:KeyRoles:{holder}", roles,
        .. tenants is null ? Array.Empty<string>() : [$"--Api:KeyTenants:{holder}", tenants],
    ];

    public HttpClient Client(string? key = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _stop.TrySetResult();
        Assert.Equal(0, await _run);
        Directory.Delete(_folder, recursive: true);
    }
}
