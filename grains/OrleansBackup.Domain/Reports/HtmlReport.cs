using System.Net;
using System.Text;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Schedule;

namespace OrleansBackup.Domain.Reports;

/// <summary>A report as a page that reads and prints well: one scale of type, tables with headings that repeat on each sheet, nothing loaded from anywhere, no scripts.</summary>
/// <remarks>Names come from customers and from whoever may make an account there: every text is encoded.</remarks>
public static class HtmlReport
{
    // One scale: 0.8, 1, 1.25, 1.5625. Colours keep a contrast of 7 to 1.
    private const string Style = """
        :root{font:16px/1.5 "Liberation Sans",Arial,sans-serif;color:#1b1b1b;background:#fff}
        body{max-width:75rem;margin:0 auto;padding:1rem}
        h1{font-size:1.5625rem;line-height:1.25}h2{font-size:1.25rem;line-height:1.25;margin-top:2rem}p,dd,dt{font-size:1rem}
        table{border-collapse:collapse;width:100%;font-size:.8rem}caption{text-align:left;font-size:1rem;padding:.25rem 0}
        th,td{border-bottom:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
        th{border-bottom-width:2px}.figure{text-align:right;white-space:nowrap}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{font-weight:bold}dd{margin:0}
        .ask{border:2px solid #1b1b1b;padding:.5rem 1rem}
        @media print{body{max-width:none;padding:0}:root{font-size:11px}thead{display:table-header-group}tr,h2{break-inside:avoid}h2{break-after:avoid}}
        @page{size:A4 landscape;margin:14mm}
        """;

    public static string Render(MonthlyReport report, NoticeLanguage language, ContractCalendar calendar)
    {
        var (nl, format, page) = (language == NoticeLanguage.Nl, new ReportFormat(language, calendar), new StringBuilder());
        var title = nl ? $"Maandrapportage backup {format.Month(report.Month)}: {report.TenantName}" : $"Monthly backup report {format.Month(report.Month)}: {report.TenantName}";
        page.Append("<!DOCTYPE html>\n<html lang=\"").Append(nl ? "nl" : "en").Append("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>")
            .Append(Text(title)).Append("</title>\n<style>\n").Append(Style).Append("\n</style>\n</head>\n<body>\n<main>\n<h1>").Append(Text(title)).Append("</h1>\n");
        Summary(page, report, nl, format, language);
        if (report.AsksConfirmation)
            page.Append("<p class=\"ask\" role=\"note\">").Append(Text(nl
                ? "U heeft gekozen voor een selectie. Controleer de lijst hieronder en bevestig haar: wat er niet in staat, is niet meegenomen in de backup."
                : "You have chosen a selection. Check the list below and confirm it: what is not in it is not in the backup.")).Append("</p>\n");
        foreach (var table in ReportTable.Of(report, language, calendar))
            Table(page, table);
        Statements(page, report, nl, language);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Summary(StringBuilder page, MonthlyReport report, bool nl, ReportFormat format, NoticeLanguage language)
    {
        page.Append("<dl>\n");
        Pair(page, Noun(report, "customer", nl ? "Klant" : "Customer", language), report.TenantName);
        Pair(page, nl ? "Maand" : "Month", format.Month(report.Month));
        Pair(page, nl ? "Gemaakt op" : "Made on", format.Moment(report.MadeAt));
        if (report.Plan is { } plan)
        {
            Pair(page, Noun(report, "backupServices", nl ? "Dienst" : "Service", language), plan.Name.In(language));
            Pair(page, nl ? "Bewaartermijn" : "Retention", plan.Retention.In(language));
            foreach (var deviation in plan.Deviations)
                Pair(page, nl ? "Afwijking" : "Deviation", $"{deviation.Path} = {deviation.Value} ({deviation.Reference}, {deviation.AgreedBy}, {format.Day(deviation.AgreedOn)})");
        }
        else
            Pair(page, nl ? "Dienst" : "Service", nl ? "Er is geen contract vastgelegd." : "No contract is recorded.");
        if (report.Storage.Length > 0)
            Pair(page, Noun(report, "backupStorage", nl ? "Backupopslag" : "Backup storage", language), report.Storage);
        Pair(page, nl ? "In de backup" : "In the backup", format.Number(report.Protected.Length));
        Pair(page, nl ? "Niet in de backup" : "Not in the backup", format.Number(report.NotProtected.Length));
        page.Append("</dl>\n");
    }

    private static void Table(StringBuilder page, ReportTable table)
    {
        page.Append("<section id=\"").Append(Text(table.Name)).Append("\" aria-labelledby=\"").Append(Text(table.Name)).Append("-title\">\n<h2 id=\"").Append(Text(table.Name)).Append("-title\">").Append(Text(table.Title)).Append("</h2>\n");
        if (table.Rows.IsEmpty)
        {
            page.Append("<p>").Append(Text(table.Empty)).Append("</p>\n</section>\n");
            return;
        }
        page.Append("<table>\n");
        if (table.Explanation.Length > 0)
            page.Append("<caption>").Append(Text(table.Explanation)).Append("</caption>\n");
        page.Append("<thead><tr>");
        for (var at = 0; at < table.Columns.Length; at++)
            page.Append("<th scope=\"col\"").Append(table.Figures.Contains(at) ? " class=\"figure\">" : ">").Append(Text(table.Columns[at])).Append("</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            page.Append("<tr>");
            for (var at = 0; at < row.Length; at++)
                page.Append(table.Figures.Contains(at) ? "<td class=\"figure\">" : "<td>").Append(Text(row[at])).Append("</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody>\n</table>\n</section>\n");
    }

    private static void Statements(StringBuilder page, MonthlyReport report, bool nl, NoticeLanguage language)
    {
        if (report.Plan is not { } plan)
            return;
        page.Append("<section id=\"terms\" aria-labelledby=\"terms-title\">\n<h2 id=\"terms-title\">").Append(Text(nl ? "Wat is afgesproken" : "What was agreed")).Append("</h2>\n<ul>\n");
        foreach (var statement in plan.Statements)
            page.Append("<li>").Append(Text(statement.In(language))).Append("</li>\n");
        page.Append("</ul>\n<p>").Append(Text(nl ? $"Voorwaarden: versie {plan.TermsVersion}." : $"Terms: version {plan.TermsVersion}.")).Append("</p>\n</section>\n");
    }

    private static void Pair(StringBuilder page, string name, string value) => page.Append("<dt>").Append(Text(name)).Append("</dt><dd>").Append(Text(value)).Append("</dd>\n");

    private static string Noun(MonthlyReport report, string key, string otherwise, NoticeLanguage language) => report.Plan?.Glossary.GetValueOrDefault(key)?.In(language) ?? otherwise;

    private static string Text(string text) => WebUtility.HtmlEncode(PlainText.Of(text));
}
