using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Limits;
using OrleansBackup.Microsoft365.Calendar;
using OrleansBackup.Microsoft365.Contacts;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Exports;
using OrleansBackup.Microsoft365.Items;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tasks;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Schema;

/// <summary>Makes the connector do everything that it can, kind by kind, its ways out of trouble included, and keeps what it sent.</summary>
internal sealed partial class ConnectorTour : IAsyncDisposable
{
    private readonly GraphSimulatorHost _host;
    private readonly TenantCreated _tenant;
    private readonly RequestRecorder _recorder;
    private readonly GraphClientFactory _factory;
    private readonly GraphClient _client;

    private ConnectorTour(GraphSimulatorHost host)
    {
        _host = host;
        host.World.Limits.Current = new LimitSettings { Enabled = false }; // what limits do is tested elsewhere
        _tenant = host.Admin.CreateTenant(new TenantRecipe
        {
            Users = 2, MessagesPerMailbox = 30, EventsPerMailbox = 40, ContactsPerMailbox = 12, TasksPerMailbox = 20, FilesPerDrive = 20, Sites = 5, FilesPerLibrary = 3, Groups = 1, Teams = 1, MessagesPerChannel = 8,
            Permissions = [.. KnownPermissions.All, .. CollaborationPermissions.All, .. ExportPermissions.All],
        });
        _recorder = new RequestRecorder(host.CreateHttpHandler());
        _factory = new GraphClientFactory(new GraphEndpoints { Graph = new Uri(host.BaseAddress, "v1.0/"), Authority = host.BaseAddress },
            new GraphClientOptions { Jitter = () => 0.5 }, new ManualClock { SkipsWaits = true }, NullLoggerFactory.Instance, _recorder);
        _client = _factory.Create(new TenantCredential(_tenant.TenantId.ToString(), _tenant.ClientId.ToString(), _tenant.ClientSecret), UnlimitedBudget.Instance);
    }

    private string User => _tenant.Mailboxes[0].UserId.ToString();

    public static async Task<ConnectorTour> StartAsync() => new(await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions(), CancellationToken.None));

    public async Task<List<RecordedRequest>> RecordAsync(string tour)
    {
        await (tour switch
        {
            nameof(MailAsync) => MailAsync(),
            nameof(CalendarAsync) => CalendarAsync(),
            nameof(ContactsAsync) => ContactsAsync(),
            nameof(TasksAsync) => TasksAsync(),
            nameof(DrivesAsync) => DrivesAsync(),
            nameof(SitesAsync) => SitesAsync(),
            nameof(TeamsAsync) => TeamsAsync(),
            nameof(ExportsAsync) => ExportsAsync(),
            _ => throw new ArgumentOutOfRangeException(nameof(tour), tour, null),
        });
        return _recorder.Requests;
    }

    public async Task MailAsync()
    {
        var directory = new DirectoryReader(_client);
        var reader = new MailboxReader(_client, User, new MailReadOptions { IncludeHiddenFolders = true, AttachmentInJsonUpTo = 500 });
        var writer = new MailboxWriter(_client, User, new MailWriteOptions());
        var uploader = new MailboxWriter(_client, User, new MailWriteOptions { PostAttachmentsBelow = 1 });
        await directory.ReadOrganizationAsync(CancellationToken.None);
        await directory.CheckPermissionsAsync(CancellationToken.None);
        await directory.ProbeMailboxAsync(User, CancellationToken.None);
        await directory.ProbeDrivesAsync([User], CancellationToken.None);
        var messages = await SimulatedTenant.ReadAllAsync(reader);
        foreach (var message in messages.Values)
        {
            await using var fetched = await reader.FetchAsync(message, CancellationToken.None);
            var stored = fetched.Attachments.Where(a => a.Content is not null).Select(a => new StoredAttachment(a.Json, _ => CopyAsync(a.Content!), a.Content!.Length));
            foreach (var each in new[] { writer, uploader })
                await each.CreateAsync("archive", new StoredMessage(message.Json, _ => CopyAsync(fetched.Mime!), [.. stored]), $"job/{message.Id}", CancellationToken.None);
        }

        var one = messages.Values.First();
        await writer.EnsureFolderAsync("inbox", "New", hidden: true, CancellationToken.None);
        await writer.FindByIdAsync([one.Id], CancellationToken.None);
        await writer.FindByMarkerAsync("archive", $"job/{one.Id}", CancellationToken.None);
        await writer.FindSameAsync("archive", "<a@b>", received: null, CancellationToken.None);
        await foreach (var _ in reader.ListMessageIdsAsync("inbox", CancellationToken.None))
        {
        }

        _host.World.Faults.Add(new Fault { Kind = FaultKind.BrokenItem, ItemId = one.Id });
        await SimulatedTenant.ReadAllAsync(reader);
        _host.World.Faults.Clear();
        await writer.DeleteAsync(one.Id, CancellationToken.None);
    }

    public Task CalendarAsync() => ItemsAsync(new CalendarReader(_client, User, new ItemReadOptions(), new MailReadOptions()), options => new CalendarWriter(_client, User, options), withGroups: true);

    public Task ContactsAsync() => ItemsAsync(new ContactReader(_client, User, new ItemReadOptions()), options => new ContactWriter(_client, User, options), withGroups: false);

    public Task TasksAsync() => ItemsAsync(new TaskReader(_client, User, new ItemReadOptions(), new MailReadOptions()), options => new TaskWriter(_client, User, options), withGroups: false);

    public async Task ExportsAsync()
    {
        var mailbox = new ExchangeMailbox(_client, User, knownId: null);
        Assert.Null((await mailbox.CheckExportAsync(CancellationToken.None)).Reason);
        Assert.Null((await mailbox.CheckImportAsync(CancellationToken.None)).Reason);
        var (kinds, exporter, importer) = (new[] { ContainedKind.Events, ContainedKind.Contacts, ContainedKind.Tasks }, new ItemExporter(mailbox, new ExportOptions()), new ItemImporter(mailbox, new ExportOptions()));
        IItemSource[] sources = [new CalendarReader(_client, User, new ItemReadOptions(), new MailReadOptions()), new ContactReader(_client, User, new ItemReadOptions()), new TaskReader(_client, User, new ItemReadOptions(), new MailReadOptions())];
        foreach (var (kind, source) in kinds.Zip(sources))
        {
            var container = (await source.ReadContainersAsync(CancellationToken.None)).First(found => !found.IsGroup);
            var index = await ContainerIndex.ReadAsync(_client, User, kind, container.Id, CancellationToken.None);
            var ids = new List<string>();
            await foreach (var page in source.ReadItemsAsync(container.Id, null, isNew: true, CancellationToken.None)) ids.AddRange(page.Items.Select(item => item.Id));
            var exported = await exporter.ExportAsync(ids[..2], async (stream, token) =>
            {
                var copy = new MemoryStream();
                await stream.CopyToAsync(copy, token);
                return copy.ToArray();
            }, CancellationToken.None);
            var bytes = Assert.IsType<byte[]>(exported[0].Content);
            var made = await importer.ImportAsync(container.Id, _ => Task.FromResult<Stream>(new MemoryStream(bytes)), bytes.Length, _ => Task.FromResult<string?>(null), CancellationToken.None);
            await mailbox.TranslateAsync([made], CancellationToken.None);
            Assert.NotNull(index);
        }
    }

    private async Task ItemsAsync(IItemSource source, Func<MailWriteOptions, IItemTarget> open, bool withGroups)
    {
        _host.World.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 404, Code = "ErrorItemNotFound", Path = "/contactFolders/contacts", Count = 1 });
        var (target, uploader) = (open(new MailWriteOptions()), open(new MailWriteOptions { PostAttachmentsBelow = 1 }));
        var containers = (await source.ReadContainersAsync(CancellationToken.None)).Where(container => !container.IsGroup).ToList();
        var made = await target.EnsureContainerAsync(null, "Restored", isGroup: false, containers[0].Json, CancellationToken.None);
        var above = withGroups ? (await target.EnsureContainerAsync(null, "Group", isGroup: true, default, CancellationToken.None)).Id : made.Id;
        await target.EnsureContainerAsync(above, "Below", isGroup: false, default, CancellationToken.None);
        ListedItem? one = null;
        foreach (var container in containers)
        {
            await ReadAsync(container.Id, isNew: false);
            foreach (var item in await ReadAsync(container.Id, isNew: true))
            {
                await using var fetched = await source.FetchAsync(item, CancellationToken.None);
                foreach (var writer in new[] { target, uploader })
                    await writer.CreateAsync(made.Id, Stored(fetched), Marker(item), CancellationToken.None);
                one = fetched.Item;
            }
        }

        var stored = new StoredItem(one!.Json, [], null, one.Id);
        await source.TryReadAsync(one.Id, one.ContainerId, CancellationToken.None);
        await target.FindByIdAsync([(one.Id, one.ContainerId)], CancellationToken.None);
        await target.FindRestoredAsync(made.Id, stored, ImmutableHashSet<string>.Empty, CancellationToken.None);
        await open(new MailWriteOptions()).RemoveUnfinishedAsync(made.Id, stored, Marker(one), ImmutableHashSet<string>.Empty, CancellationToken.None);
        _host.World.Faults.Add(new Fault { Kind = FaultKind.BrokenItem, ItemId = one.Id });
        await ReadAsync(one.ContainerId, isNew: true); // what takes its page with it is walked around by a plain listing
        _host.World.Faults.Clear();
        await target.TryDeleteAsync(new ExistingItem(one.Id, one.ContainerId), CancellationToken.None);

        async Task<List<ListedItem>> ReadAsync(string container, bool isNew)
        {
            var items = new List<ListedItem>();
            await foreach (var page in source.ReadItemsAsync(container, null, isNew, CancellationToken.None)) items.AddRange(page.Items);
            return items;
        }

        static StoredItem Stored(FetchedItem fetched) => new(fetched.Item.Json,
            [.. fetched.Attachments.Where(found => found.Attachment.Content is not null).Select(found => new StoredItemAttachment(
                new StoredAttachment(found.Attachment.Json, _ => CopyAsync(found.Attachment.Content!), found.Attachment.Content!.Length), found.Occurrence))],
            fetched.Photo is { } photo ? _ => CopyAsync(photo) : null, fetched.Item.Id);
    }

    private static ItemMarker Marker(ListedItem item) => new($"job-{item.Id}", DateTimeOffset.MinValue);

    private static async Task<Stream> CopyAsync(Stream stream)
    {
        var copy = new MemoryStream();
        stream.Position = 0;
        await stream.CopyToAsync(copy);
        copy.Position = 0;
        return copy;
    }

    private static JsonObject Node(ReadOnlyMemory<byte> json) => JsonNode.Parse(json.Span)!.AsObject();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _factory.Dispose();
        _recorder.Dispose();
        await _host.DisposeAsync();
    }
}
