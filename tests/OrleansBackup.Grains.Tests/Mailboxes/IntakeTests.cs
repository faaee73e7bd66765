using System.Text;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tests.Mailboxes;

public sealed class IntakeTests
{
    private static MailItem Listed(string change, string subject = "Plan", bool read = false, string folder = "inbox", bool draft = false) =>
        MailItem.Of(MessageSummary.Parse(Encoding.UTF8.GetBytes(
            $$$"""{"id":"m1","changeKey":"{{{change}}}","parentFolderId":"{{{folder}}}","subject":"{{{subject}}}","isRead":{{{Json(read)}}},"isDraft":{{{Json(draft)}}},"body":{"contentType":"text","content":"x"}}""")), folder);

    private static string Json(bool value) => value ? "true" : "false";

    private static ItemVersion Stored(MailItem item) => item.Write();

    [Fact]
    public void A_message_never_seen_is_read() => Assert.Equal(IntakeDecision.ReadContent, Intake.Decide(null, Listed("1")));

    [Fact]
    public void The_same_change_key_in_the_same_folder_asks_for_nothing() =>
        Assert.Equal(IntakeDecision.Nothing, Intake.Decide(Stored(Listed("1")), Listed("1")));

    [Fact]
    public void A_read_mark_keeps_the_content() =>
        Assert.Equal(IntakeDecision.KeepContent, Intake.Decide(Stored(Listed("1")), Listed("2", read: true)));

    [Fact]
    public void A_move_keeps_the_content() =>
        Assert.Equal(IntakeDecision.KeepContent, Intake.Decide(Stored(Listed("1")), Listed("2", folder: "archive")));

    [Fact]
    public void A_message_that_left_and_is_listed_again_in_its_old_folder_loses_the_mark_of_departure() =>
        Assert.Equal(IntakeDecision.KeepContent, Intake.Decide(Stored(Listed("1") with { DepartedFrom = "inbox" }), Listed("1")));

    [Fact]
    public void A_changed_subject_is_read_again() =>
        Assert.Equal(IntakeDecision.ReadContent, Intake.Decide(Stored(Listed("1")), Listed("2", subject: "Plan B")));

    [Fact]
    public void A_changed_draft_is_read_again_whatever_its_marks_say() =>
        Assert.Equal(IntakeDecision.ReadContent, Intake.Decide(Stored(Listed("1", draft: true)), Listed("2", draft: true, read: true)));

    [Fact]
    public void A_change_that_nothing_explains_is_read_again() =>
        Assert.Equal(IntakeDecision.ReadContent, Intake.Decide(Stored(Listed("1")), Listed("2")));

    [Fact]
    public void An_item_is_read_back_as_it_was_written()
    {
        var item = Listed("1") with
        {
            Size = 5, Categories = ["Red", "a,b"], Warnings = ["w"], DepartedFrom = "inbox", Sent = DateTimeOffset.Parse("2026-01-02T03:04:05Z"),
            Attachments = [new AttachmentEntry("a.pdf", "application/pdf", "File", 3, true, "cid", null)], Importance = "high", FlagStatus = "flagged",
        };
        Assert.Equal(Stored(item), MailItem.Read(Stored(item)).Write());
    }
}
