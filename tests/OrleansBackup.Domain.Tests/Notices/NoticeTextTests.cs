using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Tests.Notices;

public sealed class NoticeTextTests
{
    private static readonly DateTimeOffset Late = DateTimeOffset.Parse("2026-03-14T23:10:00Z"); // the 15th in Amsterdam

    private static Notice Found(int count) => new Notice(Guid.NewGuid(), NoticeKind.FoundUnprotected, "k", Late, Late, null)
        .With(Enumerable.Range(0, count).Select(number => new NoticeResource($"mailbox-{number}", ResourceKind.Mailbox, $"Person {number}", $"p{number}@x.nl")));

    [Fact]
    public void Both_languages_say_what_was_found_on_which_dutch_day_and_that_it_is_not_kept()
    {
        var nl = NoticeText.Of(Found(2), NoticeLanguage.Nl, "Bakkerij Jansen", ContractCalendar.Amsterdam);
        Assert.Equal("Niet in de back-up van Bakkerij Jansen: 2 onderdelen", nl.Subject);
        Assert.Contains("15 maart 2026", nl.AsPlain(), StringComparison.Ordinal);
        Assert.Contains("- Postvak: Person 1 (p1@x.nl)", nl.AsPlain(), StringComparison.Ordinal);
        var en = NoticeText.Of(Found(1), NoticeLanguage.En, "Bakkerij Jansen", ContractCalendar.Amsterdam);
        Assert.Equal("Not in the backup of Bakkerij Jansen: 1 resource", en.Subject);
        Assert.Contains("15 March 2026", en.AsPlain(), StringComparison.Ordinal);
        Assert.Contains("cannot be put back", en.AsPlain(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_is_cut_in_the_message_and_counted_and_nobody_is_forgotten_in_the_notice()
    {
        var notice = Found(1_200);
        Assert.Equal((1_200, Notice.MostInFull), (notice.Count, notice.Resources.Length));
        Assert.True(notice.Names("mailbox-3") && notice.Names("mailbox-1199") && !notice.Names("mailbox-1200"));
        var text = NoticeText.Of(notice, NoticeLanguage.Nl, "x", ContractCalendar.Amsterdam);
        Assert.Equal("en nog 1000 onderdelen", text.List[^1]);
    }

    [Fact]
    public void Every_kind_has_words_in_both_languages()
    {
        foreach (var kind in Enum.GetValues<NoticeKind>())
            foreach (var language in Enum.GetValues<NoticeLanguage>())
            {
                var notice = new Notice(Guid.NewGuid(), kind, "k", Late, Late, new("de opslag is vol", "the store is full")) { HappensAt = Late };
                var text = NoticeText.Of(notice, language, "Klant", ContractCalendar.Amsterdam);
                Assert.Contains("Klant", text.Subject, StringComparison.Ordinal);
                Assert.DoesNotContain("  ", text.AsPlain(), StringComparison.Ordinal);
            }
    }

    [Theory]
    [InlineData("Jan\r\nBcc: everybody@x.nl", "Jan Bcc: everybody@x.nl")]
    [InlineData("a\u2028b\u2029c\0d", "a b c d")]
    [InlineData("\u202Efdp.exe", "fdp.exe")]
    [InlineData("  many   spaces ", "many spaces")]
    [InlineData("Grüße 日本", "Grüße 日本")]
    [InlineData(null, "")]
    public void A_name_is_one_line_that_reads_as_it_stands(string? name, string line) => Assert.Equal(line, PlainLine.Of(name));

    [Fact]
    public void A_name_cannot_put_anything_into_the_html()
    {
        var notice = new Notice(Guid.NewGuid(), NoticeKind.FoundUnprotected, "k", Late, Late, null).With([new("mailbox-1", ResourceKind.Mailbox, "<img src=http://x.nl/a.png>", "\"><script>")]);
        var html = NoticeText.Of(notice, NoticeLanguage.Nl, "<b>Klant</b> & co", ContractCalendar.Amsterdam).AsHtml();
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("person@example.nl", true)]
    [InlineData("first.last+tag@sub.example.nl", true)]
    [InlineData("", false)]
    [InlineData("person", false)]
    [InlineData("person@localhost", false)]
    [InlineData("Person <person@example.nl>", false)]
    [InlineData("a@example.nl,b@example.nl", false)]
    [InlineData("a@example.nl\r\nBcc: b@example.nl", false)]
    [InlineData("pérson@example.nl", false)]
    public void One_plain_address_is_an_address(string text, bool isOne) => Assert.Equal(isOne, Contact.IsAddress(text));

    [Fact]
    public void Whoever_is_told_of_faults_is_told_of_their_end()
    {
        var contact = new Contact("A", "a@b.nl", NoticeLanguage.Nl, [NoticeKind.CriticalFault], []);
        Assert.True(contact.IsTold(NoticeKind.FaultEnded));
        Assert.False(contact.IsTold(NoticeKind.FoundUnprotected));
        Assert.Equal("told", (contact with { Told = [NoticeKind.FaultEnded] }).Problem()!.Value.Field);
        Assert.Equal("name", (contact with { Name = "a\r\nb" }).Problem()!.Value.Field);
        Assert.Null(contact.Problem());
    }
}
