using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Tests.Comparison;

public sealed class RestoreComparisonTests
{
    private static readonly MessagePicture Truth = Given.AMessage();

    /// <summary>A restored message has new ids; these must not count.</summary>
    private static MessagePicture Restored => Truth.With("id", "\"new\"") with { Id = "new", FolderId = "new-folder" };

    [Fact]
    public void A_message_that_came_back_as_it_was_has_no_mismatch()
    {
        var result = RestoreComparison.Compare(Truth, Restored, []);

        Assert.Equal((1, 0, 0), (result.Compared, result.Mismatches.Length, result.DeclaredLosses.Length));
    }

    [Fact]
    public void A_message_that_is_not_there_is_noticed_whatever_was_declared() =>
        Assert.Equal("presence", Assert.Single(RestoreComparison.Compare(Truth, null, ["body", "attachments", "flag"]).Mismatches).Property);

    [Theory]
    [InlineData("subject", "\"Re: Zeit für Kaffee\"")]
    [InlineData("body", "{ \"contentType\": \"text\", \"content\": \"<p>ja</p>\" }")]
    [InlineData("sender", "{ \"emailAddress\": { \"name\": \"Ada\", \"address\": \"app@contoso.example\" } }")]
    [InlineData("from", "{ \"emailAddress\": { \"name\": \"Ada\", \"address\": \"eve@contoso.example\" } }")]
    [InlineData("toRecipients", "[]")]
    [InlineData("ccRecipients", "[ { \"emailAddress\": { \"name\": \"Bo\", \"address\": \"bo@contoso.example\" } } ]")]
    [InlineData("bccRecipients", null)]
    [InlineData("replyTo", "[ {} ]")]
    [InlineData("receivedDateTime", "\"2026-03-07T20:30:00Z\"")]
    [InlineData("sentDateTime", "\"2026-03-07T20:30:00Z\"")]
    [InlineData("isRead", "false")]
    [InlineData("isDraft", "true")]
    [InlineData("flag", "{ \"flagStatus\": \"notFlagged\" }")]
    [InlineData("categories", "[]")]
    [InlineData("importance", "\"low\"")]
    [InlineData("internetMessageId", "\"<2@contoso.example>\"")]
    [InlineData("hasAttachments", "false")]
    public void Every_property_that_must_come_back_is_compared(string property, string? json)
    {
        var mismatch = Assert.Single(RestoreComparison.Compare(Truth, Restored.With(property, json), []).Mismatches);

        Assert.StartsWith(property, mismatch.Property, StringComparison.Ordinal);
        Assert.Contains(property, RestoreComparison.Properties);
    }

    [Fact]
    public void A_message_in_another_folder_is_noticed() =>
        Assert.Equal("path", Assert.Single(RestoreComparison.Compare(Truth, Restored with { FolderPath = ["Inbox"] }, []).Mismatches).Property);

    [Fact]
    public void Other_attachment_bytes_are_noticed()
    {
        var changed = Restored.WithAttachment(attachment => attachment with { Content = ContentFingerprint.Of("other"u8) });

        Assert.Equal("attachments.bytes", Assert.Single(RestoreComparison.Compare(Truth, changed, []).Mismatches).Property);
    }

    [Fact]
    public void A_declared_loss_is_counted_apart_and_only_for_what_it_names()
    {
        var changed = Restored.With("sender", "null").With("isRead", "false");

        var result = RestoreComparison.Compare(Truth, changed, ["The address in 'sender' is none that the service takes."]);

        Assert.Equal("sender", Assert.Single(result.DeclaredLosses).Property);
        Assert.Equal("isRead", Assert.Single(result.Mismatches).Property);
    }

    [Theory]
    [InlineData("It is a draft: the service dates it with the moment of the restore.", "receivedDateTime", true)]
    [InlineData("It is a draft: the service dates it with the moment of the restore.", "subject", false)]
    [InlineData("The dates of the flag are not put back.", "flag.dueDateTime", true)]
    [InlineData("The dates of the flag are not put back.", "flag.flagStatus", false)]
    [InlineData("'replyTo' lost 1 of 2 addresses, which are none that the service takes.", "replyTo[0].emailAddress.name", true)]
    [InlineData("'replyTo' lost 1 of 2 addresses, which are none that the service takes.", "toRecipients", false)]
    [InlineData("The service refused an attachment (ErrorX).", "attachments.bytes", true)]
    [InlineData("The service refused an attachment (ErrorX).", "body.content", false)]
    [InlineData("The text is attached as message.html: it does not fit or exists in no other form.", "body.content", true)]
    [InlineData("Microsoft 365 does not take the folder's name '' here; it is 'Unnamed folder'.", "path", true)]
    [InlineData("The message had no message id; the service gives it one.", "internetMessageId", true)]
    [InlineData("An attached item is put back by its properties: its text is the same, the MIME form that the service makes of it may not be.", "attachments.bytes", true)]
    [InlineData("An attached item is put back by its properties: its text is the same, the MIME form that the service makes of it may not be.", "attachments.name", false)]
    [InlineData("An attachment without a name is now called 'attachment'.", "attachments.name", true)]
    [InlineData("An attachment without a name is now called 'attachment'.", "attachments.bytes", false)]
    [InlineData("An attached item is put back as a file (.eml), with all that it holds.", "attachments.kind", true)]
    [InlineData("The message was of the kind #microsoft.graph.eventMessage and is put back as a plain message.", "isRead", false)]
    public void A_declared_loss_covers_what_it_speaks_of(string loss, string property, bool covers) => Assert.Equal(covers, DeclaredLoss.Covers(loss, property));

    [Theory]
    [InlineData("something was lost")]
    [InlineData("not represented in the target")] // holds the letters of 'sent'
    [InlineData("cannot be taken from the copy")] // 'from' as an everyday word
    [InlineData("")]
    public void A_vague_loss_excuses_nothing(string loss)
    {
        var changed = Restored.With("sentDateTime", "\"2026-03-07T20:30:00Z\"").With("from", "null");

        Assert.Equal(2, RestoreComparison.Compare(Truth, changed, [loss]).Mismatches.Length);
    }

    [Fact]
    public void A_folder_that_did_not_come_back_is_noticed()
    {
        FolderPicture[] now = [new("a", null, ["Inbox"])];

        var result = RestoreComparison.CompareFolders([new("1", null, ["Inbox"]), new("2", "1", ["Inbox", "Kunden"])], [.. now]);

        Assert.Equal((2, "2"), (result.Compared, Assert.Single(result.Mismatches).Subject));
    }

    [Fact]
    public void A_folder_without_a_name_that_did_not_come_back_is_a_declared_loss() => Assert.Equal("2",
        Assert.Single(RestoreComparison.CompareFolders([new("1", null, ["Inbox"]), new("2", "1", ["Inbox", ""])], [new("a", null, ["Inbox"])]).DeclaredLosses).Subject);
}
