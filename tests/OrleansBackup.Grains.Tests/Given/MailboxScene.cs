using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>A simulated mailbox on one side, a vault in a folder on the other, and the work between them without any actor.</summary>
internal sealed class MailboxScene : IAsyncDisposable
{
    private readonly SimulatorFixture _simulator;
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-test-").FullName;
    private readonly GraphClient _client;
    private readonly TenantCreated _tenant;

    private MailboxScene(SimulatorFixture simulator, TenantRecipe recipe, Func<IBlobStore, IBlobStore>? wrap)
    {
        _simulator = simulator;
        _tenant = simulator.Host.Admin.CreateTenant(recipe);
        UserId = _tenant.Mailboxes[0].UserId.ToString();
        _client = simulator.Clients.Create(new TenantCredential(Tenant.ToString(), _tenant.ClientId.ToString(), _tenant.ClientSecret), UnlimitedBudget.Instance);
        Store = new FolderBlobStore(Path.Combine(_folder, "vault"));
        Repository = new VaultRepository(wrap?.Invoke(Store) ?? Store, KeyFile.Create(Path.Combine(_folder, "key")), new VaultOptions(), TimeProvider.System);
    }

    public static async Task<MailboxScene> StartAsync(SimulatorFixture simulator, int messages = 30, Func<IBlobStore, IBlobStore>? wrap = null, TenantRecipe? recipe = null)
    {
        var scene = new MailboxScene(simulator, recipe ?? new TenantRecipe { Users = 2, MessagesPerMailbox = messages, Domain = $"t{Guid.NewGuid():N}.example" }, wrap);
        await scene.Repository.CreateTenantAsync(scene.Tenant.ToString(), CancellationToken.None);
        return scene;
    }

    public string UserId { get; }

    public string OtherUserId => _tenant.Mailboxes[1].UserId.ToString();

    public TenantId Tenant => new(_tenant.TenantId);

    public ResourceId Resource => new(Tenant, ResourceKind.Mailbox, UserId);

    public IBlobStore Store { get; }

    public VaultRepository Repository { get; }

    public GraphClient Client => _client;

    public SimulatorAdmin Admin => _simulator.Host.Admin;

    public Mailbox Mailbox => Admin.Mailbox(Tenant.ToString(), UserId);

    public RunOptions Options { get; set; } = new();

    /// <summary>Runs and restores use the export interface, as far as the tenant permits it.</summary>
    public bool Exports { get; set; }

    public ExportOptions ExportOptions { get; set; } = new();

    public ExportRunOptions ExportRuns { get; set; } = new();

    /// <summary>Consents to these permissions beside the usual ones, and makes tokens of before worthless.</summary>
    public void Permit(params IEnumerable<string> more) => Admin.SetPermissions(TenantText, KnownPermissions.All.Concat(more), revokeTokens: true);

    public string TenantText => Tenant.ToString();

    public void Order(Fault fault) => _simulator.Host.World.Faults.Add(fault with { Tenant = TenantText });

    /// <summary>Lets the client notice that its token is worthless, as any request does: consent shows in a new token only.</summary>
    public Task RenewTokenAsync() => new MailboxReader(_client, UserId, new MailReadOptions()).ReadFoldersAsync(null, CancellationToken.None);

    /// <summary>Bytes in the vault's folder.</summary>
    public long StoredBytes() => new DirectoryInfo(Path.Combine(_folder, "vault")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public RunBoard LastBoard { get; private set; } = null!;

    public Task<ResourceVault> VaultAsync() =>
        Repository.OpenAsync(Access.VaultAccess.NameOf(Resource), CancellationToken.None);

    public async Task<RunResult> RunAsync(bool compare = false, RunId? run = null, CancellationToken cancellation = default)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = run ?? RunId.New(now);
        LastBoard = new RunBoard(id, RunReason.Requested, now, TimeProvider.System);
        var vault = await VaultAsync();
        await using var writer = await vault.BeginRunAsync(id.Value, now, cancellation);
        var reader = new MailboxReader(_client, UserId, new MailReadOptions { PageSize = 10, IncludeHiddenFolders = true });
        var session = Session(writer, compare);
        var exports = Exports ? new ItemExports(_client, UserId, ExportOptions, ExportRuns) : null;
        await new MailPart(reader, exports).BackUpAsync(session, cancellation);
        if (exports is not null)
            await new ExportsPart(exports).BackUpAsync(session, cancellation);
        return await session.SealAsync(cancellation);
    }

    /// <summary>What the parts of a run share, for a writer that has begun one.</summary>
    public RunSession Session(RunWriter writer, bool compare = false)
    {
        var request = new RunRequest(Resource, new RunId(writer.Run), TimeProvider.System.GetUtcNow(), HiddenFolders: true, compare, DamageToHeal.None);
        return new RunSession(request, writer, LastBoard, Options, TimeProvider.System, NullLogger<RunSession>.Instance);
    }

    public IReadOnlyList<StateMessage> Truth(DateTimeOffset? at = null, string? user = null)
    {
        var messages = new List<StateMessage>();
        string? cursor = null;
        do
        {
            var page = Admin.State(TenantText, user ?? UserId, at, cursor);
            messages.AddRange(page.Messages);
            cursor = page.Cursor;
        }
        while (cursor is not null);
        return messages;
    }

    /// <summary>Every folder and message of a point against the simulator's own history, ids, marks, places and bytes.</summary>
    public async Task AssertPointIsTrueAsync(RestorePoint point, DateTimeOffset? at = null)
    {
        var vault = await VaultAsync();
        await using var reader = await vault.OpenPointAsync(point.Sequence, CancellationToken.None);
        var folders = await FolderTree.ReadAsync(reader.ItemsAsync(new ItemFilter(ItemKinds.MailFolder, null), CancellationToken.None), CancellationToken.None);
        var state = Admin.State(TenantText, UserId, at);
        Assert.Equal(state.Folders.Select(folder => (folder.Id, string.Join('\u001f', folder.Path))).Order(),
            folders.All.Select(folder => (folder.Id, string.Join('\u001f', folders.PathOf(folder.Id)))).Order());

        var held = new Dictionary<string, MailItem>(StringComparer.Ordinal);
        await foreach (var item in reader.ItemsAsync(new ItemFilter(ItemKinds.Message, null), CancellationToken.None))
            held.Add(item.Id, MailItem.Read(item));
        var truth = Truth(at);
        Assert.Equal(truth.Select(message => (message.Id, message.FolderId)).Order(), held.Values.Select(item => (item.Id, item.FolderId)).Order());
        foreach (var message in truth)
        {
            var item = held[message.Id];
            Assert.Null(item.DepartedFrom);
            Assert.Equal(message.Properties.GetProperty("changeKey").GetString(), item.ChangeKey);
            if (item.HasMime)
                Assert.Equal(message.MimeSha256, await HashAsync(reader, item.Contents[MailItem.MimeContent]));
            using var json = JsonDocument.Parse(await ReadAsync(reader, item.Contents[MailItem.MessageContent]));
            Assert.Equal(message.Properties.GetProperty("isRead").GetBoolean(), json.RootElement.GetProperty("isRead").GetBoolean());
            Assert.Equal(message.Properties.GetProperty("subject").GetString(), json.RootElement.GetProperty("subject").GetString());
            if (item.Attachments.All(entry => entry.Problem is null))
                for (var index = 0; index < item.Attachments.Length; index++)
                    Assert.Equal(message.Attachments[index].Sha256, await HashAsync(reader, item.Contents[MailItem.AttachmentContent(index)]));
        }
    }

    public async Task<ImmutableArray<MailItem>> ItemsAsync(RestorePoint point, string kind = ItemKinds.Message)
    {
        var vault = await VaultAsync();
        await using var reader = await vault.OpenPointAsync(point.Sequence, CancellationToken.None);
        var items = ImmutableArray.CreateBuilder<MailItem>();
        await foreach (var item in reader.ItemsAsync(new ItemFilter(kind, null), CancellationToken.None))
            items.Add(MailItem.Read(item));
        return items.ToImmutable();
    }

    /// <summary>Plays a restore job with a ledger in memory.</summary>
    public async Task<MemoryLedger> RestoreAsync(RestorePoint point, RestoreSelection selection, ConflictPolicy conflict = ConflictPolicy.Skip,
        string? targetUser = null, ImmutableArray<string> under = default, MemoryLedger? ledger = null, CancellationToken cancellation = default)
    {
        ledger ??= new MemoryLedger();
        var vault = await VaultAsync();
        await using var reader = await vault.OpenPointAsync(point.Sequence, cancellation);
        var atPoint = await FolderTree.ReadAsync(reader.ItemsAsync(new ItemFilter(ItemKinds.MailFolder, null), cancellation), cancellation);
        var target = targetUser ?? UserId;
        var mailbox = new MailboxReader(_client, target, new MailReadOptions { IncludeHiddenFolders = true });
        var writer = new MailboxWriter(_client, target, new MailWriteOptions());
        var now = new FolderTree((await mailbox.ReadFoldersAsync(null, cancellation)).Changed.Select(MailFolderItem.Of));
        var plan = new RestorePlan(ItemIds.Mail, [ItemKinds.Message], reader, atPoint, selection);
        var targets = new TargetFolders(atPoint, now, under.IsDefault ? [] : under, target == UserId, writer);
        await new RestoreRun([new MailPartRestore(ledger.Job, conflict, plan, reader, targets, writer, await ImportAsync(target, reader, cancellation))], ledger).RunAsync(cancellation);
        return ledger;
    }

    /// <summary>The way of imports into a mailbox; null where the scene has none.</summary>
    public async Task<ImportWay?> ImportAsync(string user, PointReader point, CancellationToken cancellation) =>
        Exports ? await ImportWay.OpenAsync(_client, user, point, ExportOptions, cancellation) : null;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
        await ValueTask.CompletedTask;
    }

    private static async Task<byte[]> ReadAsync(PointReader reader, ContentReference content)
    {
        await using var stream = await reader.OpenContentAsync(content, CancellationToken.None);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer);
        return buffer.ToArray();
    }

    private static async Task<string> HashAsync(PointReader reader, ContentReference content) =>
        Convert.ToHexStringLower(SHA256.HashData(await ReadAsync(reader, content)));
}

/// <summary>A ledger that a test can look into, and stop in the middle.</summary>
internal sealed class MemoryLedger : IRestoreLedger
{
    private readonly List<ImmutableArray<ItemOutcome>> _pages = [];

    public RestoreJobId Job { get; } = RestoreJobId.New(TimeProvider.System.GetUtcNow());

    public long Asked { get; private set; } = -1;

    public IEnumerable<ItemOutcome> Outcomes => _pages.SelectMany(page => page);

    public int PagesDone => _pages.Count;

    public bool Interrupted { get; set; }

    public bool Counted => Asked >= 0;

    /// <summary>Called instead of keeping a page: a process that dies at that moment.</summary>
    public Action? DieBeforePage { get; set; }

    public Task<ImmutableArray<ItemOutcome>> ReadPageAsync(int page) => Task.FromResult(_pages[page]);

    public Task AskAsync(long items)
    {
        Asked = items;
        return Task.CompletedTask;
    }

    public Task AddPageAsync(ImmutableArray<ItemOutcome> outcomes)
    {
        DieBeforePage?.Invoke();
        _pages.Add(outcomes);
        Interrupted = false;
        return Task.CompletedTask;
    }

    public void Step(string what)
    {
    }

    public void Warn(string what) => Warnings.Add(what);

    public List<string> Warnings { get; } = [];

    public int Count(OutcomeKind kind) => Outcomes.Count(outcome => outcome.Kind == kind);
}
