using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NSubstitute;
using OrleansBackup.ClientApi;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>The API and the portal on a real loopback port, in front of a <see cref="PortalWorld"/>. Its time stands still.</summary>
internal sealed class PortalHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-portal-").FullName;
    private readonly WebApplication _app;

    private PortalHost(PortalWorld world)
    {
        World = world;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Data:Folder", _folder), new("Api:KeyPersons:first-key", "jo@provider.example"), .. Keys()]);
        builder.Services.AddSingleton(world.Grains).AddSingleton(Substitute.For<IOperationsSource>()).AddSingleton<TimeProvider>(new StandingClock());
        builder.Services.AddSingleton(Agreements.Plans).AddSingleton(WorkingCalendar.Netherlands);
        builder.Services.AddClientApi(builder.Configuration);
        builder.Services.AddPortal();
        _app = builder.Build();
        _app.MapClientApi();
        _app.MapPortal();
    }

    public PortalWorld World { get; }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The first key: a provider admin.</summary>
    public string Key => File.ReadAllText(Path.Combine(_folder, "api-key")).Trim();

    public IReadOnlyList<RouteEndpoint> Endpoints => [.. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    public static async Task<PortalHost> StartAsync(PortalWorld? world = null)
    {
        var host = new PortalHost(world ?? new PortalWorld());
        await host._app.StartAsync();
        return host;
    }

    /// <summary>The key of somebody with one role; of a customer, who reaches his own tenant only.</summary>
    public static string KeyOf(Role role) => $"{role.Token()}-key";

    /// <summary>Carries the first key or another, and asks for pages as a browser does.</summary>
    public HttpClient Client(string language = "en", string? key = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key ?? Key);
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Keys() => Roles.All.SelectMany(role => (KeyValuePair<string, string?>[])
    [
        new($"Api:Keys:{role.Token()}", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KeyOf(role))))), new($"Api:KeyRoles:{role.Token()}", role.Token()),
        .. role == Role.CustomerContact ? [new($"Api:KeyTenants:{role.Token()}", Estate.Id(3).ToString()), new($"Api:KeyPersons:{role.Token()}", "office@fabrikam.example")] : Array.Empty<KeyValuePair<string, string?>>(),
    ]);

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Estate.Now;
    }
}
