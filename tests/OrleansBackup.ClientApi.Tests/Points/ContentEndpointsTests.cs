using System.IO.Compression;
using System.Net;
using NSubstitute;
using NSubstitute.Extensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.ClientApi.Tests.Points;

public sealed class ContentEndpointsTests : ApiHost
{
    private static string ItemPath => $"{Sample.MailboxPath}/points/7/items/item%2F1%3D";

    private static string ArchivePath => $"{Sample.MailboxPath}/points/7/folders/inbox-id%3D/archive";

    [Fact]
    public async Task A_message_comes_byte_for_byte()
    {
        var random = new Random(20260314);
        ReadOnlyMemory<byte>[] pieces = [.. new[] { 1, 0, 70_000, 1_000_000 }.Select(length => Bytes(random, length))];
        Mime(Sample.Item.Id, pieces);
        using var response = await SignedIn.GetAsync(new Uri($"{ItemPath}/content", UriKind.Relative));
        Assert.Equal("message/rfc822", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("Grüße_ 日本.eml", response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(pieces.SelectMany(piece => piece.ToArray()), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_file_comes_byte_for_byte_under_its_own_name()
    {
        ReadOnlyMemory<byte>[] pieces = [Bytes(new Random(1), 70_000), Bytes(new Random(2), 10)];
        Service.Point.Configure().GetItem(Sample.Item.Id, Arg.Any<CancellationToken>()).Returns(Sample.Item with
        {
            Kind = "file", Subject = "Plan.docx", Contents = [new ContentAtPoint("content", 70_010)],
        });
        Service.Point.ReadContent(Sample.Item.Id, "content", Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed(pieces));
        foreach (var path in new[] { "content", "contents/content" })
        {
            using var response = await SignedIn.GetAsync(new Uri($"{ItemPath}/{path}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.StartsWith("Plan.docx", response.Content.Headers.ContentDisposition?.FileNameStar ?? "", StringComparison.Ordinal);
            Assert.Equal(pieces.SelectMany(piece => piece.ToArray()), await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Head_of_a_download_has_its_headers_and_no_body()
    {
        Mime(Sample.Item.Id, new byte[10]);
        foreach (var path in new[] { $"{ItemPath}/content", ArchivePath })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(path, UriKind.Relative));
            using var response = await SignedIn.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.NotNull(response.Content.Headers.ContentDisposition);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task An_empty_message_is_empty()
    {
        Mime(Sample.Item.Id);
        Assert.Empty(await SignedIn.GetByteArrayAsync(new Uri($"{ItemPath}/content", UriKind.Relative)));
    }

    [Fact]
    public async Task A_message_without_mime_is_a_conflict_that_says_what_there_is()
    {
        Service.Point.GetItem(Sample.Item.Id, Arg.Any<CancellationToken>()).Returns(Sample.Item with { HasMime = false });
        await RefusedAsync(HttpMethod.Get, $"{ItemPath}/content", null, HttpStatusCode.Conflict, "not-possible-now");
    }

    [Fact]
    public async Task An_error_before_the_first_piece_is_a_problem_without_marks_of_content()
    {
        Failing(Sample.Item.Id, () => throw new VaultUnavailableException("The key is missing."));
        using var response = await SignedIn.GetAsync(new Uri($"{ItemPath}/content", UriKind.Relative));
        await ExpectProblemAsync(response, HttpStatusCode.ServiceUnavailable, "vault-unavailable");
        Assert.Null(response.Headers.ETag);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task An_error_on_the_way_breaks_the_transfer_and_never_gives_a_short_file()
    {
        Failing(Sample.Item.Id, () => new byte[10], () => throw new VaultUnavailableException("Damaged."));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SignedIn.GetByteArrayAsync(new Uri($"{ItemPath}/content", UriKind.Relative)));
    }

    [Fact]
    public async Task Properties_come_as_microsoft_gave_them()
    {
        using var response = await SignedIn.GetAsync(new Uri($"{ItemPath}/properties", UriKind.Relative));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("{\"id\":\"item/1=\"}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_attachment_comes_to_be_saved_under_a_safe_name()
    {
        Service.Point.ReadAttachment(Sample.Item.Id, 0, Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed<ReadOnlyMemory<byte>>(new byte[] { 1, 2 }, new byte[] { 3, 4 }));
        using var response = await SignedIn.GetAsync(new Uri($"{ItemPath}/attachments/0", UriKind.Relative));
        Assert.Equal("application/pdf", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("_a_b.pdf", response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal([1, 2, 3, 4], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_attachment_that_claims_nonsense_comes_as_plain_bytes()
    {
        Service.Point.GetItem(Sample.Item.Id, Arg.Any<CancellationToken>())
            .Returns(Sample.Item with { Attachments = [Sample.Attachment with { ContentType = "text/html\r\nX-Evil: 1" }] });
        Service.Point.ReadAttachment(Sample.Item.Id, 0, Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed<ReadOnlyMemory<byte>>(new byte[] { 1 }));
        using var response = await SignedIn.GetAsync(new Uri($"{ItemPath}/attachments/0", UriKind.Relative));
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task An_attachment_without_bytes_is_a_conflict_and_one_too_many_is_not_found()
    {
        var problem = await RefusedAsync(HttpMethod.Get, $"{ItemPath}/attachments/1", null, HttpStatusCode.Conflict, "not-possible-now");
        Assert.Contains("Microsoft 365 answered 404.", problem.Text("detail"), StringComparison.Ordinal);
        await RefusedAsync(HttpMethod.Get, $"{ItemPath}/attachments/2", null, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_folder_comes_with_all_below_it_and_with_what_is_not_included()
    {
        var again = Sample.Item with { Id = "2", Subject = "GRÜSSE: 日本" };
        var same = Sample.Item with { Id = "3" };
        var reserved = Sample.Item with { Id = "4", Subject = "con.txt" };
        var bare = Sample.Item with { Id = "5", Subject = "No\nmime", HasMime = false };
        Items(Sample.Inbox.Id, null, "3", Sample.Item, again, same);
        Items(Sample.Inbox.Id, "3", null, reserved);
        Items(Sample.Below.Id, null, null, bare, Sample.Item with { Id = "6", Subject = "..", Received = null, Sent = null });
        foreach (var id in new[] { Sample.Item.Id, "2", "3", "4", "6" })
            Mime(id, System.Text.Encoding.UTF8.GetBytes($"mime of {id}"));

        using var response = await SignedIn.GetAsync(new Uri(ArchivePath, UriKind.Relative));
        Assert.Equal("application/zip", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("Inbox.zip", response.Content.Headers.ContentDisposition?.FileNameStar);
        using var archive = new ZipArchive(await response.Content.ReadAsStreamAsync());
        Assert.Equal(
            [
                "Inbox/", "Inbox/Grüße_ 日本.eml", "Inbox/GRÜSSE_ 日本.eml", "Inbox/Grüße_ 日本 (2).eml", "Inbox/_con.txt.eml",
                "Inbox/_Up_ gone/", "Inbox/_Up_ gone/no subject.eml", "_not-included.txt",
            ],
            archive.Entries.Select(entry => entry.FullName));
        Assert.Equal("mime of 3", Read(archive.Entries[3]));
        Assert.Equal(Sample.Item.Received!.Value.UtcDateTime, archive.Entries[1].LastWriteTime.DateTime);
        Assert.Contains("Inbox/_Up_ gone\tNo mime\t5\t", Read(archive.Entries[^1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_which_everything_is_there_has_no_list_of_what_is_not()
    {
        Items(Sample.Inbox.Id, null, null, Sample.Item);
        Mime(Sample.Item.Id, new byte[] { 1 });
        using var archive = new ZipArchive(new MemoryStream(await SignedIn.GetByteArrayAsync(new Uri(ArchivePath, UriKind.Relative))));
        Assert.DoesNotContain(archive.Entries, entry => entry.Name == "_not-included.txt");
    }

    [Fact]
    public async Task An_error_in_the_middle_of_a_folder_never_gives_an_archive_that_looks_whole()
    {
        Items(Sample.Inbox.Id, null, null, Sample.Item, Sample.Item with { Id = "2" });
        Mime(Sample.Item.Id, Bytes(new Random(1), 500_000));
        Failing("2", () => throw new VaultUnavailableException("Damaged."));
        using var response = await SignedIn.GetAsync(new Uri(ArchivePath, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var arrived = new MemoryStream();
        var broken = await Assert.ThrowsAnyAsync<Exception>(() => response.Content.CopyToAsync(arrived));
        Assert.True(broken is HttpRequestException or IOException, broken.ToString()); // which of the two, depends on when the break is noticed
        Assert.True(arrived.Length > 400_000);
        Assert.Throws<InvalidDataException>(() => new ZipArchive(arrived)); // also for a program that does not mind the broken transfer
    }

    [Fact]
    public async Task An_archive_is_sent_while_it_is_read_and_never_held_in_memory()
    {
        ItemAtPoint[] small = [.. Enumerable.Range(0, 500).Select(n => Sample.Item with { Id = $"s{n}" })];
        Items(Sample.Inbox.Id, null, null, [.. small, Sample.Item with { Id = "last" }]);
        foreach (var item in small)
            Mime(item.Id); // empty ones are what the archive writes synchronously from end to end
        var arrived = new TaskCompletionSource();
        Service.Point.ReadMime("last", Arg.Any<CancellationToken>()).Returns(_ => After(arrived.Task, new byte[] { 1 }));

        var first = new byte[30_000];
        Stream body;
        try
        {
            body = await SignedIn.GetStreamAsync(new Uri(ArchivePath, UriKind.Relative)).WaitAsync(Hang.Limit);
            await body.ReadExactlyAsync(first).AsTask().WaitAsync(Hang.Limit); // both fail when nothing comes before the last item is read
        }
        finally
        {
            arrived.SetResult();
        }
        var whole = new MemoryStream();
        whole.Write(first);
        await using (body)
            await body.CopyToAsync(whole);
        using var archive = new ZipArchive(whole);
        Assert.Equal(503, archive.Entries.Count);
    }

    [Fact]
    public async Task An_unknown_folder_has_no_archive() =>
        await RefusedAsync(HttpMethod.Get, $"{Sample.MailboxPath}/points/7/folders/nowhere/archive", null, HttpStatusCode.NotFound, "not-found");

    private void Mime(string id, params ReadOnlyMemory<byte>[] pieces) =>
        Service.Point.ReadMime(id, Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed<ReadOnlyMemory<byte>>(pieces));

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> After(Task moment, ReadOnlyMemory<byte> piece)
    {
        await moment;
        yield return piece;
    }

    private void Failing(string id, params Func<ReadOnlyMemory<byte>>[] pieces) =>
        Service.Point.ReadMime(id, Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed<ReadOnlyMemory<byte>>(pieces));

    private void Items(string folder, string? after, string? next, params ItemAtPoint[] items) =>
        Service.Point.ListItems(folder, after, Arg.Any<int>(), Arg.Any<CancellationToken>()).Returns(new ItemPage([.. items], next));

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Read(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
