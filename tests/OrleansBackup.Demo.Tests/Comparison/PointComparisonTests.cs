using System.Collections.Immutable;
using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Tests.Comparison;

public sealed class PointComparisonTests
{
    [Fact]
    public void Equal_mailboxes_have_no_mismatch_and_everything_counts_as_compared()
    {
        var result = PointComparison.Compare(Given.AMailbox(), Given.AMailbox());

        Assert.Empty(result.Mismatches);
        Assert.Equal(4, result.Compared); // two folders and two messages
    }

    [Fact]
    public void A_missing_message_is_noticed() => Noticed("presence", Given.AMailbox(Given.AMessage()), truth: Given.AMailbox());

    [Fact]
    public void A_message_that_should_not_be_there_is_noticed() => Noticed("presence", Given.AMailbox(), truth: Given.AMailbox(Given.AMessage()));

    [Fact]
    public void A_message_that_is_there_twice_is_noticed() =>
        Noticed("presence", Given.AMailbox(Given.AMessage(), Given.AMessage()), truth: Given.AMailbox(Given.AMessage()));

    [Fact]
    public void An_empty_point_is_noticed_although_it_has_nothing_wrong_in_it()
    {
        var result = PointComparison.Compare(Given.AMailbox(), new MailboxPicture([], []));

        Assert.Equal(4, result.Mismatches.Length);
    }

    [Fact]
    public void A_missing_folder_is_noticed() => Noticed("presence", Given.AMailbox() with { Folders = [Given.AMailbox().Folders[1]] });

    [Fact]
    public void An_extra_folder_is_noticed() => Noticed("presence", Given.AMailbox() with { Folders = Given.AMailbox().Folders.Add(new("folder-9", null, ["Old"])) });

    [Fact]
    public void A_folder_in_another_place_is_noticed() =>
        Noticed("path", Given.AMailbox() with { Folders = Given.AMailbox().Folders.SetItem(1, new(Given.FolderId, "folder-0", ["Kunden"])) });

    [Fact]
    public void A_message_in_another_folder_is_noticed() => Noticed("folder", Given.AMailbox(Given.AMessage() with { FolderId = "folder-0" }));

    [Fact]
    public void One_other_byte_of_mime_is_noticed() => Noticed("mime", Given.AMailbox(Given.AMessage() with { Mime = ContentFingerprint.Of("Mime"u8) }));

    [Fact]
    public void Mime_that_the_point_cannot_give_is_noticed() => Noticed("mime", Given.AMailbox(Given.AMessage() with { Mime = null }));

    [Theory]
    [InlineData("subject", "\"zeit für Kaffee\"", "subject")]
    [InlineData("isRead", "false", "isRead")]
    [InlineData("categories", "[]", "categories")]
    [InlineData("categories", "[\"red category\"]", "categories[0]")]
    [InlineData("flag", "{ \"flagStatus\": \"complete\" }", "flag.flagStatus")]
    [InlineData("body", "{ \"contentType\": \"html\", \"content\": \"<p>Ja</p>\" }", "body.content")]
    [InlineData("importance", null, "importance")]
    [InlineData("receivedDateTime", "\"2026-03-01T08:00:06Z\"", "receivedDateTime")]
    [InlineData("surplus", "1", "surplus")]
    public void A_different_absent_or_extra_property_is_noticed(string property, string? json, string where) =>
        Noticed(where, Given.AMailbox(Given.AMessage().With(property, json)));

    [Fact]
    public void Recipients_in_another_order_are_noticed()
    {
        const string Turned = """[ { "emailAddress": { "name": "Cy", "address": "cy@contoso.example" } }, { "emailAddress": { "name": "Bo", "address": "bo@contoso.example" } } ]""";

        var result = PointComparison.Compare(Given.AMailbox(Given.AMessage()), Given.AMailbox(Given.AMessage().With("toRecipients", Turned)));

        Assert.NotEmpty(result.Mismatches);
    }

    [Fact]
    public void What_describes_the_answer_and_not_the_message_is_left_out() =>
        Assert.Empty(PointComparison.Compare(Given.AMailbox(Given.AMessage()), Given.AMailbox(Given.AMessage().With("@odata.etag", "\"other\""))).Mismatches);

    [Fact]
    public void A_property_that_no_backup_keeps_may_be_absent_but_not_wrong()
    {
        var truth = Given.AMailbox(Given.AMessage().With("webLink", "\"https://mail.example/1\""));

        Assert.Empty(PointComparison.Compare(truth, Given.AMailbox(Given.AMessage())).Mismatches);
        Noticed("webLink", Given.AMailbox(Given.AMessage().With("webLink", "\"https://mail.example/2\"")), truth);
    }

    [Theory]
    [MemberData(nameof(AttachmentChanges))]
    public void A_changed_attachment_is_noticed(string where, Func<AttachmentPicture, AttachmentPicture> change) =>
        Noticed(where, Given.AMailbox(Given.AMessage().WithAttachment(change)));

    [Fact]
    public void A_missing_attachment_is_noticed() => Noticed("attachments", Given.AMailbox(Given.AMessage() with { Attachments = [] }));

    public static TheoryData<string, Func<AttachmentPicture, AttachmentPicture>> AttachmentChanges { get; } = new()
    {
        { "attachments.name", attachment => attachment with { Name = "plan.PDF" } },
        { "attachments.contentType", attachment => attachment with { ContentType = "text/plain" } },
        { "attachments.kind", attachment => attachment with { Kind = "itemAttachment" } },
        { "attachments.isInline", attachment => attachment with { IsInline = true } },
        { "attachments.bytes", attachment => attachment with { Content = ContentFingerprint.Of("Bytes"u8) } },
        { "attachments.bytes", attachment => attachment with { Content = null } },
    };

    private static void Noticed(string property, MailboxPicture point, MailboxPicture? truth = null)
    {
        var expected = truth ?? (point.Messages.Length == 1 ? Given.AMailbox(Given.AMessage()) : Given.AMailbox());

        var result = PointComparison.Compare(expected, point);

        Assert.Equal([property], result.Mismatches.Select(difference => difference.Property));
        Assert.Empty(result.DeclaredLosses);
    }
}
