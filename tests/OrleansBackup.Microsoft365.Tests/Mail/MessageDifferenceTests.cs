using System.Text;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Microsoft365.Tests.Mail;

public sealed class MessageDifferenceTests
{
    private const string Stored = """
        {"@odata.etag":"e1","id":"m","changeKey":"k1","lastModifiedDateTime":"2026-01-01T00:00:00Z","subject":"s","bodyPreview":"p",
         "body":{"contentType":"html","content":"<p>b</p>"},"isRead":false,"isDraft":false,"hasAttachments":false,"categories":[],"importance":"normal",
         "flag":{"flagStatus":"notFlagged"},"parentFolderId":"f","from":{"emailAddress":{"name":"Ada","address":"ada@example.org"}},"toRecipients":[]}
        """;

    [Theory]
    [InlineData("\"isRead\":false", "\"isRead\":true", "isRead")]
    [InlineData("\"flagStatus\":\"notFlagged\"", "\"flagStatus\":\"flagged\"", "flag")]
    [InlineData("\"categories\":[]", "\"categories\":[\"Red\"]", "categories")]
    [InlineData("\"importance\":\"normal\"", "\"importance\":\"high\"", "importance")]
    [InlineData("\"parentFolderId\":\"f\"", "\"parentFolderId\":\"g\"", "parentFolderId")]
    public void A_change_of_properties_alone_fetches_nothing(string from, string to, string reason)
    {
        var found = Between(Stored, Newer(from, to));

        Assert.Equal(MessageDifferenceKind.PropertiesOnly, found.Kind);
        Assert.Equal(reason, Assert.Single(found.Reasons));
    }

    [Theory]
    [InlineData("\"subject\":\"s\"", "\"subject\":\"t\"")]
    [InlineData("\"bodyPreview\":\"p\"", "\"bodyPreview\":\"q\"")]
    [InlineData("<p>b</p>", "<p>c</p>")]
    [InlineData("ada@example.org", "eve@example.org")]
    [InlineData("\"toRecipients\":[]", "\"toRecipients\":[{\"emailAddress\":{\"address\":\"x@example.org\"}}]")]
    [InlineData("\"hasAttachments\":false", "\"hasAttachments\":true")]
    [InlineData("\"subject\":\"s\"", "\"subject\":null")]
    public void A_change_of_content_fetches_again(string from, string to) =>
        Assert.Equal(MessageDifferenceKind.ContentMayDiffer, Between(Stored, Newer(from, to)).Kind);

    [Fact]
    public void The_same_message_is_no_difference() => Assert.Equal(MessageDifferenceKind.None, Between(Stored, Stored).Kind);

    [Fact]
    public void A_replay_of_an_old_change_is_no_difference_whatever_its_spelling() =>
        Assert.Equal(MessageDifferenceKind.None, Between(Stored, Stored.Replace("\"s\"", "\"\\u0073\"").Replace(",\"isRead\"", " , \"isRead\"").Replace("\"e1\"", "\"e2\"")).Kind);

    [Fact]
    public void A_new_change_key_that_nothing_explains_fetches_again() =>
        Assert.Equal(MessageDifferenceKind.ContentMayDiffer, Between(Stored, Stored.Replace("\"k1\"", "\"k2\"")).Kind);

    [Fact]
    public void A_changed_draft_is_fetched_again_even_if_only_its_flag_changed()
    {
        var draft = Stored.Replace("\"isDraft\":false", "\"isDraft\":true");

        var found = Between(draft, draft.Replace("\"k1\"", "\"k2\"").Replace("notFlagged", "flagged"));

        Assert.Equal(MessageDifferenceKind.ContentMayDiffer, found.Kind);
        Assert.Contains("draft", found.Reasons);
    }

    [Fact]
    public void Half_a_character_is_compared_by_its_bytes()
    {
        var half = Stored.Replace("\"s\"", "\"\\ud83d\"");

        Assert.Equal(MessageDifferenceKind.None, Between(half, half).Kind);
        Assert.Equal(MessageDifferenceKind.ContentMayDiffer, Between(half, half.Replace("ud83d", "ud83e").Replace("\"k1\"", "\"k2\"")).Kind);
    }

    private static string Newer(string from, string to)
    {
        Assert.Contains(from, Stored);
        return Stored.Replace(from, to).Replace("\"k1\"", "\"k2\"").Replace("2026-01-01", "2026-01-02");
    }

    private static MessageDifferenceFound Between(string older, string newer) => MessageDifference.Between(Encoding.UTF8.GetBytes(older), Encoding.UTF8.GetBytes(newer));
}
