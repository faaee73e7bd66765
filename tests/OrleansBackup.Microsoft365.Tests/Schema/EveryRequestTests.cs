using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Microsoft365.Directory;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tests.Fixtures;
using Xunit.Abstractions;

namespace OrleansBackup.Microsoft365.Tests.Schema;

/// <summary>Holds every request that the connector can send against Microsoft's own description of the service.</summary>
public sealed partial class EveryRequestTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_path_and_property_exists_and_is_allowed_by_the_permission_that_we_ask_for()
    {
        if (GraphSchema.TryLoad() is not { } schema)
        {
            output.WriteLine("Left out: paths, properties and permissions were not compared with Microsoft's description, which is not at hand (ORLEANSBACKUP_GRAPH_SCHEMA).");
            return;
        }

        var requests = await RecordEverythingAsync();

        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        Assert.All(requests, request =>
        {
            var (path, query) = Template(request.Path);
            kinds.Add($"{request.Method} {path}");
            if (path == "/$batch") return;
            var allowed = schema.PermissionsOf(InTable(path), request.Method);
            Assert.True(allowed.Contains(OurPermission(path, request.Method)), $"{request.Method} {path} is not allowed by {OurPermission(path, request.Method)}.");
            foreach (var (type, property) in Properties(path, query, request))
            {
                Assert.True(schema.HasProperty(type, property), $"{request.Method} {path}: '{type}' has no '{property}'.");
            }
        });
        foreach (var kind in kinds) output.WriteLine(kind);
        Assert.True(kinds.Count >= 20, "The recording does not cover what the connector does.");
    }

    /// <summary>The table has no entry for the bytes of a thing, which need what the thing needs, and knows one attachment only by way of its folder.</summary>
    private static string InTable(string path)
    {
        path = path.Replace("/$value", "", StringComparison.Ordinal);
        return path == "/users/{id}/messages/{id}/attachments/{id}" ? "/users/{id}/mailFolders/{id}/childFolders/{id}/messages/{id}/attachments/{id}" : path;
    }

    private static string OurPermission(string path, string method) => path switch
    {
        "/organization" or "/users" => "User.Read.All",
        _ when path.Contains("/mailboxSettings", StringComparison.Ordinal) => "MailboxSettings.Read",
        _ => method == "GET" ? "Mail.Read" : "Mail.ReadWrite",
    };

    private static IEnumerable<(string Type, string Property)> Properties(string path, string query, Recorded request)
    {
        var type = path switch
        {
            "/organization" => "organization",
            "/users" => "user",
            _ when path.Contains("/attachments", StringComparison.Ordinal) => "attachment",
            _ when path.Contains("/messages", StringComparison.Ordinal) => "message",
            _ => "mailFolder",
        };
        foreach (var name in Option(query, "$select").Split(',', StringSplitOptions.RemoveEmptyEntries)) yield return Cast(type, name);
        if (Option(query, "$expand") is { Length: > 0 } expand) yield return Cast(type, expand.Split('(')[0]);
        foreach (Match match in FilterName().Matches(Option(query, "$filter"))) yield return (type, match.Groups[1].Value);
        if (request.Method != "POST" || request.Body.Length == 0 || request.Body[0] != '{') yield break;
        using var body = JsonDocument.Parse(request.Body);
        if (path.EndsWith("createUploadSession", StringComparison.Ordinal))
        {
            foreach (var property in body.RootElement.GetProperty("AttachmentItem").EnumerateObject()) yield return ("attachmentItem", property.Name);
            yield break;
        }

        var posted = body.RootElement.TryGetProperty("@odata.type", out var stated) ? stated.GetString()!.Split('.')[^1] : type;
        foreach (var property in body.RootElement.EnumerateObject().Where(p => !p.Name.Contains('@', StringComparison.Ordinal))) yield return (posted, property.Name);
    }

    private static (string Type, string Property) Cast(string type, string name) =>
        name.Split('/') is [var cast, var property] ? (cast.Split('.')[^1], property) : (type, name);

    private static string Option(string query, string name) =>
        query.Split('&').Select(o => o.Split('=', 2)).FirstOrDefault(o => o[0] == name) is [_, var value] ? Uri.UnescapeDataString(value) : "";

    private static (string Path, string Query) Template(string address)
    {
        var parts = address.Split('?', 2);
        var segments = parts[0].Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        for (var i = 1; i < segments.Count; i++)
        {
            if (segments[i - 1] is "users" or "mailFolders" or "messages" or "attachments" && segments[i] != "delta" && segments[i] != "createUploadSession") segments[i] = "{id}";
        }

        return ("/" + string.Join('/', segments), parts.Length > 1 ? parts[1] : "");
    }

    /// <summary>Makes the connector do everything that it can, its ways out of trouble included, and keeps what it sent.</summary>
    private static async Task<List<Recorded>> RecordEverythingAsync()
    {
        await using var host = await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions(), CancellationToken.None);
        var created = host.Admin.CreateTenant(new TenantRecipe { Users = 1, MessagesPerMailbox = 30 });
        var user = created.Mailboxes[0].UserId.ToString();
        using var recorder = new Recorder(host.CreateHttpHandler());
        using var factory = new GraphClientFactory(new GraphEndpoints { Graph = new Uri(host.BaseAddress, "v1.0/"), Authority = host.BaseAddress },
            new GraphClientOptions { Jitter = () => 0.5 }, new ManualClock { SkipsWaits = true }, NullLoggerFactory.Instance, recorder);
        using var client = factory.Create(new TenantCredential(created.TenantId.ToString(), created.ClientId.ToString(), created.ClientSecret), UnlimitedBudget.Instance);
        var directory = new DirectoryReader(client);
        var reader = new MailboxReader(client, user, new MailReadOptions { IncludeHiddenFolders = true, AttachmentInJsonUpTo = 500 });
        var writer = new MailboxWriter(client, user, new MailWriteOptions());
        var uploader = new MailboxWriter(client, user, new MailWriteOptions { PostAttachmentsBelow = 1 });

        await directory.ReadOrganizationAsync(CancellationToken.None);
        await directory.CheckPermissionsAsync(CancellationToken.None);
        await directory.ProbeMailboxAsync(user, CancellationToken.None);
        var messages = await SimulatedTenant.ReadAllAsync(reader);
        foreach (var message in messages.Values)
        {
            await using var fetched = await reader.FetchAsync(message, CancellationToken.None);
            var stored = fetched.Attachments.Where(a => a.Content is not null).Select(a => new StoredAttachment(a.Json, _ => Copy(a.Content!), a.Content!.Length));
            foreach (var each in new[] { writer, uploader })
            {
                await each.CreateAsync("archive", new StoredMessage(message.Json, _ => Copy(fetched.Mime!), [.. stored]), $"job/{message.Id}", CancellationToken.None);
            }
        }

        var one = messages.Values.First();
        await writer.EnsureFolderAsync("inbox", "New", hidden: true, CancellationToken.None);
        await writer.FindByIdAsync([one.Id], CancellationToken.None);
        await writer.FindByMarkerAsync("archive", $"job/{one.Id}", CancellationToken.None);
        await writer.FindSameAsync("archive", "<a@b>", received: null, CancellationToken.None);
        await foreach (var _ in reader.ListMessageIdsAsync("inbox", CancellationToken.None))
        {
        }

        host.World.Faults.Add(new Fault { Kind = FaultKind.BrokenItem, ItemId = one.Id });
        await SimulatedTenant.ReadAllAsync(reader);
        host.World.Faults.Clear();
        await writer.DeleteAsync(one.Id, CancellationToken.None);
        return recorder.Requests;

        static async Task<Stream> Copy(Stream stream)
        {
            var copy = new MemoryStream();
            stream.Position = 0;
            await stream.CopyToAsync(copy);
            copy.Position = 0;
            return copy;
        }
    }

    [GeneratedRegex(@"(?:^|and )(\w+)(?=\s|/any)")]
    private static partial Regex FilterName();

    private sealed record Recorded(string Method, string Path, string Body);

    /// <summary>Keeps what goes to Graph by addresses that we spelt; links that the service gave are its own.</summary>
    private sealed class Recorder(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public List<Recorded> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.PathAndQuery;
            var isOurs = path.StartsWith("/v1.0/", StringComparison.Ordinal) && !path.Contains("token=", StringComparison.Ordinal);
            if (isOurs)
            {
                var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
                lock (Requests)
                {
                    Requests.Add(new Recorded(request.Method.Method, path["/v1.0".Length..], body));
                    if (path.EndsWith("$batch", StringComparison.Ordinal))
                    {
                        using var batch = JsonDocument.Parse(body);
                        Requests.AddRange(batch.RootElement.GetProperty("requests").EnumerateArray().Select(p => new Recorded(p.GetProperty("method").GetString()!, p.GetProperty("url").GetString()!, "")));
                    }
                }
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
