using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Drives;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>Simulated OneDrives on one side, a vault in a folder on the other, and the work between them without any actor.</summary>
internal sealed class DriveScene : IAsyncDisposable
{
    private readonly SimulatorFixture _simulator;
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-test-").FullName;
    private readonly TenantCreated _tenant;

    private DriveScene(SimulatorFixture simulator, TenantRecipe recipe, Func<IBlobStore, IBlobStore>? wrap)
    {
        _simulator = simulator;
        _tenant = simulator.Host.Admin.CreateTenant(recipe);
        Client = simulator.Clients.Create(new TenantCredential(Tenant.ToString(), _tenant.ClientId.ToString(), _tenant.ClientSecret), UnlimitedBudget.Instance);
        IBlobStore store = new FolderBlobStore(Path.Combine(_folder, "vault"));
        Repository = new VaultRepository(wrap?.Invoke(store) ?? store, KeyFile.Create(Path.Combine(_folder, "key")), new VaultOptions(), TimeProvider.System);
    }

    public static async Task<DriveScene> StartAsync(SimulatorFixture simulator, int files = 30, ulong seed = 1, string? material = null, Func<IBlobStore, IBlobStore>? wrap = null)
    {
        var scene = new DriveScene(simulator, new TenantRecipe
        {
            Users = 2, MessagesPerMailbox = 0, FilesPerDrive = files, FilesDirectory = material, Seed = seed, Domain = $"t{Guid.NewGuid():N}.example",
        }, wrap);
        await scene.Repository.CreateTenantAsync(scene.Tenant.ToString(), CancellationToken.None);
        simulator.Host.World.Statistics.Reset(); // tests of a class come one after the other
        simulator.Host.World.Faults.Clear();
        return scene;
    }

    public TenantId Tenant => new(_tenant.TenantId);

    public string UserId => _tenant.Mailboxes[0].UserId.ToString();

    public string OtherUserId => _tenant.Mailboxes[1].UserId.ToString();

    public ResourceId Resource => new(Tenant, ResourceKind.OneDrive, UserId);

    public VaultRepository Repository { get; }

    public GraphClient Client { get; }

    public SimulatorAdmin Admin => _simulator.Host.Admin;

    /// <summary>The drive that is backed up; the other user's is a target.</summary>
    public Drive Drive => Admin.Drive(TenantText, UserId);

    public Drive OtherDrive => Admin.Drive(TenantText, OtherUserId);

    public string TenantText => Tenant.ToString();

    public RunOptions Options { get; set; } = new();

    public DriveReadOptions Reading { get; set; } = new() { PageSize = 12, LeastPageSize = 4 };

    public RunBoard LastBoard { get; private set; } = null!;

    public void Order(Fault fault) => _simulator.Host.World.Faults.Add(fault with { Tenant = TenantText });

    public Task<ResourceVault> VaultAsync() => Repository.OpenAsync(Access.VaultAccess.NameOf(Resource), CancellationToken.None);

    public async Task<RunResult> RunAsync(bool compare = false, RunId? run = null, DamageToHeal? heal = null, CancellationToken handOver = default, CancellationToken cancellation = default)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = run ?? RunId.New(now);
        LastBoard = new RunBoard(id, RunReason.Requested, now, TimeProvider.System);
        var vault = await VaultAsync();
        await using var writer = await vault.BeginRunAsync(id.Value, now, cancellation);
        var request = new RunRequest(Resource, new RunId(writer.Run), now, HiddenFolders: true, compare, heal ?? DamageToHeal.None) { HandOver = handOver };
        var session = new RunSession(request, writer, LastBoard, Options, TimeProvider.System, NullLogger<RunSession>.Instance);
        await new OneDrivePart(Client, UserId, Reading).BackUpAsync(session, cancellation);
        return await session.SealAsync(cancellation);
    }

    public IReadOnlyList<StateDriveItem> Truth(DateTimeOffset? at = null, string? user = null) => Admin.DriveState(TenantText, user ?? UserId, at).Items;

    /// <summary>Every folder and file of a point against the simulator's own history: ids, names, places, dates, bytes.</summary>
    public async Task AssertPointIsTrueAsync(RestorePoint point, DateTimeOffset? at = null)
    {
        await using var reader = await OpenAsync(point);
        var entries = await EntriesAsync(reader);
        var byId = entries.ToDictionary(entry => entry.GraphId, StringComparer.Ordinal);
        var truth = Truth(at);
        var owed = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var debt in reader.ItemsAsync(new ItemFilter(ItemKinds.Debt, null), CancellationToken.None))
            owed.Add(ItemIds.GraphIdOf(debt.Id));
        Assert.Equal(
            truth.Where(item => !owed.Contains(item.Id)).Select(item => $"{item.Kind} {item.Path} {item.Created:O} {item.Modified:O} {item.Id}").Order(StringComparer.Ordinal),
            entries.Where(entry => entry.Kind != Microsoft365.Drives.DriveItemKind.Root && !owed.Contains(entry.GraphId))
                .Select(entry => $"{entry.Kind.ToString().ToLowerInvariant()} {PathOf(entry, byId)} {entry.Created:O} {entry.Modified:O} {entry.GraphId}").Order(StringComparer.Ordinal));
        foreach (var item in truth.Where(item => item is { Kind: "file" } && !owed.Contains(item.Id)))
        {
            if (!item.IsReadable)
                Assert.NotNull(byId[item.Id].Problem);
            else
                Assert.Equal(item.Sha256, await HashAsync(reader, byId[item.Id].Contents[ContentRoles.Content]));
        }
    }

    /// <summary>The simulated clock: what the tenant's history is read with.</summary>
    public DateTimeOffset Now => Admin.World.Clock.GetUtcNow();

    /// <summary>Leaves nothing in the other user's drive.</summary>
    public void EmptyOther() => OtherDrive.Read(() =>
    {
        foreach (var item in OtherDrive.Root.Children.ToList())
            OtherDrive.Delete(item);
        return true;
    });

    /// <summary>Nothing is broken in the drive any more, so that all of it can be compared.</summary>
    public void HealOddities() => Drive.Read(() =>
    {
        foreach (var item in Drive.AllItems.Where(item => item.Latest.Oddities != FileOddities.None).ToList())
            Drive.SetOddities(item, FileOddities.None);
        return true;
    });

    /// <summary>Plays a restore with a ledger in memory.</summary>
    public async Task<MemoryLedger> RestoreAsync(RestorePoint point, RestoreSelection? selection = null, ConflictPolicy conflict = ConflictPolicy.Skip, string? into = null,
        ImmutableArray<string> under = default, bool permissions = false, bool removeNewer = false, MemoryLedger? ledger = null, CancellationToken cancellation = default)
    {
        ledger ??= new MemoryLedger();
        var request = Request(point, selection, conflict, into, under, permissions, removeNewer);
        await using var reader = await OpenAsync(point);
        var source = new RestoreSource(request, ledger.Job, reader, await FolderTree.ReadAsync(reader, cancellation));
        var restore = Restore();
        await restore.CheckTargetAsync(request, Client, cancellation);
        await new RestoreRun(await restore.PartsOfAsync(source, Client, ledger, cancellation), ledger).RunAsync(cancellation);
        return ledger;
    }

    public async Task<RestorePreview> PreviewAsync(RestorePoint point, bool permissions)
    {
        var request = Request(point, null, ConflictPolicy.Skip, null, default, permissions, removeNewer: false);
        await using var reader = await OpenAsync(point);
        var forecast = new RestoreForecast();
        foreach (var part in Restore().ForesightsOf(new RestoreSource(request, default, reader, await FolderTree.ReadAsync(reader, CancellationToken.None))))
            await forecast.AddAsync(part, CancellationToken.None);
        return forecast.Result;
    }

    public RestoreRequest Request(RestorePoint point, RestoreSelection? selection, ConflictPolicy conflict, string? into, ImmutableArray<string> under, bool permissions, bool removeNewer) =>
        new(new RestorePointId(Resource, point.Sequence), selection ?? RestoreSelection.All, into is null ? null : new ResourceId(Tenant, ResourceKind.OneDrive, into),
            under.IsDefault ? [] : under, conflict, "a test") { Permissions = permissions, RemoveNewer = removeNewer };

    public OneDriveRestore Restore() => new(Microsoft.Extensions.Options.Options.Create(Reading), Microsoft.Extensions.Options.Options.Create(Writing));

    public DriveWriteOptions Writing { get; set; } = new() { PieceUnits = 1 };

    /// <summary>Everything that the point could hold is there: names, tree, dates and bytes; what Microsoft never handed out is not.</summary>
    public async Task AssertRestoredAsync(RestorePoint point, IReadOnlyList<StateDriveItem> then, IReadOnlyList<StateDriveItem> now)
    {
        await using var reader = await OpenAsync(point);
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in await EntriesAsync(reader))
            if (entry.IsContainer || entry.Contents.ContainsKey(ContentRoles.Content))
                held.Add(entry.GraphId);
        Assert.Equal(then.Where(item => held.Contains(item.Id)).Select(Show).Order(StringComparer.Ordinal), now.Select(Show).Order(StringComparer.Ordinal));

        static string Show(StateDriveItem item) => item.Kind is "file"
            ? $"{item.Path} {item.Created:O} {item.Modified:O} {item.Size} {item.Sha256}" : $"{item.Path}/ {item.Created:O} {item.Modified:O}";
    }

    public async Task<PointReader> OpenAsync(RestorePoint point) => await (await VaultAsync()).OpenPointAsync(point.Sequence, CancellationToken.None);

    public static async Task<List<DriveEntry>> EntriesAsync(PointReader reader)
    {
        var entries = new List<DriveEntry>();
        await foreach (var item in reader.ItemsAsync(ItemFilter.All, CancellationToken.None))
            if (item.Kind != ItemKinds.Debt)
                entries.Add(DriveEntry.Read(item));
        return entries;
    }

    public async Task<List<ItemDebt>> DebtsAsync(RestorePoint point)
    {
        await using var reader = await OpenAsync(point);
        var debts = new List<ItemDebt>();
        await foreach (var item in reader.ItemsAsync(new ItemFilter(ItemKinds.Debt, null), CancellationToken.None))
            debts.Add(DebtItem.Read(item));
        return debts;
    }

    public long Requests(string template) =>
        _simulator.Host.World.Statistics.View().Endpoints.Where(endpoint => endpoint.Template.Contains(template, StringComparison.Ordinal)).Sum(endpoint => endpoint.Requests);

    /// <summary>Lengths of the answers, as announced.</summary>
    public long BytesServed(string template) =>
        _simulator.Host.World.Statistics.View().Endpoints.Where(endpoint => endpoint.Template.Contains(template, StringComparison.Ordinal)).Sum(endpoint => endpoint.Bytes);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Directory.Delete(_folder, recursive: true);
        await ValueTask.CompletedTask;
    }

    private static string PathOf(DriveEntry entry, Dictionary<string, DriveEntry> byId)
    {
        var names = new Stack<string>();
        for (var at = entry; at.ParentGraphId is { } parent; at = byId[parent])
            names.Push(at.Name);
        return string.Join('/', names);
    }

    private static async Task<string> HashAsync(PointReader reader, ContentReference content)
    {
        await using var stream = await reader.OpenContentAsync(content, CancellationToken.None);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }
}
