using System.Text;
using System.Text.Json;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Mail;

public sealed class MailboxWriterTests
{
    private const string Create = "/mailFolders/f/messages";
    private const string Attachments = "/messages/new/attachments";
    private const string Received = """
        {"id":"old","subject":"s","body":{"contentType":"html","content":"<p>b</p>"},"isDraft":false,"isRead":true,"importance":"high","categories":["Red"],
         "sentDateTime":"2024-05-06T07:08:09Z","receivedDateTime":"2024-05-06T07:08:11.5Z","internetMessageId":"<a@b>","conversationIndex":"AQ==",
         "flag":{"flagStatus":"flagged","dueDateTime":{"dateTime":"2024-06-01T00:00:00","timeZone":"UTC"}},
         "from":{"emailAddress":{"name":"Ada","address":"ada@example.org"}},"sender":{"emailAddress":{"name":"Ada","address":"/o=x/ou=y/cn=ada"}},
         "toRecipients":[{"emailAddress":{"name":"","address":""}},{"emailAddress":{"name":"Old name","address":"not an address"}},{"emailAddress":{"address":"b@example.org"}}],
         "replyTo":[{"emailAddress":{"name":"x","address":"/o=x"}}],"changeKey":"k","parentFolderId":"f","bodyPreview":"b","webLink":"w"}
        """;

    private static readonly Reply Made = Reply.Created("""{"id":"new"}""");

    [Fact]
    public async Task A_received_message_is_created_as_received_with_its_dates_and_its_marker()
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Made);

        var restored = await CreateAsync(given, Received, mime: "Received: x\r\nSubject: s\r\n\r\nbody");

        Assert.Equal("new", restored.Id);
        Assert.Empty(restored.Losses);
        var sent = Body(given.Graph.Sent.Single());
        var extended = sent.GetProperty("singleValueExtendedProperties").EnumerateArray().ToDictionary(p => p.GetProperty("id").GetString()!, p => p.GetProperty("value").GetString());
        Assert.Equal("4", extended["Integer 0x0E07"]);
        Assert.Equal("2024-05-06T07:08:09Z", extended["SystemTime 0x0039"]);
        Assert.Equal("2024-05-06T07:08:11Z", extended["SystemTime 0x0E06"]);
        Assert.Equal("Received: x\r\nSubject: s\r\n", extended["String 0x007D"]);
        Assert.Equal("the-marker", extended.Single(p => p.Key.EndsWith("OrleansBackupRestore", StringComparison.Ordinal)).Value);
        Assert.True(sent.GetProperty("isRead").GetBoolean());
        Assert.Equal("flagged", sent.GetProperty("flag").GetProperty("flagStatus").GetString());
        Assert.Equal(3, sent.GetProperty("toRecipients").GetArrayLength());
        foreach (var name in new[] { "id", "changeKey", "parentFolderId", "bodyPreview", "webLink", "receivedDateTime", "sentDateTime", "isDraft" }) Assert.False(sent.TryGetProperty(name, out _), name);
    }

    [Fact]
    public async Task A_draft_stays_a_draft()
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Made);

        await CreateAsync(given, """{"id":"old","isDraft":true,"body":{"contentType":"text","content":"t"}}""");

        Assert.DoesNotContain("0x0E07", given.Graph.Sent.Single().Body);
    }

    [Fact]
    public async Task Row_10_addresses_that_the_service_refuses_are_given_up_and_named_as_a_loss()
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Reply.Error(400, "ErrorInvalidRecipients"), Reply.Error(400, "ErrorInvalidRecipients"), Made);

        var restored = await CreateAsync(given, Received);

        var sent = Body(given.Graph.Sent[^1]);
        Assert.Equal(["b@example.org"], sent.GetProperty("toRecipients").EnumerateArray().Select(r => r.GetProperty("emailAddress").GetProperty("address").GetString()));
        Assert.False(sent.TryGetProperty("sender", out _));
        Assert.Contains(restored.Losses, l => (l.Kind, l.Name, l.Count) == (LossKind.Addresses, "sender", 1));
        Assert.Contains(restored.Losses, l => (l.Kind, l.Name, l.Count) == (LossKind.Addresses, "toRecipients", 1) && l.Text.Contains("'toRecipients' lost 1 of 3", StringComparison.Ordinal));
        Assert.Contains(restored.Losses, l => (l.Kind, l.Name) == (LossKind.Addresses, "replyTo"));
    }

    [Fact]
    public async Task A_message_that_is_refused_in_every_form_is_an_error()
    {
        using var given = new Given();
        given.Graph.Always("POST", Create, _ => Reply.Error(400, "ErrorInvalidRequest"));

        await Assert.ThrowsAsync<GraphRefusedException>(() => CreateAsync(given, Received));
    }

    [Fact]
    public async Task A_full_mailbox_is_said_to_be_full()
    {
        using var given = new Given();
        given.Graph.Always("POST", Create, _ => Reply.Error(507, "ErrorQuotaExceeded"));

        await Assert.ThrowsAsync<QuotaExceededException>(() => CreateAsync(given, Received));
        Assert.Single(given.Graph.Sent);
    }

    [Fact]
    public async Task A_kind_of_message_that_cannot_be_created_is_a_loss()
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Made);

        var restored = await CreateAsync(given, """{"@odata.type":"#microsoft.graph.eventMessageRequest","id":"old","body":{"contentType":"text","content":"t"}}""");

        Assert.Contains("eventMessageRequest", Assert.Single(restored.Losses).Text);
    }

    [Fact]
    public async Task A_refusal_for_a_limit_may_be_repeated_for_nothing_was_done()
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Reply.Error(429, "ApplicationThrottled", "", ("Retry-After", "3")), Made);

        await CreateAsync(given, Received);

        Assert.Equal(2, given.Graph.Sent.Count);
    }

    [Fact]
    public async Task An_attachment_that_is_refused_is_a_loss_and_the_others_are_put_back()
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Made).When("POST", Attachments, Reply.Error(400, "ErrorInvalidRequest"), Made);

        var restored = await CreateAsync(given, Received, attachments: [File("a"), File("b")]);

        Assert.Contains("ErrorInvalidRequest", Assert.Single(restored.Losses).Text);
        Assert.Equal(2, given.Graph.Sent.Count(r => r.Path.Contains(Attachments, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_attached_item_is_put_back_as_an_item_without_what_it_may_not_say()
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Made).When("POST", Attachments, Made);
        var item = Item("""{"@odata.type":"#microsoft.graph.message","id":"i","isDraft":false,"subject":"inner","hasAttachments":false,"parentFolderId":"p"}""");

        var restored = await CreateAsync(given, Received, attachments: [item]);

        Assert.StartsWith("An attached item is put back by its properties", Assert.Single(restored.Losses).Text, StringComparison.Ordinal);
        var sent = Body(given.Graph.Sent[^1]);
        Assert.Equal("""{"@odata.type":"#microsoft.graph.message","subject":"inner"}""", sent.GetProperty("item").GetRawText());
    }

    [Theory]
    [InlineData("""{"@odata.type":"#microsoft.graph.message","subject":"inner","hasAttachments":true}""", "Re: x.eml")]
    [InlineData("""{"@odata.type":"#microsoft.graph.event","subject":"inner","attachments":[{"name":"n"}]}""", "Re: x.ics")]
    public async Task An_attached_item_with_attachments_of_its_own_is_put_back_whole_as_a_file(string json, string name)
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Made).When("POST", Attachments, Made);

        var restored = await CreateAsync(given, Received, attachments: [Item(json)]);

        var sent = Body(given.Graph.Sent[^1]);
        Assert.Equal(("#microsoft.graph.fileAttachment", name), (sent.GetProperty("@odata.type").GetString(), sent.GetProperty("name").GetString()));
        Assert.Equal("content"u8.ToArray(), sent.GetProperty("contentBytes").GetBytesFromBase64());
        Assert.Single(restored.Losses);
    }

    [Fact]
    public async Task Links_and_contents_that_the_backup_does_not_have_are_losses()
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Made);

        var restored = await CreateAsync(given, Received, attachments:
        [
            new StoredAttachment("""{"@odata.type":"#microsoft.graph.referenceAttachment","name":"Budget","isInline":false}"""u8.ToArray(), Open: null, 0),
            new StoredAttachment("""{"@odata.type":"#microsoft.graph.fileAttachment","name":"lost"}"""u8.ToArray(), Open: null, 0),
        ]);

        Assert.Equal(2, restored.Losses.Length);
        Assert.Single(given.Graph.Sent);
    }

    [Fact]
    public async Task A_text_too_large_for_one_request_is_attached()
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Made).When("POST", Attachments, Made);
        var text = new string('x', 20_000);

        var restored = await CreateAsync(given, $$"""{"id":"old","subject":"s","body":{"contentType":"html","content":"{{text}}"} }""", options: new MailWriteOptions { LargestMessageRequest = 10_000 });

        Assert.Contains("body.html", Assert.Single(restored.Losses).Text);
        Assert.False(Body(given.Graph.Sent[0]).TryGetProperty("body", out _));
        Assert.Equal(Encoding.UTF8.GetBytes(text), Body(given.Graph.Sent[1]).GetProperty("contentBytes").GetBytesFromBase64());
    }

    [Fact]
    public async Task A_message_of_which_only_MIME_is_left_keeps_it_as_a_file()
    {
        using var given = new Given();
        given.Graph.When("POST", Create, Made).When("POST", Attachments, Made);

        var restored = await CreateAsync(given, """{"id":"old"}""", mime: "Subject: s\r\n\r\nb");

        Assert.Contains("message.eml", Assert.Single(restored.Losses).Text);
    }

    [Fact]
    public async Task Upload_pieces_carry_no_token_and_go_where_the_session_says()
    {
        using var given = new Given();
        given.Graph
            .When("POST", Create, Made)
            .When("POST", "/createUploadSession", Reply.Created("""{"uploadUrl":"https://outlook.example/up?authtoken=t"}"""))
            .When("PUT", "/up?", Reply.Json("""{"nextExpectedRanges":["4"]}"""), Reply.Error(503, "busy"), Reply.Created(""));

        await CreateAsync(given, Received, attachments: [File("content")], options: new MailWriteOptions { PostAttachmentsBelow = 2, UploadPieceBytes = 4 });

        var pieces = given.Graph.Sent.Where(r => r.Method == "PUT").ToList();
        Assert.Equal([("cont", "bytes 0-3/7"), ("ent", "bytes 4-6/7"), ("ent", "bytes 4-6/7")], pieces.Select(p => (p.Body, p.ContentRange!)));
        Assert.All(pieces, p => Assert.True(p.Authorization is null && p.Prefer.Length == 0));
    }

    [Fact]
    public async Task Deleting_what_is_gone_is_fine()
    {
        using var given = new Given();
        given.Graph.When("DELETE", "/messages/m", Reply.Error(404, "ErrorItemNotFound"));

        await given.Writer().DeleteAsync("m", CancellationToken.None);
    }

    private static StoredAttachment File(string content) => new(Encoding.UTF8.GetBytes($$"""{"@odata.type":"#microsoft.graph.fileAttachment","name":"{{content}}.txt","contentType":"text/plain","isInline":false}"""),
        _ => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(content))), content.Length);

    private static StoredAttachment Item(string item) => new(Encoding.UTF8.GetBytes($$"""{"@odata.type":"#microsoft.graph.itemAttachment","name":"Re: x","item":{{item}} }"""),
        _ => Task.FromResult<Stream>(new MemoryStream("content"u8.ToArray())), 7);

    private static Task<RestoredMessage> CreateAsync(Given given, string json, string? mime = null, StoredAttachment[]? attachments = null, MailWriteOptions? options = null) =>
        given.Writer(options).CreateAsync("f", new StoredMessage(Encoding.UTF8.GetBytes(json), mime is null ? null : _ => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(mime))), [.. attachments ?? []]), "the-marker", CancellationToken.None);

    private static JsonElement Body(SentRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        return document.RootElement.Clone();
    }
}
