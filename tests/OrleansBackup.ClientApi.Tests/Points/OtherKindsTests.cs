using System.IO.Compression;
using System.Net;
using NSubstitute;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.ClientApi.Tests.Points;

/// <summary>Files, events, list items and channel messages leave a restore point as files too, alone and in an archive.</summary>
public sealed class OtherKindsTests : ApiHost
{
    private static string PointPath => $"{Sample.MailboxPath}/points/7";

    private static ItemAtPoint Thing(string kind, string id, string name, params string[] roles) => Sample.Item with
    {
        Id = id, Kind = kind, Subject = name, HasMime = false, Attachments = [], Contents = [.. roles.Select(role => new ContentAtPoint(role, 4))],
    };

    [Fact]
    public async Task An_archive_holds_each_item_as_the_file_that_it_is()
    {
        Items(
            Thing("file", "f1", "plan.pdf", "content", "json"), Thing("file", "f2", "PLAN.pdf", "content", "json"), Thing("file", "f3", ".profile", "content"), Thing("file", "f4", "lost.bin", "json"),
            Thing("event", "e1", "Tea", "json", "attachment-0") with { Attachments = [Sample.Attachment, Sample.Attachment with { Problem = "Never opened." }] },
            Thing("contact", "c1", "Kim", "json"), Thing("list-item", "l1", "Row", "json"), Thing("channel-message", "m1", "Hello", "json", "hosted-x"));
        Service.Point.ReadContent(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>())
            .Returns(call => FakeService.Streamed<ReadOnlyMemory<byte>>(System.Text.Encoding.UTF8.GetBytes($"{call.ArgAt<string>(1)} of {call.ArgAt<string>(0)}")));

        using var archive = new ZipArchive(new MemoryStream(await SignedIn.GetByteArrayAsync(new Uri($"{PointPath}/folders/inbox-id%3D/archive", UriKind.Relative))));

        var files = archive.Entries.Where(entry => entry.Length > 0 && entry.Name != "_not-included.txt").ToDictionary(entry => entry.FullName, Read);
        Assert.Equal(new Dictionary<string, string>
        {
            ["Inbox/plan.pdf"] = "content of f1", ["Inbox/PLAN (2).pdf"] = "content of f2", ["Inbox/profile"] = "content of f3",
            ["Inbox/Tea.ics"] = "ics of e1", ["Inbox/Tea .._a_b.pdf"] = "attachment-0 of e1", ["Inbox/Kim.vcf"] = "vcf of c1",
            ["Inbox/Row.json"] = "json of l1", ["Inbox/Hello.json"] = "json of m1", ["Inbox/Hello picture"] = "hosted-x of m1",
        }.OrderBy(pair => pair.Key, StringComparer.Ordinal), files.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        var missing = Read(archive.GetEntry("_not-included.txt")!);
        Assert.Contains("lost.bin\tf4\t", missing, StringComparison.Ordinal);
        Assert.Contains("Never opened.", missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_form_of_its_own_is_downloaded_as_the_json_of_graph()
    {
        Service.Point.GetItem("row", Arg.Any<CancellationToken>()).Returns(Thing("list-item", "row", "Row", "json"));
        Service.Point.ReadContent("row", "json", Arg.Any<CancellationToken>()).Returns(_ => FakeService.Streamed<ReadOnlyMemory<byte>>("{}"u8.ToArray()));

        using var response = await SignedIn.GetAsync(new Uri($"{PointPath}/items/row/content", UriKind.Relative));

        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("Row.json", response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_file_that_was_never_handed_over_is_a_conflict_that_says_so()
    {
        Service.Point.GetItem("lost", Arg.Any<CancellationToken>()).Returns(Thing("file", "lost", "lost.bin", "json"));
        var problem = await RefusedAsync(HttpMethod.Get, $"{PointPath}/items/lost/content", null, HttpStatusCode.Conflict, "not-possible-now");
        Assert.Contains("never handed over the bytes", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_has_no_calendar_file_and_is_not_found() =>
        await RefusedAsync(HttpMethod.Get, $"{PointPath}/folders/nowhere/file", null, HttpStatusCode.NotFound, "not-found");

    [Theory]
    [InlineData("onedrive", "calendar.ics")]
    [InlineData("site", "tasks.ics")]
    [InlineData("team", "contacts.vcf")]
    public async Task What_is_no_mailbox_has_no_calendar_instead_of_an_empty_one(string kind, string file)
    {
        var problem = await RefusedAsync(HttpMethod.Get, $"{Sample.TenantPath}/resources/{kind}-x/points/7/{file}", null, HttpStatusCode.Conflict, "not-possible-now");
        Assert.Contains("Only a mailbox", problem.Text("detail"), StringComparison.Ordinal);
    }

    private void Items(params ItemAtPoint[] items) =>
        Service.Point.ListItems(Sample.Inbox.Id, null, Arg.Any<int>(), Arg.Any<CancellationToken>()).Returns(new ItemPage([.. items], null));

    private static string Read(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
