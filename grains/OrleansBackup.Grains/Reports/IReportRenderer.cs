using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Reports;

namespace OrleansBackup.Grains.Reports;

/// <summary>Makes documents of a report. How they look may change with a release; those of a frozen month are kept, so that they do not.</summary>
internal interface IReportRenderer
{
    string Render(MonthlyReport report, ReportForm form, NoticeLanguage language);
}

/// <summary>The documents as this release makes them.</summary>
internal sealed class ReportRenderer(ContractCalendar calendar) : IReportRenderer
{
    public string Render(MonthlyReport report, ReportForm form, NoticeLanguage language) => form switch
    {
        ReportForm.Page => HtmlReport.Render(report, language, calendar),
        ReportForm.Sheet => CsvReport.Render(report, language, calendar),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "There is no such form of a report."),
    };
}
