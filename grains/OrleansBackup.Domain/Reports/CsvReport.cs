using System.Text;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Reports;

/// <summary>A report for a spreadsheet: every table of it, the name of its table in front of each row. RFC 4180, UTF-8 with its mark, since spreadsheets need it.</summary>
/// <remarks>A cell that a spreadsheet would take for a formula gets an apostrophe in front: names come from whoever may make an account at the customer.</remarks>
public static class CsvReport
{
    public static string Render(MonthlyReport report, NoticeLanguage language, ContractCalendar calendar)
    {
        // A Dutch spreadsheet separates by semicolons, since its decimals have commas.
        var (text, separator) = (new StringBuilder("\uFEFF"), language == NoticeLanguage.Nl ? ';' : ',');
        foreach (var table in ReportTable.Of(report, language, calendar))
        {
            Line(text, separator, [table.Name, .. table.Columns]);
            foreach (var row in table.Rows)
                Line(text, separator, [table.Name, .. row]);
        }
        return text.ToString();
    }

    private static void Line(StringBuilder text, char separator, IEnumerable<string> cells) => text.AppendJoin(separator, cells.Select(Cell)).Append("\r\n");

    private static string Cell(string cell)
    {
        // Before marks are taken away: what hides behind one is as dangerous.
        var plain = PlainText.Of(cell).TrimStart();
        if (plain.Length > 0 && plain[0] is '=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20')
            plain = "'" + plain;
        return plain.AsSpan().IndexOfAny("\",;\r\n") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
