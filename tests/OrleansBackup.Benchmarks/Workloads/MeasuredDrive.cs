using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Processes;
using OrleansBackup.Demo.Story;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Drives;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>One OneDrive of a simulator without limits, and this process as the one that backs it up: no server around it, so that the memory is the run's.</summary>
internal sealed class MeasuredDrive : IAsyncDisposable
{
    private readonly DemoFolder _folder;
    private readonly DemoSimulator _simulator;
    private readonly GraphClientFactory _clients;
    private readonly GraphClient _client;
    private readonly VaultRepository _vault;
    private readonly TenantId _tenant;
    private ResourceId _resource;

    private MeasuredDrive(DemoFolder folder, DemoSimulator simulator, SimulatedTenantAnswer tenant)
    {
        (_folder, _simulator) = (folder, simulator);
        var endpoints = new GraphEndpoints { Graph = new Uri(simulator.GraphEndpoint.AbsoluteUri), Authority = simulator.Authority, TrustedCertificateFile = simulator.CertificateFile };
        _clients = new GraphClientFactory(endpoints, new GraphClientOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        _client = _clients.Create(new TenantCredential(tenant.TenantId.ToString(), tenant.ClientId, tenant.ClientSecret), UnlimitedBudget.Instance);
        _vault = new VaultRepository(new FolderBlobStore(Path.Combine(folder.Root, "vault")), KeyFile.Create(Path.Combine(folder.Root, "key")), new VaultOptions(), TimeProvider.System);
        _tenant = new TenantId(tenant.TenantId);
    }

    public GraphStatistics Statistics => _client.Statistics;

    public static async Task<MeasuredDrive> StartAsync(SimulatedRecipe recipe, CancellationToken cancellation)
    {
        var folder = DemoFolder.Open(Directory.CreateTempSubdirectory("orleansbackup-bench-").FullName);
        var simulator = new DemoSimulator(folder);
        await simulator.StartAsync(Timeline.FirstEvening, limits: false, cancellation);
        var drive = new MeasuredDrive(folder, simulator, await simulator.Api.CreateTenantAsync(recipe, cancellation));
        await drive._vault.CreateTenantAsync(drive._tenant.ToString(), cancellation);
        await foreach (var user in new DirectoryReader(drive._client).ListUsersAsync(cancellation))
            drive._resource = new ResourceId(drive._tenant, ResourceKind.OneDrive, user.Id);
        return drive;
    }

    /// <summary>Lists everything once.</summary>
    public async Task ListAsync(CancellationToken cancellation)
    {
        var drive = await DriveReader.FindOfUserAsync(_client, _resource.ObjectId, cancellation);
        await foreach (var _ in new DriveReader(_client, drive.Id, new DriveReadOptions()).ReadChangesAsync(null, cancellation))
        {
        }
    }

    public async Task<RestorePoint> BackUpAsync(CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var run = RunId.New(now);
        await using var writer = await (await OpenAsync(cancellation)).BeginRunAsync(run.Value, now, cancellation);
        var request = new RunRequest(_resource, run, now, HiddenFolders: false, CompareListing: false, DamageToHeal.None);
        var session = new RunSession(request, writer, new RunBoard(run, RunReason.Requested, now, TimeProvider.System), new RunOptions(), TimeProvider.System, NullLogger<RunSession>.Instance);
        await new OneDrivePart(_client, _resource.ObjectId, new DriveReadOptions()).BackUpAsync(session, cancellation);
        return (await session.SealAsync(cancellation)).Point;
    }

    /// <returns>How many files were put back, into a new folder of the same drive.</returns>
    public async Task<int> RestoreAsync(RestorePoint point, CancellationToken cancellation)
    {
        var request = new RestoreRequest(new RestorePointId(_resource, point.Sequence), RestoreSelection.All, null, ["Restored"], ConflictPolicy.Skip, "benchmark");
        await using var reader = await (await OpenAsync(cancellation)).OpenPointAsync(point.Sequence, cancellation);
        var source = new RestoreSource(request, default, reader, await FolderTree.ReadAsync(reader, cancellation));
        var ledger = new CountingLedger();
        var restore = new OneDriveRestore(Options.Create(new DriveReadOptions()), Options.Create(new DriveWriteOptions()));
        await new RestoreRun(await restore.PartsOfAsync(source, _client, ledger, cancellation), ledger).RunAsync(cancellation);
        return ledger.Restored;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _clients.Dispose();
        await _simulator.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(_folder.Root, recursive: true);
    }

    private Task<ResourceVault> OpenAsync(CancellationToken cancellation) => _vault.OpenAsync(Grains.Access.VaultAccess.NameOf(_resource), cancellation);

    private sealed class CountingLedger : IRestoreLedger
    {
        public int Restored { get; private set; }

        public int PagesDone { get; private set; }

        public bool Interrupted => false;

        public bool Counted => true;

        public Task<ImmutableArray<ItemOutcome>> ReadPageAsync(int page) => throw new NotSupportedException("Nothing is resumed here.");

        public Task AskAsync(long items) => Task.CompletedTask;

        public Task AddPageAsync(ImmutableArray<ItemOutcome> outcomes)
        {
            Restored += outcomes.Count(outcome => outcome.Kind == OutcomeKind.Restored);
            return Task.CompletedTask;
        }

        public void Step(string what)
        {
        }

        public void Warn(string what) => Console.WriteLine($"  {what}");
    }
}
