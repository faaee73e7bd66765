using System.Collections.Immutable;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Reports;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Reports;

namespace OrleansBackup.Grains.Reports;

/// <summary>Every document of a frozen report as it was first made. Stored beside its data: a later release that makes documents otherwise changes none of them.</summary>
internal sealed record FrozenDocuments(ImmutableArray<FrozenDocument> Documents)
{
    public static FrozenDocuments Of(MonthlyReport report, IReportRenderer renderer) => new(
        [.. from form in Enum.GetValues<ReportForm>() from language in Enum.GetValues<NoticeLanguage>() select new FrozenDocument(form, language, renderer.Render(report, form, language))]);

    /// <exception cref="NotFoundException">The month was frozen before there was this form or language.</exception>
    public string In(ReportForm form, NoticeLanguage language) => Documents.FirstOrDefault(one => one.Form == form && one.Language == language)?.Text
        ?? throw new NotFoundException($"The report was frozen without a document of the form {form} in this language.");
}

/// <summary>One of them.</summary>
internal sealed record FrozenDocument(ReportForm Form, NoticeLanguage Language, string Text);
