using System.Text.Json;
using OrleansBackup.Grains.Mailboxes;

namespace OrleansBackup.Grains.Tests.Mailboxes;

public sealed class MailCheckpointTests
{
    [Fact]
    public void A_checkpoint_is_read_back_as_it_was_written()
    {
        var checkpoint = (MailCheckpoint.Start with { FoldersLink = "https://graph/delta?t=1" }).WithFolder("AAMk=", "link").WithFolder("b", "x").WithoutFolder("b");
        var read = MailCheckpoint.Parse(checkpoint.ToString());
        Assert.Equal(checkpoint.FoldersLink, read.FoldersLink);
        Assert.Equal(checkpoint.FolderLinks, read.FolderLinks);
        Assert.False(read.ListingNeeded);
        Assert.True(MailCheckpoint.Parse((checkpoint with { ListingNeeded = true }).ToString()).ListingNeeded);
    }

    // What version 1 wrote; it has to be readable for ever. Never renewed: a new version adds a line of its own.
    [Fact]
    public void The_form_of_version_1_stays_readable() =>
        Assert.Equal("m", MailCheckpoint.Parse("""{"version":1,"folders":"f","messages":{"id":"m"}}""").FolderLinks["id"]);

    [Fact]
    public void A_checkpoint_of_a_newer_release_is_refused_not_misread() =>
        Assert.Throws<JsonException>(() => MailCheckpoint.Parse("""{"version":2,"folders":null,"messages":{}}"""));
}
