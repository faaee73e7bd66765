using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;
using ItemVersion = OrleansBackup.Vault.ItemVersion;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>A simulated tenant with sites and teams on one side, a vault in a folder on the other, and the work between them without any actor.</summary>
internal sealed class CollaborationScene : IAsyncDisposable
{
    private readonly SimulatorFixture _simulator;
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-test-").FullName;
    private readonly TenantCreated _created;
    private readonly IResourceWorkload _workload;

    private CollaborationScene(SimulatorFixture simulator, TenantRecipe recipe, IResourceWorkload workload)
    {
        (_simulator, _workload) = (simulator, workload);
        // What limits cost is tested with the connector; here real waits would only take time.
        simulator.Host.World.Limits.Current = new LimitSettings { Enabled = false };
        _created = simulator.Host.Admin.CreateTenant(recipe with { Domain = $"t{Guid.NewGuid():N}"[..12] + ".example", MessagesPerMailbox = 0 });
        World = simulator.Host.Admin.Tenant(_created.TenantId.ToString());
        Client = simulator.Clients.Create(new TenantCredential(Tenant.ToString(), _created.ClientId.ToString(), _created.ClientSecret), UnlimitedBudget.Instance);
        Repository = new VaultRepository(new FolderBlobStore(Path.Combine(_folder, "vault")), KeyFile.Create(Path.Combine(_folder, "key")), new VaultOptions(), TimeProvider.System);
    }

    public static async Task<CollaborationScene> StartAsync(SimulatorFixture simulator, TenantRecipe recipe, IResourceWorkload workload)
    {
        var scene = new CollaborationScene(simulator, recipe, workload);
        await scene.Repository.CreateTenantAsync(scene.Tenant.ToString(), CancellationToken.None);
        return scene;
    }

    public SimulatedTenant World { get; }

    public GraphClient Client { get; }

    public VaultRepository Repository { get; }

    public TenantId Tenant => new(_created.TenantId);

    public SimulatorAdmin Admin => _simulator.Host.Admin;

    public DateTimeOffset Now => Admin.World.Clock.GetUtcNow();

    public RunOptions Options { get; set; } = new();

    public RunBoard LastBoard { get; private set; } = null!;

    /// <summary>Called before each part of a run, to break things between them.</summary>
    public Action<string>? BeforePart { get; set; }

    public ResourceId Resource(string objectId) => new(Tenant, _workload.Kind, objectId);

    public void Order(Fault fault) => _simulator.Host.World.Faults.Add(fault with { Tenant = Tenant.ToString() });

    public void Live(int days, ulong seed, double intensity = 15) => Admin.PlayLife(Tenant.ToString(), new LifeRecipe(days, seed, intensity));

    public void Withdraw(params string[] permissions) => Admin.SetPermissions(Tenant.ToString(), [.. World.Permissions.Except(permissions)], revokeTokens: true);

    public Task<ResourceVault> VaultAsync(string objectId) => Repository.OpenAsync(Access.VaultAccess.NameOf(Resource(objectId)), CancellationToken.None);

    public async Task<RunResult> RunAsync(string objectId, bool compare = false, CancellationToken handOver = default)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = RunId.New(now);
        LastBoard = new RunBoard(id, RunReason.Requested, now, TimeProvider.System);
        await using var writer = await (await VaultAsync(objectId)).BeginRunAsync(id.Value, now, CancellationToken.None);
        var request = new RunRequest(Resource(objectId), id, now, HiddenFolders: true, compare, DamageToHeal.None) { HandOver = handOver };
        var session = new RunSession(request, writer, LastBoard, Options, TimeProvider.System, NullLogger<RunSession>.Instance);
        foreach (var part in _workload.PartsOf(request, Client))
        {
            BeforePart?.Invoke(part.Name);
            try
            {
                await part.BackUpAsync(session, CancellationToken.None);
            }
            catch (TenantAccessException exception) when (!part.IsEssential && exception.Problem == TenantAccessProblem.PermissionMissing)
            {
                session.Lack(part.Name, exception.Message);
            }
        }
        return await session.SealAsync(CancellationToken.None);
    }

    /// <summary>Backs up, lives on, and so for five days; then each day's point must be what was true on that day.</summary>
    /// <param name="comparedDay">The day on which the run also reads a plain listing.</param>
    /// <param name="assert">Compares a point with the history at a moment.</param>
    public async Task AssertEachDayIsTrueAsync(string objectId, int seed, double intensity, int comparedDay, Func<RestorePoint, DateTimeOffset, Task> assert)
    {
        var days = new List<(RestorePoint Point, DateTimeOffset At)>();
        for (var day = 0; day < 5; day++)
        {
            var result = await RunAsync(objectId, compare: day == comparedDay);
            Assert.Empty(result.Warnings);
            days.Add((result.Point, Now));
            Live(1 + day % 2, (ulong)(seed * 100 + day), intensity);
        }
        foreach (var (point, at) in days)
            await assert(point, at);
    }

    /// <summary>A run after which nothing has happened reads and writes nothing again.</summary>
    public async Task AssertQuietRunIsFreeAsync(string objectId)
    {
        var first = await RunAsync(objectId);
        var second = await RunAsync(objectId);
        var counts = LastBoard.Current.Counts;
        Assert.Equal((0, 0, 0, 0), (counts.Added, counts.Changed, counts.Removed, counts.DownloadedBytes));
        Assert.Equal(first.Point.ItemsByKind, second.Point.ItemsByKind);
    }

    public async Task<PointReader> OpenAsync(string objectId, RestorePoint point) => await (await VaultAsync(objectId)).OpenPointAsync(point.Sequence, CancellationToken.None);

    /// <summary>Items of a kind by id, each with its JSON where it has one.</summary>
    public static async Task<Dictionary<string, (ItemVersion Item, JsonNode? Json)>> ItemsAsync(PointReader reader, string kind)
    {
        var items = new Dictionary<string, (ItemVersion, JsonNode?)>(StringComparer.Ordinal);
        await foreach (var item in reader.ItemsAsync(new ItemFilter(kind, null), CancellationToken.None))
            items.Add(item.Id, (item, item.Contents.ContainsKey(ContentRoles.Json) ? JsonNode.Parse((await ItemOutcomes.ReadJsonAsync(reader, item, CancellationToken.None)).Span) : null));
        return items;
    }

    /// <summary>Plays a restore job with a ledger in memory.</summary>
    public async Task<MemoryLedger> RestoreAsync(IResourceRestore restore, string objectId, RestorePoint point, RestoreSelection selection, ConflictPolicy conflict = ConflictPolicy.Skip,
        string? into = null, string[]? under = null, string? container = null, bool permissions = false, MemoryLedger? ledger = null)
    {
        ledger ??= new MemoryLedger();
        await using var reader = await OpenAsync(objectId, point);
        var request = new RestoreRequest(new RestorePointId(Resource(objectId), point.Sequence), selection, into is null ? null : Resource(into), [.. under ?? []], conflict, "somebody")
        {
            TargetContainer = container, Permissions = permissions,
        };
        await restore.CheckTargetAsync(request, Client, CancellationToken.None);
        var source = new RestoreSource(request, ledger.Job, reader, await FolderTree.ReadAsync(reader, CancellationToken.None));
        await new RestoreRun(await restore.PartsOfAsync(source, Client, ledger, CancellationToken.None), ledger).RunAsync(CancellationToken.None);
        return ledger;
    }

    /// <summary>What would come back, as it is told before a job runs.</summary>
    public async Task<RestorePreview> PreviewAsync(IResourceRestore restore, string objectId, RestorePoint point)
    {
        await using var reader = await OpenAsync(objectId, point);
        var request = new RestoreRequest(new RestorePointId(Resource(objectId), point.Sequence), RestoreSelection.All, null, [], ConflictPolicy.Skip, "somebody");
        var forecast = new RestoreForecast();
        foreach (var part in restore.ForesightsOf(new RestoreSource(request, default, reader, await FolderTree.ReadAsync(reader, CancellationToken.None))))
            await forecast.AddAsync(part, CancellationToken.None);
        return forecast.Result;
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
