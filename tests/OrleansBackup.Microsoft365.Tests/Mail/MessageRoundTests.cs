using OrleansBackup.Microsoft365.Mail;
using OrleansBackup.Microsoft365.Tests.Fixtures;

namespace OrleansBackup.Microsoft365.Tests.Mail;

public sealed class MessageRoundTests
{
    private const string Delta = "/mailFolders/f/messages/delta";

    [Fact]
    public async Task A_first_round_lists_the_folder_and_ends_with_the_link_of_the_next()
    {
        using var given = new Given();
        given.Graph
            .When("GET", "messages/delta?$select=id,changeKey", Reply.Json(Given.Page(Given.Message("a"), next: Given.Link("p2"))))
            .When("GET", "token=p2", Reply.Json(Given.Page(Given.Message("b"), delta: Given.Link("d1"))));

        var pages = await given.ReadAllAsync();

        Assert.Equal(["a", "b"], pages.SelectMany(p => p.Changes).Cast<MessageListed>().Select(c => c.Message.Id));
        Assert.All(pages, p => Assert.True(p.IsFull));
        Assert.Equal([false, true], pages.Select(p => p.IsLast));
        Assert.Equal(Given.Link("d1"), pages[^1].Link);
        Assert.All(given.Graph.Sent, r => Assert.Contains("IdType=\"ImmutableId\"", r.Prefer));
    }
}
