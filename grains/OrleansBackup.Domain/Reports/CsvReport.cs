using OrleansBackup.Domain.Documents;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Reports;

/// <summary>A report for a spreadsheet: every table of it, the name of its table in front of each row. RFC 4180, UTF-8 with its mark, since spreadsheets need it.</summary>
public static class CsvReport
{
    public static string Render(MonthlyReport report, NoticeLanguage language, ContractCalendar calendar)
    {
        var csv = new CsvText(language == NoticeLanguage.Nl ? ';' : ',');
        foreach (var table in ReportTable.Of(report, language, calendar))
        {
            csv.Row([table.Name, .. table.Columns]);
            foreach (var row in table.Rows)
                csv.Row([table.Name, .. row.Select(Plain)]);
        }
        return "\uFEFF" + csv;
    }

    // Marks are taken away first: what hides behind one is as dangerous.
    private static string Plain(string cell) => PlainText.Of(cell).TrimStart();
}
