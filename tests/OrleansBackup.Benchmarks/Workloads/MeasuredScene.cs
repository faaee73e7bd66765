using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Processes;
using OrleansBackup.Demo.Story;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>A tenant of a simulator without limits in its own process, and this process as the one that backs it up and puts it back: no server around it, so that time and memory are the run's.</summary>
internal sealed class MeasuredScene : IAsyncDisposable
{
    private readonly DemoFolder _folder;
    private readonly DemoSimulator _simulator;
    private readonly GraphClientFactory _clients;
    private readonly VaultRepository _vault;

    private MeasuredScene(DemoFolder folder, DemoSimulator simulator, SimulatedTenantAnswer tenant, GraphClientOptions options)
    {
        (_folder, _simulator) = (folder, simulator);
        var endpoints = new GraphEndpoints { Graph = new Uri(simulator.GraphEndpoint.AbsoluteUri), Authority = simulator.Authority, TrustedCertificateFile = simulator.CertificateFile };
        _clients = new GraphClientFactory(endpoints, options, TimeProvider.System, NullLoggerFactory.Instance);
        Client = _clients.Create(new TenantCredential(tenant.TenantId.ToString(), tenant.ClientId, tenant.ClientSecret), UnlimitedBudget.Instance);
        _vault = new VaultRepository(new FolderBlobStore(Path.Combine(folder.Root, "vault")), KeyFile.Create(Path.Combine(folder.Root, "key")), new VaultOptions(), TimeProvider.System);
        Tenant = new TenantId(tenant.TenantId);
    }

    public GraphClient Client { get; }

    public TenantId Tenant { get; }

    public GraphStatistics Statistics => Client.Statistics;

    public static async Task<MeasuredScene> StartAsync(SimulatedRecipe recipe, GraphClientOptions options, CancellationToken cancellation)
    {
        var folder = DemoFolder.Open(Directory.CreateTempSubdirectory("orleansbackup-bench-").FullName);
        var simulator = new DemoSimulator(folder);
        await simulator.StartAsync(Timeline.FirstEvening, limits: false, cancellation);
        var scene = new MeasuredScene(folder, simulator, await simulator.Api.CreateTenantAsync(recipe, cancellation), options);
        await scene._vault.CreateTenantAsync(scene.Tenant.ToString(), cancellation);
        return scene;
    }

    /// <summary>One run over a resource.</summary>
    /// <param name="parts">What of it.</param>
    public async Task<RestorePoint> BackUpAsync(ResourceId resource, Func<RunRequest, IEnumerable<IRunPart>> parts, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var run = RunId.New(now);
        await using var writer = await (await OpenAsync(resource, cancellation)).BeginRunAsync(run.Value, now, cancellation);
        var request = new RunRequest(resource, run, now, HiddenFolders: false, CompareListing: false, DamageToHeal.None);
        var session = new RunSession(request, writer, new RunBoard(run, RunReason.Requested, now, TimeProvider.System), new RunOptions(), TimeProvider.System, NullLogger<RunSession>.Instance);
        foreach (var part in parts(request))
            await part.BackUpAsync(session, cancellation);
        return (await session.SealAsync(cancellation)).Point;
    }

    /// <summary>Puts everything of a point into a new folder of the same resource.</summary>
    public async Task<CountingLedger> RestoreAsync(ResourceId resource, RestorePoint point, IResourceRestore restore, ConflictPolicy conflicts, CancellationToken cancellation)
    {
        var request = new RestoreRequest(new RestorePointId(resource, point.Sequence), RestoreSelection.All, null, ["Restored"], conflicts, "benchmark");
        await using var reader = await (await OpenAsync(resource, cancellation)).OpenPointAsync(point.Sequence, cancellation);
        var source = new RestoreSource(request, RestoreJobId.New(TimeProvider.System.GetUtcNow()), reader, await FolderTree.ReadAsync(reader, cancellation));
        var ledger = new CountingLedger();
        await new RestoreRun(await restore.PartsOfAsync(source, Client, ledger, cancellation), ledger).RunAsync(cancellation);
        return ledger;
    }

    public long StoredBytes() => new DirectoryInfo(Path.Combine(_folder.Root, "vault")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _clients.Dispose();
        await _simulator.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(_folder.Root, recursive: true);
    }

    private Task<ResourceVault> OpenAsync(ResourceId resource, CancellationToken cancellation) => _vault.OpenAsync(Grains.Access.VaultAccess.NameOf(resource), cancellation);

    /// <summary>Counts outcomes and keeps none.</summary>
    internal sealed class CountingLedger : IRestoreLedger
    {
        public int Restored { get; private set; }

        public int WithLosses { get; private set; }

        public int PagesDone { get; private set; }

        public bool Interrupted => false;

        public bool Counted => true;

        public Task<ImmutableArray<ItemOutcome>> ReadPageAsync(int page) => throw new NotSupportedException("Nothing is resumed here.");

        public Task AskAsync(long items) => Task.CompletedTask;

        public Task AddPageAsync(ImmutableArray<ItemOutcome> outcomes)
        {
            Restored += outcomes.Count(outcome => outcome.Kind == OutcomeKind.Restored);
            // A folder of another name is the place's loss, not the item's.
            WithLosses += outcomes.Count(outcome => outcome.LossFacts.Any(loss => loss.Kind is not (LossKinds.FolderName or LossKinds.FoldersMerged)));
            return Task.CompletedTask;
        }

        public void Step(string what)
        {
        }

        public void Warn(string what) => Console.WriteLine($"  {what}");
    }
}
