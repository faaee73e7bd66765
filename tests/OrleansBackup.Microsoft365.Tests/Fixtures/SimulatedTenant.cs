using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Microsoft365.Tests.Fixtures;

/// <summary>A simulated tenant over HTTPS, and a client that trusts its certificate by file, as an operator would set it up.</summary>
internal sealed class SimulatedTenant : IAsyncDisposable
{
    private readonly string _certificateFile;
    private readonly GraphClientFactory _factory;

    private SimulatedTenant(GraphSimulatorHost host, TenantRecipe recipe, string certificateFile)
    {
        (Host, _certificateFile) = (host, certificateFile);
        Created = host.Admin.CreateTenant(recipe);
        // The connector's own waits are skipped: what is measured in them is tested elsewhere.
        _factory = new GraphClientFactory(Endpoints(), new GraphClientOptions { Jitter = () => 0.5 }, new ManualClock { SkipsWaits = true }, NullLoggerFactory.Instance);
        Client = _factory.Create(new TenantCredential(Created.TenantId.ToString(), Created.ClientId.ToString(), Created.ClientSecret), UnlimitedBudget.Instance);
    }

    public GraphSimulatorHost Host { get; }

    public TenantCreated Created { get; }

    public GraphClient Client { get; }

    public string Tenant => Created.TenantId.ToString();

    public string FirstUser => Created.Mailboxes[0].UserId.ToString();

    public DirectoryReader Directory => new(Client);

    public static async Task<SimulatedTenant> StartAsync(TenantRecipe? recipe = null)
    {
        var host = await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions(), CancellationToken.None);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, host.Certificate.ExportCertificatePem());
        return new SimulatedTenant(host, recipe ?? new TenantRecipe { Users = 1, MessagesPerMailbox = 40 }, file);
    }

    public MailboxReader Reader(MailReadOptions? options = null, string? user = null) => new(Client, user ?? FirstUser, options ?? new MailReadOptions { IncludeHiddenFolders = true });

    public MailboxWriter Writer(MailWriteOptions? options = null, string? user = null) => new(Client, user ?? FirstUser, options ?? new MailWriteOptions());

    public void Order(Fault fault) => Host.World.Faults.Add(fault);

    public GraphClient Stranger(string secret) =>
        _factory.Create(new TenantCredential(Tenant, Created.ClientId.ToString(), secret), UnlimitedBudget.Instance);

    public IReadOnlyList<StateMessage> Truth(string? user = null)
    {
        var messages = new List<StateMessage>();
        for (string? cursor = null; ;)
        {
            var page = Host.Admin.State(Tenant, user ?? FirstUser, cursor: cursor);
            messages.AddRange(page.Messages);
            if ((cursor = page.Cursor) is null) return messages;
        }
    }

    /// <summary>All that the folder rounds list now, by message id.</summary>
    public static async Task<Dictionary<string, MessageSummary>> ReadAllAsync(MailboxReader reader)
    {
        var found = new Dictionary<string, MessageSummary>(StringComparer.Ordinal);
        foreach (var folder in (await reader.ReadFoldersAsync(null, CancellationToken.None)).Changed)
        {
            await foreach (var page in reader.ReadMessagesAsync(folder.Id, null, CancellationToken.None))
            {
                foreach (var listed in page.Changes.OfType<MessageListed>()) found[listed.Message.Id] = listed.Message;
            }
        }

        return found;
    }

    public static async Task<string> HashAsync(Stream stream)
    {
        stream.Position = 0;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _factory.Dispose();
        await Host.DisposeAsync();
        File.Delete(_certificateFile);
    }

    private GraphEndpoints Endpoints() => new()
    {
        Graph = new Uri(Host.BaseAddress, "v1.0/"), Authority = Host.BaseAddress, TrustedCertificateFile = _certificateFile,
    };
}
