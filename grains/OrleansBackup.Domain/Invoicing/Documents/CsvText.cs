using System.Globalization;
using System.Text;

namespace OrleansBackup.Domain.Invoicing.Documents;

/// <summary>Writes CSV (RFC 4180) that no spreadsheet runs: a text that a program would take for a formula begins with an apostrophe.</summary>
/// <remarks>Names in it come from outside: whoever names his mailbox <c>=HYPERLINK(…)</c> must not reach the bookkeeper's machine.</remarks>
public sealed class CsvText
{
    private static readonly char[] FormulaStarts = ['=', '+', '-', '@', '\t', '\r', '\n'];

    private readonly StringBuilder _text = new();
    private bool _inRow;

    public CsvText Cell(string? text)
    {
        var safe = text is { Length: > 0 } && (FormulaStarts.Contains(text[0]) || FormulaStarts.Contains(text.TrimStart().FirstOrDefault())) ? "'" + text : text ?? "";
        return Raw(safe.AsSpan().IndexOfAny(',', '"', '\n') >= 0 || safe.Contains('\r', StringComparison.Ordinal) || safe.Contains(';', StringComparison.Ordinal) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe);
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

    private CsvText Raw(string cell)
    {
        if (_inRow)
            _text.Append(',');
        _inRow = true;
        _text.Append(cell);
        return this;
    }
}
