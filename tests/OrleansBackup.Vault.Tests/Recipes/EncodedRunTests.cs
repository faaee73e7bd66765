using System.Text;
using OrleansBackup.Vault.Recipes;

namespace OrleansBackup.Vault.Tests.Recipes;

public sealed class EncodedRunTests
{
    [Theory]
    [InlineData(EncodedRun.LeastCharacters, true)]
    [InlineData(EncodedRun.LeastCharacters - 1, false)]
    public void A_run_counts_from_its_least_length_on_whatever_stands_right_before_and_after_it(int characters, bool isOne)
    {
        foreach (var around in new[] { "--boundary=\"x\"", "plain words only", "", ".", "=" })
        {
            var (found, layout) = Find($"Subject: {around}\r\n{around}\r\n{Run(characters)}\r\n{around}\r\nend.\r\n");
            Assert.Equal(isOne, layout is not null);
            if (isOne)
                Assert.Equal($"Subject: {around}\r\n{around}\r\n".Length, found);
        }
    }

    [Fact]
    public void The_first_run_is_found_at_any_distance_behind_text_of_any_kind()
    {
        var random = new Random(11);
        for (var i = 0; i < 300; i++)
        {
            var text = Text(random, random.Next(6_000));
            var (found, layout) = Find(text + Run(random.Next(EncodedRun.LeastCharacters, 5_000)) + "\r\n" + Text(random, random.Next(3_000)));
            Assert.NotNull(layout);
            Assert.Equal(76, layout.LineLength);
            Assert.Equal(text.Length, found);
        }
    }

    [Fact]
    public void Text_without_a_run_has_none_to_its_end()
    {
        var random = new Random(12);
        for (var i = 0; i < 100; i++)
        {
            var text = Text(random, random.Next(20_000));
            Assert.Equal((text.Length, null), Find(text));
        }
    }

    private static (int Before, EncodedLayout? Layout) Find(string text) => EncodedRun.Find(Encoding.ASCII.GetBytes(text), atLineStart: true, ended: true);

    /// <summary>Lines of words, some without any punctuation, some that look like encoded text but are too few.</summary>
    private static string Text(Random random, int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(random.Next(4) switch
            {
                0 => "only words that anybody writes without a stop",
                1 => "Header-Name: value; charset=\"utf-8\"",
                2 => new string('A', random.Next(32, 76)) + "\r\n" + new string('B', random.Next(32, 76)) + "\r\nwords again.",
                _ => "A sentence, with its stops. And another!",
            }).Append("\r\n");
        return text.ToString();
    }

    private static string Run(int characters) => string.Join("\r\n", new string('Q', characters).Chunk(76).Select(line => new string(line)));
}
