using System.Collections.Immutable;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Reports;
using OrleansBackup.GrainInterfaces.Reports;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Reports;

/// <summary>The monthly reports of a customer: as data, as a page, for a spreadsheet, for paper. All of one month come from one frozen text, and are kept as they were first made.</summary>
internal static class ReportEndpoints
{
    // A report looks back at the months before it, and before the first year there is none.
    private const int EarliestYear = 2000;

    private static readonly ListOrder<CalendarMonth> Order = new(month => month.ToString(), ("-month", month => month.ToString()));

    public static void MapReports(this IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/tenants/{tenant}/reports").WithTags("Reports");
        reports.MapGet("", List).Needs(Permission.SeeTenant).WithSummary("Lists the monthly reports that were made, newest first, and who confirmed them.");
        reports.MapGet("/{month}", GetData).Needs(Permission.SeeTenant).WithSummary("Reads a month's report as data; that of the present month as it looks so far.").Produces<MonthlyReport>();
        reports.MapGet("/{month}.html", GetPage).Needs(Permission.SeeTenant).WithSummary("Reads a month's report as a page that prints well, in Dutch or English.").Produces<Stream>(StatusCodes.Status200OK, "text/html");
        reports.MapGet("/{month}.csv", GetSheet).Needs(Permission.SeeTenant).WithSummary("Downloads a month's report for a spreadsheet.").Produces<Stream>(StatusCodes.Status200OK, "text/csv");
        reports.MapGet("/{month}.pdf", GetPaper).Needs(Permission.SeeTenant).WithSummary("Downloads a month's report as PDF, where the server has a program that prints.").Produces<Stream>(StatusCodes.Status200OK, "application/pdf");
        reports.MapGet("/{month}/confirmation", GetConfirmation).Needs(Permission.SeeTenant).WithSummary("Says who at the customer checked the list of a report, and when.");
        reports.MapPost("/{month}/confirmation", Confirm).Needs(Permission.ConfirmReport).Audited(AuditActs.ConfirmReport, withBody: true).WithSummary("Writes down that the customer has checked the list. The first confirmation stays.");
    }

    public static async Task<Ok<ReportListBody>> List(string tenant, IGrainFactory grains, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null)
    {
        var id = AddressParts.Tenant(tenant);
        var (months, next) = Order.Take(await grains.Tenant(id).ListReports(cancellation), sort, after, ListParts.Limit(limit));
        var summaries = ImmutableArray.CreateBuilder<ReportSummaryBody>();
        foreach (var month in months)
            if (await grains.MonthlyReport(id, month).GetSummary(cancellation) is { } summary) // a month in which the plan asked for none has none
                summaries.Add(ReportSummaryBody.Of(summary));
        return TypedResults.Ok(new ReportListBody(summaries.ToImmutable()) { Next = next });
    }

    private static async Task<IResult> GetData(string tenant, string month, HttpContext context, IGrainFactory grains)
    {
        var parsed = MonthOf(month);
        var reading = await grains.MonthlyReport(await TenantOf(tenant, grains, context.RequestAborted), parsed).Read(context.RequestAborted);
        return Text(context, reading.Sha256, reading.Text, "application/json; charset=utf-8");
    }

    private static async Task<IResult> GetPage(string tenant, string month, HttpContext context, IGrainFactory grains, string? language = null)
    {
        var page = await ReadAsync(tenant, month, ReportForm.Page, language, grains, context.RequestAborted);
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.ForDocument(page.Text);
        return Text(context, page.Sha256, page.Text, "text/html; charset=utf-8");
    }

    private static async Task<IResult> GetSheet(string tenant, string month, HttpContext context, IGrainFactory grains, string? language = null)
    {
        var sheet = await ReadAsync(tenant, month, ReportForm.Sheet, language, grains, context.RequestAborted);
        DownloadHeaders.Set(context.Response, "text/csv; charset=utf-8", $"backup-{month}.csv");
        return Text(context, sheet.Sha256, sheet.Text, "text/csv; charset=utf-8");
    }

    private static async Task<IResult> GetPaper(string tenant, string month, HttpContext context, IGrainFactory grains, PdfPrinter printer, string? language = null)
    {
        var page = await ReadAsync(tenant, month, ReportForm.Page, language, grains, context.RequestAborted);
        var document = await printer.PrintAsync(page.Text, page.MadeAt, context.RequestAborted);
        DownloadHeaders.Set(context.Response, "application/pdf", $"backup-{month}.pdf");
        return TypedResults.Bytes(document, "application/pdf");
    }

    private static async Task<Ok<ReportSummaryBody>> GetConfirmation(string tenant, string month, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, parsed) = (await TenantOf(tenant, grains, cancellation), MonthOf(month));
        return TypedResults.Ok(ReportSummaryBody.Of(await grains.MonthlyReport(id, parsed).GetSummary(cancellation) ?? throw new ProblemException(Problem.NotFound($"The report of {month} is not frozen."))));
    }

    public static async Task<Ok<ReportSummaryBody>> Confirm(string tenant, string month, ConfirmationRequestBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var (who, parsed) = (string.IsNullOrWhiteSpace(body.Who) ? throw new ProblemException(Problem.FieldMissing("who")) : body.Who, MonthOf(month));
        var id = await TenantOf(tenant, grains, cancellation);
        return TypedResults.Ok(ReportSummaryBody.Of(await grains.MonthlyReport(id, parsed).Confirm(who, caller.Identity?.Name ?? "", body.Remarks ?? "", cancellation)));
    }

    /// <summary>As it was made when its month was frozen, whatever a later release makes of the same data.</summary>
    private static async Task<ReportDocument> ReadAsync(string tenant, string month, ReportForm form, string? language, IGrainFactory grains, CancellationToken cancellation)
    {
        var (parsed, spoken) = (MonthOf(month), LanguageOf(language));
        return await grains.MonthlyReport(await TenantOf(tenant, grains, cancellation), parsed).ReadDocument(form, spoken, cancellation);
    }

    // A report of a tenant that is none would be asked of a grain that knows nothing.
    private static async Task<TenantId> TenantOf(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        await grains.Tenant(id).GetName(cancellation);
        return id;
    }

    private static CalendarMonth MonthOf(string month) => CalendarMonth.TryParse(month, out var parsed) && parsed.Year >= EarliestYear ? parsed : throw new ProblemException(Problem.InvalidField("month", "'month' must be a month such as 2026-03."));

    private static NoticeLanguage LanguageOf(string? language) => language switch
    {
        null or "nl" => NoticeLanguage.Nl,
        "en" => NoticeLanguage.En,
        _ => throw new ProblemException(Problem.InvalidField("language", "'language' is nl or en.")),
    };

    private static ContentHttpResult Text(HttpContext context, string sha256, string text, string contentType)
    {
        context.Response.Headers["X-Report-Sha256"] = sha256;
        return TypedResults.Text(text, contentType, Encoding.UTF8);
    }
}
