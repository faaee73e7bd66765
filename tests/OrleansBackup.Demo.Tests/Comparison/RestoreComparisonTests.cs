using OrleansBackup.Demo.Clients;
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
        Assert.Equal("presence", Assert.Single(RestoreComparison.Compare(Truth, null, [Loss("textAttached"), Loss("attachment"), Loss("flagDates")]).Mismatches).Property);

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

        var result = RestoreComparison.Compare(Truth, changed, [Loss("addresses", "sender")]);

        Assert.Equal("sender", Assert.Single(result.DeclaredLosses).Property);
        Assert.Equal("isRead", Assert.Single(result.Mismatches).Property);
    }

    [Theory]
    [InlineData("draftDates", null, "receivedDateTime", true)]
    [InlineData("draftDates", null, "subject", false)]
    [InlineData("flagDates", null, "flag.dueDateTime", true)]
    [InlineData("flagDates", null, "flag.flagStatus", false)]
    [InlineData("addresses", "replyTo", "replyTo[0].emailAddress.name", true)]
    [InlineData("addresses", "replyTo", "toRecipients", false)]
    [InlineData("attachment", "a.pdf", "attachments.bytes", true)]
    [InlineData("attachment", "a.pdf", "body.content", false)]
    [InlineData("textAttached", "message.html", "body.content", true)]
    [InlineData("folderName", "", "path", true)]
    [InlineData("messageId", null, "internetMessageId", true)]
    [InlineData("attachedItemBytes", "note", "attachments.bytes", true)]
    [InlineData("attachedItemBytes", "note", "attachments.name", false)]
    [InlineData("attachmentName", "attachment", "attachments.name", true)]
    [InlineData("attachmentName", "attachment", "attachments.bytes", false)]
    [InlineData("attachedItemAsFile", "note", "attachments.kind", true)]
    [InlineData("messageClass", "#microsoft.graph.eventMessage", "isRead", false)]
    public void A_declared_loss_covers_what_it_speaks_of(string kind, string? name, string property, bool covers) => Assert.Equal(covers, DeclaredLoss.Covers(Loss(kind, name), property));

    [Theory]
    [InlineData("unknown", null)]
    [InlineData("notBackedUp", "sentDateTime")]
    [InlineData("addresses", null)]
    [InlineData("addresses", "")]
    [InlineData("addresses", "fromAfar")]
    public void A_vague_loss_excuses_nothing(string kind, string? name)
    {
        var changed = Restored.With("sentDateTime", "\"2026-03-07T20:30:00Z\"").With("from", "null");

        Assert.Equal(2, RestoreComparison.Compare(Truth, changed, [Loss(kind, name)]).Mismatches.Length);
    }

    private static LossAnswer Loss(string kind, string? name = null) => new(kind, name, null, "In words.");

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
