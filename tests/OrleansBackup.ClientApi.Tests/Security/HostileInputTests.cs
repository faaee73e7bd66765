using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using NSubstitute;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>Bodies that are made to cost more than they weigh, and names that are made to be more than names.</summary>
public sealed class HostileInputTests : ApiHost
{
    [Theory]
    [InlineData("gzip"), InlineData("br"), InlineData("deflate"), InlineData("zstd")]
    public async Task A_body_that_is_packed_is_not_unpacked(string encoding)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes($$"""{"why":"{{new string('x', 20_000_000)}}"}"""));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Sample.MailboxPath}/legal-hold") { Content = new ByteArrayContent(packed.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentEncoding.Add(encoding);
        using var response = await SignedIn.SendAsync(request);
        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType });
        await Service.Mailbox.DidNotReceive().PlaceLegalHold(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>());
    }

    public static TheoryData<string> Bodies =>
    [
        new string('[', 100_000),
        string.Concat(Enumerable.Repeat("{\"why\":", 50_000)),
        $"{{\"why\":{new string('[', 5_000)}{new string(']', 5_000)}}}",
        $"{{{string.Join(',', Enumerable.Range(0, 100_000).Select(n => $"\"k{n}\":1"))}}}",
        $"{{\"why\":{new string('9', 1_000_000)}}}",
        $"{{\"why\":1e{new string('9', 100_000)}}}",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_deep_wide_or_long_is_a_bad_request(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await SignedIn.PostAsync(new Uri($"{Sample.MailboxPath}/legal-hold", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await response.Content.ReadAsStringAsync()).Length < 2_000); // none of it comes back
    }

    [Theory]
    [InlineData("a\r\nSet-Cookie: evil=1\r\n\r\n<script>")]
    [InlineData("a\"; filename=\"evil.exe")]
    [InlineData("a\0\u202Efdp.exe")]
    [InlineData("..\\..\\evil")]
    [InlineData("é\u0300\uD83D\uDE00'();/*%00%0d%0a")]
    public async Task The_name_of_a_download_is_a_name_and_nothing_else(string subject)
    {
        Service.Point.GetItem(Sample.Item.Id, Arg.Any<CancellationToken>()).Returns(Sample.Item with { Subject = subject });
        Service.Point.ReadMime(Sample.Item.Id, Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed<ReadOnlyMemory<byte>>("mail"u8.ToArray()));
        using var response = await SignedIn.GetAsync(new Uri($"{Sample.MailboxPath}/points/7/items/{Uri.EscapeDataString(Sample.Item.Id)}/content", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        var disposition = Assert.Single(response.Content.Headers.GetValues("Content-Disposition"));
        Assert.DoesNotContain(disposition, character => character is < ' ' or > '~');
        Assert.Equal(("attachment", 2), (response.Content.Headers.ContentDisposition!.DispositionType, response.Content.Headers.ContentDisposition.Parameters.Count));
        Assert.Equal(-1, response.Content.Headers.ContentDisposition.FileNameStar!.IndexOfAny(['/', '\\', '"', '\r', '\n', '\0', '\u202E']));
        Assert.EndsWith(".eml", response.Content.Headers.ContentDisposition.FileNameStar, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_that_hold_each_other_make_an_archive_that_ends()
    {
        Service.Point.ListFolders(Arg.Any<CancellationToken>()).Returns([Sample.Inbox with { ParentId = "b" }, Sample.Inbox with { Id = "b", Name = "b", ParentId = Sample.Inbox.Id }]);
        Service.Point.ListItems(Arg.Any<string>(), Arg.Any<string?>(), Arg.Any<int>(), Arg.Any<CancellationToken>()).Returns(new ItemPage([], null));
        using var archive = new ZipArchive(new MemoryStream(await SignedIn.GetByteArrayAsync(new Uri($"{Sample.MailboxPath}/points/7/folders/{Uri.EscapeDataString(Sample.Inbox.Id)}/archive", UriKind.Relative))));
        Assert.Equal(["Inbox/", "Inbox/b/"], archive.Entries.Select(entry => entry.FullName));
    }
}
