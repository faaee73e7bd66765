using System.Text;
using OrleansBackup.TimeTravel.Imap.Mailboxes;
using OrleansBackup.TimeTravel.Imap.Mime;
using OrleansBackup.TimeTravel.Imap.Parsing;
using OrleansBackup.TimeTravel.Imap.Sessions;

namespace OrleansBackup.TimeTravel.Tests.Imap;

/// <summary>What strangers send is read as the standard says, or refused; nothing else happens.</summary>
public sealed class ParsingTests
{
    [Theory]
    [InlineData("plain atom", "plain")]
    [InlineData("\"quoted \\\"text\\\" \\\\\" rest", "quoted \"text\" \\")]
    [InlineData("{5}\r\nab\r\nc rest", "ab\r\nc")]
    [InlineData("{2+}\r\nab", "ab")]
    [InlineData("\"\"", "")]
    public void Texts_are_read_in_each_form(string bytes, string text) => Assert.Equal(text, Lexer(bytes).AString());

    [Theory]
    [InlineData("\"no end")]
    [InlineData("\"a\r\nb\"")]
    [InlineData("\"\\a\"")]
    [InlineData("{5}\r\nabc")]
    [InlineData("{5}abcde")]
    [InlineData("{1}\r\n\0")]
    [InlineData("{99999999999}\r\na")]
    [InlineData("")]
    [InlineData("(")]
    public void What_is_no_text_is_refused(string bytes) => Assert.Throws<ImapSyntaxException>(() => Lexer(bytes).AString());

    [Theory]
    [InlineData("1", 5, "1")]
    [InlineData("2:4", 5, "2 3 4")]
    [InlineData("4:2", 5, "2 3 4")]
    [InlineData("*", 5, "5")]
    [InlineData("4:*", 5, "4 5")]
    [InlineData("9:*", 5, "5")]
    [InlineData("3,1,1:2,3", 5, "1 2 3")]
    [InlineData("1:4294967295", 3, "1 2 3")]
    [InlineData("7", 5, "")]
    [InlineData("1:*", 0, "")]
    public void A_set_names_messages_that_exist_each_once(string set, int last, string numbers) => Assert.Equal(numbers, string.Join(' ', SequenceSet.Parse(set).In(last)));

    [Theory]
    [InlineData("0"), InlineData("a"), InlineData("1:2:3"), InlineData(""), InlineData("1,"), InlineData("4294967296"), InlineData("-1")]
    public void What_is_no_set_is_refused(string set) => Assert.Throws<ImapSyntaxException>(() => SequenceSet.Parse(set));

    [Theory]
    [InlineData("Entwürfe", "Entw&APw-rfe")]
    [InlineData("Fish & Chips", "Fish &- Chips")]
    [InlineData("台北", "&U,BTFw-")] // RFC 3501, section 5.1.3, has these two characters in its example
    [InlineData("日本語/台北", "&ZeVnLIqe-/&U,BTFw-")]
    [InlineData("", "")]
    public void Names_of_folders_are_written_and_read_as_the_standard_says(string name, string written)
    {
        Assert.Equal(written, ModifiedUtf7.Encode(name));
        Assert.Equal(name, ModifiedUtf7.Decode(written));
    }

    [Theory]
    [InlineData("INBOX/a/b", "*", true), InlineData("INBOX/a", "%", false), InlineData("INBOX", "%", true), InlineData("a/b", "a/%", true), InlineData("a/b/c", "a/%", false), InlineData("a/b/c", "a/*c", true), InlineData("abc", "a%d", false)]
    public void Wildcards_stand_for_what_the_standard_says(string name, string pattern, bool matches) => Assert.Equal(matches, FolderPattern.Matches(name, pattern));

    [Fact]
    public void A_pattern_made_to_take_long_does_not() =>
        Assert.False(FolderPattern.Matches(new string('a', 2_000), string.Concat(Enumerable.Repeat("*a", 1_000)) + "b"));

    [Fact]
    public void Whatever_is_sent_is_a_command_or_refused()
    {
        var random = new Random(41);
        string[] words = ["a1", " ", "FETCH", "UID", "SEARCH", "1:*", "(", ")", "BODY[", "]", "<1.2>", "HEADER.FIELDS", "\"x\"", "{1}\r\nx", "NOT", "OR", "SINCE", "1-Feb-2026", "*", "\u00e9", "\\", "CHARSET", "UTF-8", "KEYWORD", "TEXT"];
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)])));
            try
            {
                var command = SessionCommand.Parse(bytes);
                if (command.Name == "FETCH")
                {
                    command.Arguments.Space();
                    SequenceSet.Parse(command.Arguments.Run());
                    command.Arguments.Space();
                    FetchItems.Parse(command.Arguments);
                }
                else
                {
                    command.Arguments.Space();
                    new SearchKeys(command.Arguments).Parse();
                }
            }
            catch (ImapSyntaxException)
            {
                // refused
            }
        }
    }

    [Fact]
    public void A_search_nested_without_end_is_refused() =>
        Assert.Throws<ImapSyntaxException>(() => new SearchKeys(Lexer($"{string.Concat(Enumerable.Repeat("NOT ", 30_000))}ALL")).Parse());

    [Fact]
    public void Addresses_are_read_as_people_write_them()
    {
        var read = MailAddresses.Parse("\"Doe, Jane\" <jane@example.nl>, bob@example.nl (Bob), Team: <a@x.nl>, b@y.nl;, <@route.nl:c@z.nl>, undisclosed");
        Assert.Equal<MailAddress>(
            [
                new("Doe, Jane", "jane", "example.nl"), new("Bob", "bob", "example.nl"), new(null, "Team", null), new(null, "a", "x.nl"), new(null, "b", "y.nl"), new(null, null, null),
                new(null, "c", "z.nl"), new(null, "undisclosed", ""),
            ], read.AsEnumerable());
    }

    private static ImapLexer Lexer(string bytes) => new(Encoding.Latin1.GetBytes(bytes));
}
