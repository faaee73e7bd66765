using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using OrleansBackup.TimeTravel.Tests.Given;

namespace OrleansBackup.TimeTravel.Tests.WebDav;

/// <summary>What the protocol promises and refuses: who is let in, what is told, what no request can reach or change.</summary>
[Collection(ServerTests.Name)]
public sealed class WebDavTests(ServerFixture server) : IDisposable
{
    private static readonly XNamespace D = "DAV:";
    private readonly HttpClient _client = server.Client(null);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Only_the_name_and_password_of_the_opening_let_in()
    {
        var (opened, other) = (await server.OpenAsync(server.Drive, "webDav"), await server.OpenAsync(server.Drive, "webDav"));
        var mail = await server.OpenAsync(server.Mailbox, "imap");

        Assert.Equal(HttpStatusCode.MultiStatus, (await PropfindAsync(opened.Address, Basic(opened))).StatusCode);
        foreach (var wrong in new AuthenticationHeaderValue?[]
        {
            null, Basic(opened.UserName, "wrong"), Basic(other), Basic(opened.UserName, other.Password), server.Provider.DefaultRequestHeaders.Authorization,
            Basic(opened.UserName, server.Provider.DefaultRequestHeaders.Authorization!.Parameter!), Basic("", ""), new AuthenticationHeaderValue("Basic", "%%%"),
        })
        {
            using var answer = await PropfindAsync(opened.Address, wrong);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("Basic", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await PropfindAsync(new Uri(opened.Address, $"/dav/{mail.Id}/"), Basic(mail))).StatusCode);
    }

    [Fact]
    public async Task What_lets_in_here_opens_nothing_of_the_api()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        foreach (var scheme in new[] { Basic(opened), new AuthenticationHeaderValue("Bearer", opened.Password) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/tenants/{server.Tenant}/openings") { Headers = { Authorization = scheme } };
            Assert.Equal(HttpStatusCode.Unauthorized, (await _client.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task Whoever_tries_passwords_is_not_listened_to_any_more_and_others_are()
    {
        var (opened, other) = (await server.OpenAsync(server.Drive, "webDav"), await server.OpenAsync(server.Drive, "webDav"));
        for (var tries = 0; tries < 5; tries++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await PropfindAsync(opened.Address, Basic(opened.UserName, $"guess {tries}"))).StatusCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await PropfindAsync(opened.Address, Basic(opened))).StatusCode);
        Assert.Equal(HttpStatusCode.MultiStatus, (await PropfindAsync(other.Address, Basic(other))).StatusCode);
    }

    [Fact]
    public async Task A_folder_is_listed_with_what_is_known_of_each_file_and_no_deeper()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        using var answer = await PropfindAsync(opened.Address, Basic(opened));
        var listed = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Elements(D + "response").ToList();
        var truth = server.Admin.DriveState(server.Tenant.ToString(), server.User).Items.Where(item => !item.Path.Contains('/', StringComparison.Ordinal) && (item.Kind == "folder" || item.IsReadable)).ToList();

        Assert.Equal(truth.Select(item => item.Path).Order(StringComparer.Ordinal),
            listed.Skip(1).Select(one => one.Descendants(D + "displayname").Single().Value).Where(name => name != "_not-included.txt").Order(StringComparer.Ordinal));
        foreach (var item in truth)
        {
            var one = listed.Skip(1).Single(one => one.Descendants(D + "displayname").Single().Value == item.Path);
            Assert.EndsWith(Uri.EscapeDataString(item.Path) + (item.Kind == "folder" ? "/" : ""), one.Element(D + "href")!.Value, StringComparison.Ordinal);
            Assert.Equal(item.Kind == "folder", one.Descendants(D + "collection").Any());
            if (item.Kind == "file")
                Assert.Equal(item.Size.ToString(System.Globalization.CultureInfo.InvariantCulture), one.Descendants(D + "getcontentlength").Single().Value);
        }
    }

    [Fact]
    public async Task Properties_that_are_not_there_are_told_so_and_the_whole_tree_at_once_is_refused()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        using var some = await PropfindAsync(opened.Address, Basic(opened), "0", """<propfind xmlns="DAV:"><prop><displayname/><x:colour xmlns:x="urn:other"/></prop></propfind>""");
        var states = XDocument.Parse(await some.Content.ReadAsStringAsync()).Descendants(D + "propstat").ToList();
        Assert.Equal(["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"], states.Select(state => state.Element(D + "status")!.Value));
        Assert.Equal("colour", states[1].Element(D + "prop")!.Elements().Single().Name.LocalName);

        foreach (var depth in new[] { "infinity", null })
        {
            using var all = await PropfindAsync(opened.Address, Basic(opened), depth);
            Assert.Equal(HttpStatusCode.Forbidden, all.StatusCode);
            Assert.Contains("propfind-finite-depth", await all.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><propfind xmlns="DAV:"><prop><a>&x;</a></prop></propfind>""")]
    [InlineData("""<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><propfind xmlns="DAV:"><allprop/></propfind>""")]
    [InlineData("<propfind xmlns=\"DAV:\">")]
    [InlineData("<other/>")]
    [InlineData("{}")]
    public async Task A_request_that_is_no_plain_propfind_is_refused(string body)
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        Assert.Equal(HttpStatusCode.BadRequest, (await PropfindAsync(opened.Address, Basic(opened), "1", body)).StatusCode);
    }

    [Fact]
    public async Task A_request_without_end_is_refused_before_it_is_read()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        var body = $"<propfind xmlns=\"DAV:\"><prop>{string.Concat(Enumerable.Repeat("<a/>", 100_000))}</prop></propfind>";
        Assert.Equal(HttpStatusCode.BadRequest, (await PropfindAsync(opened.Address, Basic(opened), "1", body)).StatusCode);
    }

    [Theory]
    [InlineData("PUT"), InlineData("DELETE"), InlineData("MKCOL"), InlineData("COPY"), InlineData("MOVE"), InlineData("PROPPATCH"), InlineData("LOCK"), InlineData("UNLOCK"), InlineData("POST"), InlineData("PATCH")]
    public async Task Whatever_would_write_is_refused(string method)
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(opened.Address, "new.txt")) { Headers = { Authorization = Basic(opened) }, Content = new StringContent("x") };
        using var answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("OPTIONS, GET, HEAD, PROPFIND", string.Join(", ", answer.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("../../../etc/passwd"), InlineData("..%2f..%2fetc%2fpasswd"), InlineData("%2e%2e/%2e%2e/etc/passwd"), InlineData("..\\..\\api-key"), InlineData("%00"), InlineData("a/../../../api-key"), InlineData("....//....//x")]
    public async Task No_path_leads_out_of_the_point(string path)
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        // Sent as it is: a client of ours would tidy it up.
        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, opened.Address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {opened.Address.AbsolutePath}{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {Basic(opened)}\r\nConnection: close\r\n\r\n"));
        var answer = await new StreamReader(stream).ReadToEndAsync();
        Assert.Matches("^HTTP/1.1 (400|401|404|405) ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_comes_with_marks_stretches_and_headers_that_run_nothing()
    {
        var opened = await server.OpenAsync(server.Drive, "webDav");
        var item = server.Admin.DriveState(server.Tenant.ToString(), server.User).Items.First(item => item is { Kind: "file", IsReadable: true, Size: > 100 });
        var address = new Uri(opened.Address, string.Join('/', item.Path.Split('/').Select(Uri.EscapeDataString)));
        using var whole = await GetAsync(address, opened);
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        Assert.Equal(item.Size, bytes.Length);
        Assert.Equal("nosniff", whole.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("sandbox", whole.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        using var head = await GetAsync(address, opened, request => request.Method = HttpMethod.Head);
        Assert.Equal((item.Size, 0), (head.Content.Headers.ContentLength, (await head.Content.ReadAsByteArrayAsync()).Length));
        using var same = await GetAsync(address, opened, request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag!));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        foreach (var (range, from, to) in new[] { (new RangeHeaderValue(10, 19), 10, 20), (new RangeHeaderValue(50, null), 50, bytes.Length), (new RangeHeaderValue(null, 7), bytes.Length - 7, bytes.Length) })
        {
            using var stretch = await GetAsync(address, opened, request => request.Headers.Range = range);
            Assert.Equal(HttpStatusCode.PartialContent, stretch.StatusCode);
            Assert.Equal(bytes[from..to], await stretch.Content.ReadAsByteArrayAsync());
        }
        using var beyond = await GetAsync(address, opened, request => request.Headers.Range = new RangeHeaderValue(item.Size, null));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        using var outdated = await GetAsync(address, opened, request => (request.Headers.Range, request.Headers.IfRange) = (new RangeHeaderValue(10, 19), new RangeConditionHeaderValue("\"other\"")));
        Assert.Equal((HttpStatusCode.OK, item.Size), (outdated.StatusCode, outdated.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task A_mailbox_is_files_too_and_calendar_entries_and_cards_are_as_long_as_they_say()
    {
        var opened = await server.OpenAsync(server.Mailbox, "webDav");
        var kinds = new HashSet<string>();
        using var top = await PropfindAsync(opened.Address, Basic(opened));
        var folders = new Queue<Uri>(Folders(await top.Content.ReadAsStringAsync(), opened.Address));
        while (folders.TryDequeue(out var folder))
        {
            using var answer = await PropfindAsync(folder, Basic(opened));
            var text = await answer.Content.ReadAsStringAsync();
            foreach (var below in Folders(text, folder).Where(below => below != folder))
                folders.Enqueue(below);
            foreach (var one in XDocument.Parse(text).Descendants(D + "response").Where(one => one.Descendants(D + "getcontentlength").Any()).Take(3))
            {
                using var file = await GetAsync(new Uri(folder, one.Element(D + "href")!.Value), opened);
                Assert.Equal(one.Descendants(D + "getcontentlength").Single().Value, (await file.Content.ReadAsByteArrayAsync()).Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
                kinds.Add(file.Content.Headers.ContentType!.MediaType!);
            }
        }
        Assert.Superset(new HashSet<string> { "message/rfc822", "text/calendar", "text/vcard" }, kinds);
    }

    private static IEnumerable<Uri> Folders(string text, Uri under) => XDocument.Parse(text).Descendants(D + "response").Where(one => one.Descendants(D + "collection").Any())
        .Select(one => new Uri(under, one.Element(D + "href")!.Value)).Where(folder => folder != under);

    private async Task<HttpResponseMessage> GetAsync(Uri address, Opened opened, Action<HttpRequestMessage>? adjust = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = Basic(opened) } };
        adjust?.Invoke(request);
        return await _client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> PropfindAsync(Uri address, AuthenticationHeaderValue? signIn, string? depth = "1", string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod("PROPFIND"), address) { Headers = { Authorization = signIn } };
        if (depth is not null)
            request.Headers.Add("Depth", depth);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/xml");
        return await _client.SendAsync(request);
    }

    private static AuthenticationHeaderValue Basic(Opened opened) => Basic(opened.UserName, opened.Password);

    private static AuthenticationHeaderValue Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
}
