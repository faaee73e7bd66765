using System.Net;
using System.Text;
using System.Text.Json;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>Microsoft Graph as an HTTP handler in this process: the client of the server works as always, down to the bytes of each answer, and no time goes into sockets or a simulator.</summary>
/// <remarks>Tenants with as many users as are asked for, each with the same folders and messages, and a calendar, a contact folder and a list of tasks, in which nothing ever changes.</remarks>
internal sealed class StubGraph(int users, int messages) : HttpMessageHandler
{
    private const string Version = "/v1.0/";

    /// <summary>The folders of a new mailbox that a backup takes.</summary>
    private static readonly string[] Folders = ["inbox", "sentitems", "deleteditems", "drafts", "archive", "junkemail", "outbox", "conversationhistory"];

    /// <summary>Events, contacts and tasks of each mailbox.</summary>
    private const int ItemsOfEachKind = 10;

    private static readonly string Text = string.Concat(Enumerable.Range(0, 60).Select(line => $"Line {line} of a message that is as long as mail often is.\r\n"));
    private long _requests;

    /// <summary>Requests so far; a batch is one.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public static int FoldersOfMailbox => Folders.Length;

    /// <summary>What a mailbox holds beside its messages.</summary>
    public static int OtherItems => 3 * ItemsOfEachKind;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (!path.StartsWith(Version, StringComparison.Ordinal))
            return SignIn(request, path);
        Interlocked.Increment(ref _requests);
        var tenant = request.Headers.Authorization!.Parameter!.Split('.')[2];
        if (path.EndsWith("/$batch", StringComparison.Ordinal))
            return Answer(request, await BatchAsync(request.Content!, cancellationToken));
        if (path.EndsWith("/photo/$value", StringComparison.Ordinal))
            return NotFound(request);
        return path.EndsWith("/$value", StringComparison.Ordinal)
            ? new HttpResponseMessage { RequestMessage = request, Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Mime(path.Split('/')[^2]))) }
            : Answer(request, Resource(tenant, path[Version.Length..], request.RequestUri.Query, request.RequestUri.GetLeftPart(UriPartial.Path)));
    }

    private static HttpResponseMessage SignIn(HttpRequestMessage request, string path)
    {
        var tenant = path.Split('/')[1];
        var authority = $"{request.RequestUri!.GetLeftPart(UriPartial.Authority)}/{tenant}";
        if (path.EndsWith("/openid-configuration", StringComparison.Ordinal))
            return Answer(request, $$"""{"issuer":"{{authority}}/v2.0","authorization_endpoint":"{{authority}}/oauth2/v2.0/authorize","token_endpoint":"{{authority}}/oauth2/v2.0/token"}""");
        var claims = Convert.ToBase64String("""{"roles":["User.Read.All","Mail.Read","Mail.ReadWrite","MailboxSettings.Read","Organization.Read.All","Calendars.Read","Contacts.Read","Tasks.Read.All"]}"""u8).TrimEnd('=');
        return Answer(request, $$"""{"token_type":"Bearer","expires_in":86399,"access_token":"stub.{{claims}}.{{tenant}}"}""");
    }

    private static async Task<string> BatchAsync(HttpContent content, CancellationToken cancellation)
    {
        using var batch = JsonDocument.Parse(await content.ReadAsByteArrayAsync(cancellation));
        var answers = batch.RootElement.GetProperty("requests").EnumerateArray().Select(part =>
            $$"""{"id":"{{part.GetProperty("id").GetString()}}",{{Part(part.GetProperty("url").GetString()!)}}}""");
        return $$"""{"responses":[{{string.Join(',', answers)}}]}""";
    }

    private static string Part(string url)
    {
        var last = url.Split('?')[0].Split('/')[^1];
        return last == "userPurpose" ? """ "status":200,"body":{"value":"user"} """
            : Folders.Contains(last) ? $$""" "status":200,"body":{"id":"{{last}}"} """
            : """ "status":404,"body":{"error":{"code":"ErrorItemNotFound","message":"There is no such folder."}} """;
    }

    private string Resource(string tenant, string path, string query, string address) => path.Split('/') switch
    {
        ["organization"] => $$"""{"value":[{"id":"{{tenant}}","displayName":"Stub"}]}""",
        ["users"] => Users(tenant),
        ["sites", "getAllSites"] or ["groups"] or ["teams"] => List([]),
        ["users", _, "mailboxSettings", "userPurpose"] => """{"value":"user"}""",
        ["users", _, "mailFolders", "delta"] => Delta(address, query, Folders.Select(folder =>
            $$"""{"id":"{{folder}}","displayName":"{{folder}}","parentFolderId":"root","isHidden":false,"totalItemCount":{{(folder == "inbox" ? messages : 0)}},"childFolderCount":0}""")),
        ["users", _, "mailFolders", var folder, "messages", "delta"] => Delta(address, query, Messages(folder).Select(id => Message(id, folder))),
        ["users", _, "mailFolders", var folder, "messages"] => List(Messages(folder).Select(id => $$"""{"id":"{{id}}","changeKey":"1","parentFolderId":"{{folder}}"}""")),
        ["users", _, "mailFolders"] => List(Folders.Select(folder => $$"""{"id":"{{folder}}","displayName":"{{folder}}","parentFolderId":"root","isHidden":false,"totalItemCount":0,"childFolderCount":0}""")),
        ["users", _, "mailFolders", var folder] => $$"""{"id":"{{folder}}"}""",
        ["users", _, "calendarGroups"] => List(["""{"id":"calendars","name":"My Calendars"}"""]),
        ["users", _, "calendars"] or ["users", _, "calendarGroups", _, "calendars"] => List(["""{"id":"calendar","name":"Calendar","isDefaultCalendar":true}"""]),
        ["users", _, "calendars", _, "events"] => List(Items("event").Select(Event)),
        ["users", _, "contactFolders"] or ["users", _, "contactFolders", _, "childFolders"] => List([]),
        ["users", _, "contactFolders", var folder] => $$"""{"id":"{{folder}}","displayName":"Contacts"}""",
        ["users", _, "contactFolders", var folder, "contacts", "delta"] => Delta(address, query, Items("contact").Select(id =>
            $$"""{"id":"{{id}}","changeKey":"1","parentFolderId":"{{folder}}","displayName":"Somebody {{id}}","emailAddresses":[{"name":"Somebody","address":"{{id}}@stub.example"}]}""")),
        ["users", _, "todo", "lists"] => List(["""{"id":"tasks","displayName":"Tasks","wellknownListName":"defaultList"}"""]),
        ["users", _, "todo", "lists", _, "tasks", "delta"] => Delta(address, query, Items("task").Select(ToDo)),
        ["users", _, "todo", "lists", _, "tasks", var task] => ToDo(task),
        _ => throw new InvalidOperationException($"The stub of Microsoft Graph does not know '{path}'."),
    };

    private string Users(string tenant) => List(Enumerable.Range(0, users).Select(number =>
        $$"""{"id":"{{MeasuredEstate.User(Guid.Parse(tenant), number)}}","userPrincipalName":"user{{number}}@stub.example","mail":"user{{number}}@stub.example","displayName":"User {{number}}","accountEnabled":true,"userType":"Member","assignedPlans":[{"service":"exchange","capabilityStatus":"Enabled"}]}"""));

    private IEnumerable<string> Messages(string folder) => folder == "inbox" ? Enumerable.Range(0, messages).Select(number => $"message-{number}") : [];

    private static IEnumerable<string> Items(string kind) => Enumerable.Range(0, ItemsOfEachKind).Select(number => $"{kind}-{number}");

    private static string Event(string id) =>
        $$"""{"id":"{{id}}","changeKey":"1","subject":"About {{id}}","type":"singleInstance","start":{"dateTime":"2026-01-01T08:00:00.0000000","timeZone":"UTC"},"end":{"dateTime":"2026-01-01T09:00:00.0000000","timeZone":"UTC"},"hasAttachments":false,"body":{"contentType":"text","content":"Line 0"} }""";

    private static string ToDo(string id) => $$"""{"@odata.etag":"1","id":"{{id}}","title":"About {{id}}","status":"notStarted","hasAttachments":false,"body":{"contentType":"text","content":"Line 0"} }""";

    private static string Message(string id, string folder) =>
        $$"""{"id":"{{id}}","changeKey":"1","createdDateTime":"2026-01-01T08:00:00Z","lastModifiedDateTime":"2026-01-01T08:00:00Z","receivedDateTime":"2026-01-01T08:00:00Z","sentDateTime":"2026-01-01T08:00:00Z","subject":"About {{id}}","bodyPreview":"Line 0","body":{"contentType":"text","content":"{{Text.ReplaceLineEndings("\\r\\n")}}"},"importance":"normal","categories":[],"parentFolderId":"{{folder}}","conversationId":"c","internetMessageId":"<{{id}}@stub.example>","hasAttachments":false,"isRead":true,"isDraft":false,"from":{"emailAddress":{"name":"Somebody","address":"somebody@stub.example"} } }""";

    private static string Mime(string id) =>
        $"From: somebody@stub.example\r\nTo: somebody.else@stub.example\r\nSubject: About {id}\r\nDate: Thu, 01 Jan 2026 08:00:00 +0000\r\nMessage-ID: <{id}@stub.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{Text}";

    private static string Delta(string address, string query, IEnumerable<string> items) =>
        $$"""{"value":[{{(query.Contains("$deltatoken", StringComparison.Ordinal) ? "" : string.Join(',', items))}}],"@odata.deltaLink":"{{address}}?$deltatoken=now"}""";

    private static string List(IEnumerable<string> items) => $$"""{"value":[{{string.Join(',', items)}}]}""";

    private static HttpResponseMessage NotFound(HttpRequestMessage request) => new(HttpStatusCode.NotFound)
    {
        RequestMessage = request, Content = new StringContent("""{"error":{"code":"ErrorItemNotFound","message":"There is no such picture."} }""", Encoding.UTF8, "application/json"),
    };

    private static HttpResponseMessage Answer(HttpRequestMessage request, string json) =>
        new(HttpStatusCode.OK) { RequestMessage = request, Content = new StringContent(json, Encoding.UTF8, "application/json") };
}
