using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Microsoft365.Tests.Fixtures;

/// <summary>A client over a script, on a clock that skips its waits.</summary>
internal sealed class Given : IDisposable
{
    public const string User = "aaaaaaaa-0000-0000-0000-000000000001";
    public const string Root = "https://graph.microsoft.com/v1.0/";

    public Given(GraphClientOptions? options = null, ManualClock? clock = null, IRequestBudget? budget = null)
    {
        Clock = clock ?? new ManualClock { SkipsWaits = true };
        Options = options ?? new GraphClientOptions { Jitter = () => 0.5 };
        Factory = new GraphClientFactory(new GraphEndpoints(), Options, Clock, NullLoggerFactory.Instance, Graph);
        Client = Factory.Create(new TenantCredential(ScriptedGraph.Tenant, "app", "the-secret"), budget ?? UnlimitedBudget.Instance);
    }

    public ScriptedGraph Graph { get; } = new();

    public ManualClock Clock { get; }

    public GraphClientOptions Options { get; }

    public GraphClientFactory Factory { get; }

    public GraphClient Client { get; }

    public DirectoryReader Directory => new(Client);

    public MailboxReader Mailbox(MailReadOptions? options = null) => new(Client, User, options ?? new MailReadOptions());

    public MailboxWriter Writer(MailWriteOptions? options = null) => new(Client, User, options ?? new MailWriteOptions());

    public void Dispose()
    {
        Client.Dispose();
        Factory.Dispose();
    }

    public static string Message(string id, string changeKey = "k1", string more = "") =>
        $$"""{"id":"{{id}}","changeKey":"{{changeKey}}","subject":"s","body":{"contentType":"html","content":"<p>b</p>"},"hasAttachments":false{{more}}}""";

    public static string Page(string items, string? next = null, string? delta = null) =>
        $$"""{"value":[{{items}}]{{(next is null ? "" : $",\"@odata.nextLink\":\"{next}\"")}}{{(delta is null ? "" : $",\"@odata.deltaLink\":\"{delta}\"")}}}""";

    public static string Link(string token) => $"{Root}users/{User}/mailFolders/f/messages/delta?token={token}";

    public async Task<List<MessagePage>> ReadAllAsync(string? link = null, MailReadOptions? options = null)
    {
        var pages = new List<MessagePage>();
        await foreach (var page in Mailbox(options).ReadMessagesAsync("f", link, CancellationToken.None))
        {
            pages.Add(page);
            Assert.True(pages.Count < 500, "The round does not end.");
        }

        return pages;
    }
}
