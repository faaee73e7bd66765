using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;

namespace OrleansBackup.Grains.Tests.Runs;

/// <summary>One text holds how far every part has come, and a release that knows mail alone still reads its own.</summary>
public sealed class RunCheckpointTests
{
    private const string OfMail = """{"version":1,"folders":"f","messages":{"id":"m"}}""";

    [Fact]
    public void Every_part_finds_its_own_text_again()
    {
        var sections = new Dictionary<string, string> { [ItemIds.Mail] = OfMail, [ItemIds.Calendar] = "a link with \"marks\"", [ItemIds.Drive] = "{}" };
        var read = RunCheckpoint.Parse(RunCheckpoint.Write(sections));
        Assert.Equal(sections.Keys.Order(), read.Keys);
        Assert.Equal("m", MailCheckpoint.Parse(read[ItemIds.Mail]).FolderLinks["id"]);
        Assert.Equal(sections[ItemIds.Calendar], read[ItemIds.Calendar]);
        Assert.Equal("{}", read[ItemIds.Drive]);
    }

    [Fact]
    public void A_checkpoint_of_before_there_were_parts_is_that_of_mail()
    {
        var read = RunCheckpoint.Parse(OfMail);
        Assert.Equal([ItemIds.Mail], read.Keys);
        Assert.Equal("f", MailCheckpoint.Parse(read[ItemIds.Mail]).FoldersLink);
    }

    [Fact]
    public void A_release_of_before_there_were_parts_reads_the_mail_of_one_with_parts()
    {
        var written = RunCheckpoint.Write(new Dictionary<string, string> { [ItemIds.Mail] = OfMail, [ItemIds.Calendar] = "x" });
        Assert.Equal("m", MailCheckpoint.Parse(written).FolderLinks["id"]); // it was given the whole text
    }

    [Fact]
    public void A_resource_without_mail_has_a_checkpoint_too()
    {
        var read = RunCheckpoint.Parse(RunCheckpoint.Write(new Dictionary<string, string> { [ItemIds.Team] = "t" }));
        Assert.Equal(ImmutableSortedDictionary<string, string>.Empty.Add(ItemIds.Team, "t"), read);
        Assert.Empty(RunCheckpoint.Parse(RunCheckpoint.Write(new Dictionary<string, string>())));
    }

    [Fact]
    public void What_is_no_checkpoint_is_refused_not_taken_for_a_beginning() =>
        Assert.ThrowsAny<JsonException>(() => RunCheckpoint.Parse("[]"));
}
