using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Processes;
using OrleansBackup.Demo.Story;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Sites;
using OrleansBackup.Grains.Teams;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>One site and one team of a simulator without limits, and this process as the one that backs them up.</summary>
internal sealed class MeasuredCollaboration : IAsyncDisposable
{
    private readonly DemoFolder _folder;
    private readonly DemoSimulator _simulator;
    private readonly GraphClientFactory _clients;
    private readonly GraphClient _client;
    private readonly VaultRepository _vault;
    private readonly TenantId _tenant;
    private string _site = "", _team = "";

    private MeasuredCollaboration(DemoFolder folder, DemoSimulator simulator, SimulatedTenantAnswer tenant)
    {
        (_folder, _simulator) = (folder, simulator);
        var endpoints = new GraphEndpoints { Graph = new Uri(simulator.GraphEndpoint.AbsoluteUri), Authority = simulator.Authority, TrustedCertificateFile = simulator.CertificateFile };
        _clients = new GraphClientFactory(endpoints, new GraphClientOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        _client = _clients.Create(new TenantCredential(tenant.TenantId.ToString(), tenant.ClientId, tenant.ClientSecret), UnlimitedBudget.Instance);
        _vault = new VaultRepository(new FolderBlobStore(Path.Combine(folder.Root, "vault")), KeyFile.Create(Path.Combine(folder.Root, "key")), new VaultOptions(), TimeProvider.System);
        _tenant = new TenantId(tenant.TenantId);
    }

    public GraphStatistics Statistics => _client.Statistics;

    public static async Task<MeasuredCollaboration> StartAsync(SimulatedRecipe recipe, CancellationToken cancellation)
    {
        var folder = DemoFolder.Open(Directory.CreateTempSubdirectory("orleansbackup-bench-").FullName);
        var simulator = new DemoSimulator(folder);
        await simulator.StartAsync(Timeline.FirstEvening, limits: false, cancellation);
        var scene = new MeasuredCollaboration(folder, simulator, await simulator.Api.CreateTenantAsync(recipe, cancellation));
        await scene._vault.CreateTenantAsync(scene._tenant.ToString(), cancellation);
        await foreach (var site in new SiteDirectory(scene._client).ListAsync(cancellation))
            if (scene._site.Length == 0 && site is { IsPersonal: false, ParentId: null })
                scene._site = site.Id;
        await foreach (var team in new TeamDirectory(scene._client).ListTeamsAsync(cancellation))
            scene._team = team.Id;
        return scene;
    }

    public Task<RestorePoint> SiteAsync(CancellationToken cancellation) =>
        BackUpAsync(new SiteWorkload(Options.Create(new SiteReadOptions()), Options.Create(new DriveReadOptions())), _site, cancellation);

    // The pace that one team grants is left out: it alone would be what is measured.
    public Task<RestorePoint> TeamAsync(CancellationToken cancellation) => BackUpAsync(new TeamWorkload(Options.Create(new TeamReadOptions { RequestsPerSecond = 1_000_000 })), _team, cancellation);

    private async Task<RestorePoint> BackUpAsync(IResourceWorkload workload, string objectId, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var run = RunId.New(now);
        var resource = new ResourceId(_tenant, workload.Kind, objectId);
        var vault = await _vault.OpenAsync(Grains.Access.VaultAccess.NameOf(resource), cancellation);
        await using var writer = await vault.BeginRunAsync(run.Value, now, cancellation);
        var request = new RunRequest(resource, run, now, HiddenFolders: false, CompareListing: false, DamageToHeal.None);
        var session = new RunSession(request, writer, new RunBoard(run, RunReason.Requested, now, TimeProvider.System), new RunOptions(), TimeProvider.System, NullLogger<RunSession>.Instance);
        foreach (var part in workload.PartsOf(request, _client))
            await part.BackUpAsync(session, cancellation);
        return (await session.SealAsync(cancellation)).Point;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _clients.Dispose();
        await _simulator.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(_folder.Root, recursive: true);
    }
}
