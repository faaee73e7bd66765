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
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Mailboxes.Exports;
using OrleansBackup.Grains.Mailboxes.Items;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Workloads;

/// <summary>One mailbox of a simulator without limits, and this process as the one that backs it up and puts it back.</summary>
internal sealed class MeasuredMailbox : IAsyncDisposable
{
    private static readonly string[] Usual = ["User.Read.All", "Mail.ReadWrite", "Calendars.ReadWrite", "Contacts.ReadWrite", "Tasks.ReadWrite.All", "MailboxSettings.Read"];

    private readonly DemoFolder _folder;
    private readonly DemoSimulator _simulator;
    private readonly GraphClientFactory _clients;
    private readonly GraphClient _client;
    private readonly VaultRepository _vault;
    private readonly TenantId _tenant;
    private readonly IOptions<MailReadOptions> _reading = Options.Create(new MailReadOptions());
    private readonly IOptions<MailWriteOptions> _writing = Options.Create(new MailWriteOptions());
    private readonly IOptions<ExportOptions> _exporting = Options.Create(new ExportOptions());
    private readonly ItemSources _items;
    private ResourceId _resource;

    private MeasuredMailbox(DemoFolder folder, DemoSimulator simulator, SimulatedTenantAnswer tenant)
    {
        (_folder, _simulator) = (folder, simulator);
        _items = new ItemSources(Options.Create(new ItemReadOptions()), _reading, _writing);
        var endpoints = new GraphEndpoints { Graph = new Uri(simulator.GraphEndpoint.AbsoluteUri), Authority = simulator.Authority, TrustedCertificateFile = simulator.CertificateFile };
        // The limits of one mailbox would be measured and not the ways; what they allow is worked out from the requests.
        _clients = new GraphClientFactory(endpoints, new GraphClientOptions { RequestWindow = TimeSpan.FromSeconds(1), UploadWindow = TimeSpan.FromSeconds(1), FirstBackoff = TimeSpan.FromMilliseconds(10), MaxBackoff = TimeSpan.FromMilliseconds(100) }, TimeProvider.System, NullLoggerFactory.Instance);
        _client = _clients.Create(new TenantCredential(tenant.TenantId.ToString(), tenant.ClientId, tenant.ClientSecret), UnlimitedBudget.Instance);
        _vault = new VaultRepository(new FolderBlobStore(Path.Combine(folder.Root, "vault")), KeyFile.Create(Path.Combine(folder.Root, "key")), new VaultOptions(), TimeProvider.System);
        _tenant = new TenantId(tenant.TenantId);
    }

    public GraphStatistics Statistics => _client.Statistics;

    public static async Task<MeasuredMailbox> StartAsync(int messages, int items, bool exports, CancellationToken cancellation)
    {
        var folder = DemoFolder.Open(Directory.CreateTempSubdirectory("orleansbackup-bench-").FullName);
        var simulator = new DemoSimulator(folder);
        await simulator.StartAsync(Timeline.FirstEvening, limits: false, cancellation);
        var mailbox = new MeasuredMailbox(folder, simulator, await simulator.Api.CreateTenantAsync(new SimulatedRecipe
        {
            Users = 1, MessagesPerMailbox = messages, EventsPerMailbox = items, ContactsPerMailbox = items, TasksPerMailbox = items,
            Permissions = exports ? [.. Usual, "MailboxItem.ImportExport.All"] : Usual,
        }, cancellation));
        await mailbox._vault.CreateTenantAsync(mailbox._tenant.ToString(), cancellation);
        await foreach (var user in new DirectoryReader(mailbox._client).ListUsersAsync(cancellation))
            mailbox._resource = new ResourceId(mailbox._tenant, ResourceKind.Mailbox, user.Id);
        return mailbox;
    }

    public async Task<RestorePoint> BackUpAsync(CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var run = RunId.New(now);
        await using var writer = await (await OpenAsync(cancellation)).BeginRunAsync(run.Value, now, cancellation);
        var request = new RunRequest(_resource, run, now, HiddenFolders: false, CompareListing: false, DamageToHeal.None);
        var session = new RunSession(request, writer, new RunBoard(run, RunReason.Requested, now, TimeProvider.System), new RunOptions(), TimeProvider.System, NullLogger<RunSession>.Instance);
        foreach (var part in new MailboxWorkload(_reading, _items, _exporting, Options.Create(new ExportRunOptions())).PartsOf(request, _client))
            await part.BackUpAsync(session, cancellation);
        return (await session.SealAsync(cancellation)).Point;
    }

    /// <summary>Puts everything into a new folder of the same mailbox.</summary>
    public async Task<CountingLedger> RestoreAsync(RestorePoint point, CancellationToken cancellation)
    {
        var request = new RestoreRequest(new RestorePointId(_resource, point.Sequence), RestoreSelection.All, null, ["Restored"], ConflictPolicy.Copy, "benchmark");
        await using var reader = await (await OpenAsync(cancellation)).OpenPointAsync(point.Sequence, cancellation);
        var source = new RestoreSource(request, RestoreJobId.New(TimeProvider.System.GetUtcNow()), reader, await FolderTree.ReadAsync(reader, cancellation));
        var ledger = new CountingLedger();
        var restore = new MailboxRestore(_reading, _writing, _exporting, _items);
        await new RestoreRun(await restore.PartsOfAsync(source, _client, ledger, cancellation), ledger).RunAsync(cancellation);
        return ledger;
    }

    public long StoredBytes() => new DirectoryInfo(Path.Combine(_folder.Root, "vault")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _clients.Dispose();
        await _simulator.DisposeAsync();
        _folder.Dispose();
        Directory.Delete(_folder.Root, recursive: true);
    }

    private Task<ResourceVault> OpenAsync(CancellationToken cancellation) => _vault.OpenAsync(Grains.Access.VaultAccess.NameOf(_resource), cancellation);

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
