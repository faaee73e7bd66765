using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Microsoft365;
using OrleansBackup.Silo.Hosting;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>The whole server in this process, of the engine that the build has, with a stub in the place of Microsoft 365.</summary>
internal sealed class MeasuredServer
{
    // Names that never lead anywhere: nothing of a measurement leaves the machine.
    private static readonly GraphEndpoints Nowhere = new() { Graph = new Uri("https://graph.invalid/v1.0/"), Authority = new Uri("https://login.invalid/") };

    private readonly WebApplication _app;
    private readonly World _world;

    private MeasuredServer(WebApplication app, ClusterPlan plan, World world, StubGraph graph, ServiceMeter meter, TimeSpan untilReady)
    {
        (_app, Plan, _world, Graph, Meter, UntilReady) = (app, plan, world, graph, meter, untilReady);
    }

    public ClusterPlan Plan { get; }

    public StubGraph Graph { get; }

    public ServiceMeter Meter { get; }

    /// <summary>From the call to start until grains and API answered.</summary>
    public TimeSpan UntilReady { get; }

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    public IReminderTable Reminders => _app.Services.GetRequiredService<IReminderTable>();

    public IServiceProvider Services => _app.Services;

    public static TimeSpan Processor
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime;
        }
    }

    public static string DataFolder(ClusterPlan plan, World world) => Path.Combine(plan.Folder, world.ToString());

    /// <summary>Runs the server for as long as it is measured.</summary>
    /// <param name="gateClosed">No run begins: what is measured is something else.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(ClusterPlan plan, World world, bool gateClosed, Func<MeasuredServer, Task<IReadOnlyList<Figure>>> measure)
    {
        var estate = world == World.Runs ? plan.RunningEstate : plan.Estate;
        using var graph = new StubGraph(estate.MailboxesOfTenant, plan.Messages);
        using var meter = new ServiceMeter();
        IReadOnlyList<Figure> figures = [];
        var begin = Stopwatch.GetTimestamp();
        var status = await SiloHost.RunAsync(Settings(plan, world), async app =>
        {
            figures = await measure(new MeasuredServer(app, plan, world, graph, meter, Stopwatch.GetElapsedTime(begin)));
            await app.StopAsync();
            return 0;
        }, services =>
        {
            services.AddSingleton(provider => new GraphClientFactory(Nowhere, provider.GetRequiredService<IOptions<GraphClientOptions>>().Value,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>(), graph));
            DatabaseOfTheBuild.Observe(services);
            if (gateClosed)
                services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ClosedGate>()); // before anything else starts
        });
        return status == 0 ? figures : throw new InvalidOperationException("The measured server did not start; standard error says why.");
    }

    public Task<DatabaseTraffic> ReadTrafficAsync() => DatabaseOfTheBuild.ReadTrafficAsync(Plan, _world, CancellationToken.None);

    public Task<DatabaseSize> ReadSizeAsync() => DatabaseOfTheBuild.ReadSizeAsync(Plan, _world, CancellationToken.None);

    private static string[] Settings(ClusterPlan plan, World world)
    {
        string Key(string name) => Path.Combine(plan.Folder, "keys", name);
        return
        [
            "--Data:Folder", DataFolder(plan, world), "--Api:Url", "http://127.0.0.1:0", "--Api:KeyFile", Key("api-key"), "--Keys:File", Key("provider.key"),
            "--Deletion:SigningKeyFile", Key("deletion.pem"), "--Deletion:RecordsFolder", Path.Combine(plan.Folder, "deletion-records"),
            "--Vault:Stores:main:Kind", "folder", "--Vault:Stores:main:Path", Path.Combine(plan.VaultFolder, world.ToString()),
            "--Graph:Client:RequestWindow", "00:00:01", // the limit of one mailbox would be measured and not the server: days follow each other in seconds here
            .. DatabaseOfTheBuild.Settings(plan, world),
        ];
    }

    private sealed class ClosedGate(IServiceDrain gate) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => gate.DrainAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
