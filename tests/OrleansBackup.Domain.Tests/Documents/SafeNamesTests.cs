using OrleansBackup.Domain.Documents;

namespace OrleansBackup.Domain.Tests.Documents;

/// <summary>What an archive is unpacked to stays in its folder, on every system, and looks like what it is.</summary>
public sealed class SafeNamesTests
{
    [Theory]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("..", "nothing")]
    [InlineData(".", "nothing")]
    [InlineData("/etc/passwd", "_etc_passwd")]
    [InlineData("C:\\Windows\\x", "C__Windows_x")]
    [InlineData("\\\\server\\share", "__server_share")]
    [InlineData("a.txt:hidden", "a.txt_hidden")]
    [InlineData("CON", "_CON")]
    [InlineData("con.txt", "_con.txt")]
    [InlineData("nul .txt", "_nul .txt")]
    [InlineData("COM0", "_COM0")]
    [InlineData("LPT\u00B9.log", "_LPT\u00B9.log")]
    [InlineData("CONOUT$", "_CONOUT$")]
    [InlineData("console", "console")]
    [InlineData("ends. . ", "ends")]
    [InlineData("ends\u00A0", "ends")]
    [InlineData("\u3000.\u2003", "nothing")]
    [InlineData("a\0b\r\nc", "a_b__c")]
    [InlineData("invoice\u202Ecod.exe", "invoicecod.exe")]
    [InlineData("\u2066a\u2069\u200B\uFEFF", "a")]
    public void A_name_is_made_safe(string given, string expected) => Assert.Equal(expected, SafeNames.Of(given, "nothing"));

    [Fact]
    public void Whatever_is_written_stays_one_part_of_a_path_inside_the_folder()
    {
        var random = new Random(11);
        var root = Path.Combine(Path.GetTempPath(), "a-folder");
        for (var round = 0; round < 5_000; round++)
        {
            var given = string.Concat(Enumerable.Range(0, random.Next(300)).Select(_ => random.Next(3) == 0 ? (char)random.Next(0x10000) : "./\\: \u202E\0\u00A0~CONcon1"[random.Next(17)]));
            var name = SafeNames.Of(given, "nothing");
            Assert.True(name.Length == 81 || name == SafeNames.Of(name, "another"), name);
            Assert.InRange(name.Length, 1, 81);
            Assert.Equal(Path.Combine(root, name), SafeNames.Within(root, name));
            Assert.Equal(-1, name.IndexOfAny(['/', '\\', ':', '\0', '\u202E']));
        }
    }

    [Theory]
    [InlineData("../out"), InlineData("/etc/passwd"), InlineData("a/../../out"), InlineData(".."), InlineData(".")]
    public void A_path_that_leads_out_is_a_fault(string path) => Assert.Throws<InvalidOperationException>(() => SafeNames.Within(Path.Combine(Path.GetTempPath(), "a-folder"), path));
}
