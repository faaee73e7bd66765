using System.Text;
using OrleansBackup.ClientApi.Points;

namespace OrleansBackup.ClientApi.Tests.Points;

public sealed class SafeFileNameTests
{
    [Theory]
    [InlineData("Hello", "Hello")]
    [InlineData("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j")]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("..", "nothing")]
    [InlineData(" . ", "nothing")]
    [InlineData("", "nothing")]
    [InlineData("ends. . ", "ends")]
    [InlineData("LPT1", "_LPT1")]
    [InlineData("nul .txt", "_nul .txt")]
    [InlineData("console", "console")]
    [InlineData("two\r\nlines\tand\0more", "two  lines andmore")]
    [InlineData("invoice\u202Ecod.exe", "invoicecod.exe")]
    [InlineData("\uD800 half", "half")]
    public void A_name_is_made_safe(string text, string expected) => Assert.Equal(expected, SafeFileName.Of(text, "nothing"));

    [Fact]
    public void A_long_name_is_cut_between_characters()
    {
        var name = SafeFileName.Of(string.Concat(Enumerable.Repeat("\U0001F4E7", 500)), "nothing");
        Assert.Equal(SafeFileName.MaxBytes / 4 * 4, Encoding.UTF8.GetByteCount(name));
        Assert.DoesNotContain('\uFFFD', name);
    }

    [Fact]
    public void Whatever_the_text_the_name_stays_in_its_folder()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(3) == 0 ? (char)random.Next(0x3000) : "./\\: \u202E\0"[random.Next(7)]));
            var name = SafeFileName.Of(text, "nothing");
            Assert.NotEmpty(name);
            Assert.Equal(-1, name.IndexOfAny(['/', '\\', ':', '\0', '\u202E']));
            Assert.False(name.EndsWith('.') || name.EndsWith(' ') || name.StartsWith('.') || name.StartsWith(' '), $"'{name}' (round {round})");
        }
    }

    [Fact]
    public void No_two_names_of_a_folder_are_the_same()
    {
        var names = new NamesOfOneFolder();
        string[] asked = ["a", "a", "A", "a (2)", "a", "b"];
        Assert.Equal(["a.eml", "a (2).eml", "A (3).eml", "a (2) (2).eml", "a (4).eml", "b.eml"], asked.Select(name => names.Take(name, ".eml")));
    }
}
