using System.Globalization;
using System.Text;
using OrleansBackup.Domain.Invoicing;

namespace OrleansBackup.Domain.Documents;

/// <summary>Writes CSV (RFC 4180) that no spreadsheet runs: a text that a program would take for a formula begins with an apostrophe.</summary>
/// <remarks>Names in it come from outside: whoever names his mailbox <c>=HYPERLINK(…)</c> must not reach the bookkeeper's machine.</remarks>
/// <param name="separator">A Dutch spreadsheet separates by semicolons, since its decimals have commas.</param>
public sealed class CsvText(char separator = ',')
{
    private static readonly char[] FormulaStarts = ['=', '+', '-', '@', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20', '\t', '\r', '\n'];

    private readonly StringBuilder _text = new();
    private bool _inRow;

    public CsvText Cell(string? text)
    {
        var safe = text is { Length: > 0 } && (FormulaStarts.Contains(text[0]) || FormulaStarts.Contains(text.FirstOrDefault(IsSeen))) ? "'" + text : text ?? "";
        // Also what only some program takes for the end of a cell: behind it a formula would begin.
        return Raw(safe.AsSpan().IndexOfAny("\",;|\t\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe);
    }

    public CsvText Cell(int number) => Raw(number.ToString(CultureInfo.InvariantCulture));

    public CsvText Cell(Money amount) => Raw(amount.ToString());

    public CsvText Cell(decimal number) => Raw(number.ToString(CultureInfo.InvariantCulture));

    public CsvText Cell(DateOnly day) => Raw(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public CsvText EndRow()
    {
        _text.Append("\r\n");
        _inRow = false;
        return this;
    }

    public CsvText Row(params ReadOnlySpan<string> cells)
    {
        foreach (var cell in cells)
            Cell(cell);
        return EndRow();
    }

    public override string ToString() => _text.ToString();

    // A program may drop what it does not show, and find a formula behind it.
    private static bool IsSeen(char character) => !char.IsWhiteSpace(character) && !char.IsControl(character) && char.GetUnicodeCategory(character) != UnicodeCategory.Format;

    private CsvText Raw(string cell)
    {
        if (_inRow)
            _text.Append(separator);
        _inRow = true;
        _text.Append(cell);
        return this;
    }
}
