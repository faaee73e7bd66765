using System.Text;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Mail;

public sealed class MessageFetchTests
{
    private static readonly Reply Mime = Reply.Bytes("Subject: s\r\n\r\nb"u8.ToArray());
    private const string File1 = """{"@odata.type":"#microsoft.graph.fileAttachment","id":"1","name":"a.txt","contentType":"text/plain","size":3,"isInline":false}""";
    private const string File2 = """{"@odata.type":"#microsoft.graph.fileAttachment","id":"2","name":"b.txt","contentType":"text/plain","size":3,"isInline":true}""";

    [Fact]
    public async Task Row_13_MIME_is_read_from_the_one_path_that_gives_it()
    {
        using var given = new Given();
        given.Graph.When("GET", "/$value", Mime);

        await using var fetched = await FetchAsync(given, Given.Message("m="));

        Assert.Equal($"/v1.0/users/{Given.User}/messages/m%3D/$value", given.Graph.Sent.Single().Address.AbsolutePath);
        Assert.True(fetched.IsComplete);
    }

    [Fact]
    public async Task A_message_without_attachments_costs_one_request()
    {
        using var given = new Given();
        given.Graph.When("GET", "/$value", Mime);

        await using var fetched = await FetchAsync(given, Given.Message("m"));

        Assert.Single(given.Graph.Sent);
    }

    [Theory]
    [InlineData("ErrorCorruptData")]
    [InlineData("ErrorInvalidRecipients")]
    [InlineData("ErrorContentConversionFailed")]
    [InlineData("InternalServerError")]
    public async Task Row_10_a_message_that_gives_no_MIME_is_kept_by_its_properties_and_attachments(string code)
    {
        using var given = new Given();
        given.Graph
            .Always("GET", "/messages/m/$value", _ => Reply.Error(500, code))
            .When("GET", "/attachments?", Reply.Json(Given.Page(File1)))
            .When("GET", "/attachments/1", Reply.Json(File1[..^1] + ",\"contentBytes\":\"YWJj\"}"));

        await using var fetched = await FetchAsync(given, Given.Message("m"));

        Assert.Null(fetched.Mime);
        Assert.Contains(code, Assert.Single(fetched.Warnings));
        Assert.Equal("abc", await TextAsync(fetched.Attachments.Single()));
        Assert.False(fetched.IsComplete);
    }

    [Fact]
    public async Task Row_10_properties_that_cannot_be_read_are_made_up_for_by_MIME()
    {
        using var given = new Given();
        given.Graph.When("GET", "/$value", Mime).Always("GET", "/messages/m?", _ => Reply.Error(500, "ErrorCorruptData"));

        await using var fetched = await FetchAsync(given, """{"id":"m"}""");

        Assert.NotNull(fetched.Mime);
        Assert.Single(fetched.Warnings);
    }

    [Fact]
    public async Task Row_10_only_a_message_that_is_readable_in_no_form_is_given_up()
    {
        using var given = new Given();
        given.Graph.Always("GET", "/messages/m", _ => Reply.Error(500, "ErrorCorruptData"));

        var error = await Assert.ThrowsAsync<ItemUnreadableException>(() => FetchAsync(given, """{"id":"m"}"""));

        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Row_17_a_message_deleted_after_it_was_listed_is_gone_and_no_error_of_reading()
    {
        using var given = new Given();
        given.Graph.When("GET", "/$value", Reply.Error(404, "ErrorItemNotFound")).When("GET", "/messages/m?", Reply.Error(404, "ErrorItemNotFound"));

        await Assert.ThrowsAsync<ItemGoneException>(() => FetchAsync(given, Given.Message("m")));
        Assert.Null(await given.Mailbox().TryReadAsync("m", CancellationToken.None));
    }

    [Fact]
    public async Task A_passing_failure_is_not_taken_for_a_property_of_the_message()
    {
        using var given = new Given();
        given.Graph.Always("GET", "/$value", _ => Reply.Error(503, "serviceNotAvailable"));

        await Assert.ThrowsAsync<GraphTransientException>(() => FetchAsync(given, Given.Message("m")));
    }

    [Fact]
    public async Task Attachments_that_are_only_inline_are_found_by_the_reference_to_them()
    {
        using var given = new Given();
        given.Graph
            .When("GET", "/messages/m/$value", Mime)
            .When("GET", "/attachments?", Reply.Json(Given.Page(File2)))
            .When("GET", "/attachments/2", Reply.Json(File2[..^1] + ",\"contentId\":\"logo\",\"contentBytes\":\"YWJj\"}"));

        await using var fetched = await FetchAsync(given, """{"id":"m","hasAttachments":false,"body":{"contentType":"html","content":"<img src='cid:logo'>"}}""");

        var attachment = Assert.Single(fetched.Attachments);
        Assert.Equal((true, "logo"), (attachment.IsInline, attachment.ContentId));
        Assert.DoesNotContain("contentBytes", Encoding.UTF8.GetString(attachment.Json.Span));
    }

    [Theory]
    [InlineData("Content-Type: multipart/related; boundary=b\r\n\r\n--b", true)]
    [InlineData("Subject: s\nCONTENT-TYPE:\n multipart/mixed\n\n", true)]
    [InlineData("Content-Type: multipart/alternative\r\n\r\n--b\r\nContent-Type: text/plain\r\ncontent-id: <x>\r\n", true)]
    [InlineData("Content-Type: image/png", true)]
    [InlineData("Content-Type: multipart/alternative\r\n\r\n--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\nContent is king", false)]
    [InlineData("Subject: s\r\n\r\nno parts", false)]
    public async Task Inline_attachments_that_nothing_refers_to_are_found_in_the_MIME(string mime, bool may)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(mime));

        Assert.Equal(may, await MimeParts.MayHaveAttachmentsAsync(stream, CancellationToken.None));
        Assert.Equal(0, stream.Position);
    }

    [Theory]
    [InlineData(500, "ErrorCannotOpenFileAttachment")]
    [InlineData(500, "InternalServerError")]
    [InlineData(404, "ErrorItemNotFound")]
    public async Task Row_11_one_attachment_that_does_not_open_loses_no_other(int status, string code)
    {
        using var given = new Given();
        given.Graph
            .When("GET", "/messages/m/$value", Mime)
            .When("GET", "/attachments?", Reply.Json(Given.Page($"{File1},{File2}")))
            .Always("GET", "/attachments/1", _ => Reply.Error(status, code))
            .When("GET", "/attachments/2", Reply.Json(File2[..^1] + ",\"contentBytes\":\"YWJj\"}"));

        await using var fetched = await FetchAsync(given, Given.Message("m").Replace("\"hasAttachments\":false", "\"hasAttachments\":true"));

        Assert.Equal((code, null), (fetched.Attachments[0].Failure, fetched.Attachments[0].Content));
        Assert.Equal("abc", await TextAsync(fetched.Attachments[1]));
        Assert.Single(fetched.Warnings);
    }

    [Fact]
    public async Task Row_12_an_attachment_list_that_cannot_be_had_leaves_the_message_with_its_MIME()
    {
        using var given = new Given();
        given.Graph.When("GET", "/messages/m/$value", Mime).Always("GET", "/attachments?", _ => Reply.Error(504, "timeout"));

        await using var fetched = await FetchAsync(given, Given.Message("m").Replace("\"hasAttachments\":false", "\"hasAttachments\":true"));

        Assert.NotNull(fetched.Mime);
        Assert.Single(fetched.Warnings);
        Assert.False(fetched.IsComplete);
    }

    [Fact]
    public async Task Row_12_attachments_of_one_message_are_read_one_after_the_other()
    {
        using var given = new Given();
        given.Graph
            .When("GET", "/messages/m/$value", Mime)
            .When("GET", "/attachments?", Reply.Json(Given.Page($"{File1},{File2}")))
            .When("GET", "/attachments/1", Reply.Error(503, "ErrorTooManyObjectsOpened"), Reply.Json(File1[..^1] + ",\"contentBytes\":\"YWJj\"}"))
            .When("GET", "/attachments/2", Reply.Json(File2[..^1] + ",\"contentBytes\":\"YWJj\"}"));

        await using var fetched = await FetchAsync(given, Given.Message("m").Replace("\"hasAttachments\":false", "\"hasAttachments\":true"));

        Assert.True(fetched.IsComplete);
        Assert.Contains("odata.maxpagesize=999", given.Graph.Sent[1].Prefer);
    }

    [Fact]
    public async Task Item_and_reference_attachments_are_kept_each_in_its_way()
    {
        using var given = new Given();
        const string Item = """{"@odata.type":"#microsoft.graph.itemAttachment","id":"i","name":"Re: x","size":9,"isInline":false}""";
        const string Link = """{"@odata.type":"#microsoft.graph.referenceAttachment","id":"r","name":"Budget","size":9,"isInline":false}""";
        given.Graph
            .When("GET", "/messages/m/$value", Mime)
            .When("GET", "/attachments?", Reply.Json(Given.Page($"{Item},{Link}")))
            .When("GET", "/attachments/i/$value", Reply.Bytes("inner"u8.ToArray()))
            .When("GET", "/attachments/i?$expand=", Reply.Json(Item[..^1] + ",\"item\":{\"subject\":\"x\"}}"))
            .When("GET", "/attachments/r", Reply.Json(Link));

        await using var fetched = await FetchAsync(given, Given.Message("m").Replace("\"hasAttachments\":false", "\"hasAttachments\":true"));

        Assert.Equal([AttachmentKind.Item, AttachmentKind.Reference], fetched.Attachments.Select(a => a.Kind));
        Assert.Equal("inner", await TextAsync(fetched.Attachments[0]));
        Assert.Contains("\"item\"", Encoding.UTF8.GetString(fetched.Attachments[0].Json.Span));
        Assert.True(fetched.Attachments[1] is { Content: null, Failure: null });
        Assert.True(fetched.IsComplete);
    }

    [Fact]
    public async Task A_large_content_goes_to_a_file_that_has_no_name()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory();
        try
        {
            using var given = new Given(new GraphClientOptions { SpoolToFileAbove = 1_000, SpoolFolder = folder.FullName });
            var bytes = new byte[300_000];
            new Random(1).NextBytes(bytes);
            given.Graph.When("GET", "/$value", Reply.Bytes(bytes));

            await using var fetched = await FetchAsync(given, Given.Message("m"));

            Assert.IsType<FileStream>(fetched.Mime);
            Assert.Empty(folder.GetFiles());
            using var copy = new MemoryStream();
            await fetched.Mime.CopyToAsync(copy);
            Assert.Equal(bytes, copy.ToArray());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<FetchedMessage> FetchAsync(Given given, string json) =>
        given.Mailbox().FetchAsync(MessageSummary.Parse(Encoding.UTF8.GetBytes(json)), CancellationToken.None);

    private static async Task<string> TextAsync(FetchedAttachment attachment) => await new StreamReader(attachment.Content!).ReadToEndAsync();
}
