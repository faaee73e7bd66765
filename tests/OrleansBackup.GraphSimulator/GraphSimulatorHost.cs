using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Calendar;
using OrleansBackup.GraphSimulator.Contacts;
using OrleansBackup.GraphSimulator.Drives;
using OrleansBackup.GraphSimulator.Exports;
using OrleansBackup.GraphSimulator.Groups;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Mail;
using OrleansBackup.GraphSimulator.Sites;
using OrleansBackup.GraphSimulator.Tasks;
using OrleansBackup.GraphSimulator.Teams;
using OrleansBackup.GraphSimulator.Users;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator;

/// <summary>The simulator as a running server on loopback: Graph, the identity platform and the simulator's own administration.</summary>
/// <remarks>
/// Graph is at <c>{BaseAddress}/v1.0</c>, identity at <c>{BaseAddress}/{tenant}</c>, administration at <c>{BaseAddress}/_sim</c>.
/// The certificate is made at start; <see cref="CreateHttpHandler"/> trusts it and nothing else.
/// </remarks>
public sealed class GraphSimulatorHost : IAsyncDisposable
{
    // Bodies beyond Graph's own limit are refused by the limits, with Graph's error; this only stops the absurd.
    private const long LargestBody = 256 * 1024 * 1024;

    private readonly WebApplication _app;

    private GraphSimulatorHost(WebApplication app, string host, SimulatedWorld world, X509Certificate2 certificate, SimulatorAdmin admin, GraphRouter router)
    {
        _app = app;
        World = world;
        Certificate = certificate;
        Admin = admin;
        Routes = router.Routes;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        BaseAddress = new Uri($"https://{host}:{new Uri(address).Port}");
    }

    /// <summary><c>https://host:port</c>, without a path.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The server's certificate, its own root.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Tenants, history, faults, limits, clock.</summary>
    public SimulatedWorld World { get; }

    /// <summary>Every operation of Graph that is imitated.</summary>
    public IReadOnlyList<GraphRoute> Routes { get; }

    /// <summary>What <c>/_sim</c> does, without HTTP.</summary>
    public SimulatorAdmin Admin { get; }

    /// <summary>Starts a server; it answers when this returns.</summary>
    public static async Task<GraphSimulatorHost> StartAsync(GraphSimulatorOptions options, CancellationToken cancellation)
    {
        var certificate = ServerCertificate.Create(options.Host, options.Time.GetUtcNow());
        var world = new SimulatedWorld(options.Time);
        world.Limits.Current = options.Limits;
        world.Limits.Statistics = world.Statistics;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = LargestBody;
            server.Listen(options.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any, options.Port, listen => listen.UseHttps(certificate));
        });
        var app = builder.Build();
        var tokens = new TokenIssuer(world);
        var uploads = new UploadSessions(world);
        var imports = new ImportSessions(world);
        var downloads = new DriveDownloads(world);
        var driveUploads = new DriveUploads(world, downloads);
        var router = new GraphRouter([
            .. new GroupEndpoints(world).Routes,
            .. SiteEndpoints.Routes,
            .. new ListEndpoints(world).Routes,
            .. ListWriteEndpoints.Routes,
            .. PageEndpoints.Routes,
            .. TeamEndpoints.Routes,
            .. new ChannelMessageEndpoints(world).Routes,
            .. new TeamWriteEndpoints(world).Routes,
            .. new UserEndpoints(world).Routes,
            .. FolderEndpoints.Routes,
            .. new DeltaEndpoints(world).Routes,
            .. new MessageEndpoints(world).Routes,
            .. new AttachmentEndpoints(world).Routes,
            .. new MailWriteEndpoints(uploads).Routes,
            .. CalendarEndpoints.Routes,
            .. new EventEndpoints(world).Routes,
            .. new EventWriteEndpoints(world, uploads).Routes,
            .. new ContactFolderEndpoints(world).Routes,
            .. new ContactEndpoints(world).Routes,
            .. new TaskEndpoints(world, uploads).Routes,
            .. new ExchangeFolderEndpoints(world).Routes,
            .. new ExportEndpoints(world, imports).Routes,
            .. new DriveEndpoints(downloads).Routes,
            .. new DriveDeltaEndpoint(world, downloads).Routes,
            .. new DriveWriteEndpoints(driveUploads, downloads).Routes,
            .. SharingEndpoints.Routes,
        ]);
        var admin = new SimulatorAdmin(world);
        var front = new GraphFront(new GraphPipeline(world, tokens, router), new IdentityEndpoints(world, tokens), new AdminEndpoints(admin), uploads, imports, driveUploads, downloads);
        app.Run(front.AnswerAsync);
        await app.StartAsync(cancellation);
        return new GraphSimulatorHost(app, options.Host, world, certificate, admin, router);
    }

    /// <summary>A handler that trusts this server's certificate. The caller disposes it.</summary>
    public HttpClientHandler CreateHttpHandler()
    {
        var expected = Certificate.GetCertHashString();
        return new HttpClientHandler
        {
            AllowAutoRedirect = false,
            ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == expected,
        };
    }

    /// <summary>Waits until the server is stopped from outside.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Certificate.Dispose();
    }
}
