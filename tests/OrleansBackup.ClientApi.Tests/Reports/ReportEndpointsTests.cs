using System.Diagnostics;
using System.Net;
using System.Text;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Reports;

namespace OrleansBackup.ClientApi.Tests.Reports;

/// <summary>A month's report in every form, from one frozen text.</summary>
public sealed class ReportEndpointsTests : ApiHost
{
    private static readonly CalendarMonth March = CalendarMonth.Parse("2026-03");

    private static readonly FrozenReport Frozen = FrozenReport.Of(ReportAssembly.Assemble(
        new ReportFacts(Sample.Tenant, "Fabrikam & Zn", March, Sample.Noon.AddDays(20), new ProtectionScope(ScopeMode.Selection, [Sample.Mailbox.ObjectId], [], true))
        {
            Resources = [new ResourceFacts(Sample.Mailbox, "Robin", "=cmd@fabrikam.example", "user", true, "Chosen for protection.", Sample.Noon.AddDays(-40), null)
            {
                Points = [new PointFacts(Sample.Noon, Sample.Noon.AddMinutes(3), 9_000, 1, [])],
            }],
        }, ContractCalendar.Amsterdam));

    private static readonly ReportSummary Summary = new("2026-03", Sample.Noon.AddDays(20), Frozen.Sha256, true, null, Sample.Noon.AddDays(20));

    private static string Path => $"{Sample.TenantPath}/reports";

    private static CancellationToken Any => Arg.Any<CancellationToken>();

    protected override IEnumerable<KeyValuePair<string, string?>> Settings() => [new("Reports:Pdf:WithoutSandbox", "true")];

    [Fact]
    public async Task Reports_are_listed_with_their_hash_and_who_confirmed_them()
    {
        Teach();
        Service.Tenant.ListReports(Any).Returns([March]);
        Service.MonthlyReport.Confirm("the director", Arg.Any<string>(), "", Any).Returns(Summary with { Confirmation = new ReportConfirmation("the director", "first", Sample.Noon, "") });
        var line = (await GetAsync(Path)).First("reports");
        Assert.Equal("month madeAt sha256 asksConfirmation confirmation noticedAt", line.Names());
        Assert.Equal(Frozen.Sha256, line.Text("sha256"));
        Assert.Equal("the director", (await SendAsync(HttpMethod.Post, $"{Path}/2026-03/confirmation", """{"who":"the director"}""", HttpStatusCode.OK)).At("confirmation").Text("who"));
        Assert.Equal("2026-03", (await GetAsync($"{Path}/2026-03/confirmation")).Text("month"));
        await RefusedAsync(HttpMethod.Post, $"{Path}/2026-03/confirmation", "{}", HttpStatusCode.BadRequest, "invalid-request", "who");
    }

    [Theory]
    [InlineData("html?language=nl", "text/html", "Maandrapportage backup maart 2026: Fabrikam &amp; Zn")]
    [InlineData("html?language=en", "text/html", "Monthly backup report March 2026")]
    [InlineData("csv", "text/csv", ";'=cmd@fabrikam.example;")]
    [InlineData("csv?language=en", "text/csv", ",'=cmd@fabrikam.example,")]
    public async Task Trap_10_each_form_is_made_of_the_frozen_text_and_comes_out_the_same_each_time(string form, string type, string contains)
    {
        Teach();
        var (first, second) = (await BytesAsync(form), await BytesAsync(form));
        Assert.Equal(type, first.Type);
        Assert.Equal(first.Bytes, second.Bytes);
        Assert.Contains(contains, Encoding.UTF8.GetString(first.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_data_is_the_frozen_text_itself()
    {
        Teach();
        using var response = await SignedIn.GetAsync(new Uri($"{Path}/2026-03", UriKind.Relative));
        Assert.Equal(Frozen.Text, await response.Content.ReadAsStringAsync());
        Assert.Equal(Frozen.Sha256, Assert.Single(response.Headers.GetValues("X-Report-Sha256")));
    }

    [Fact]
    public async Task Trap_10_paper_comes_out_the_same_each_time_or_it_is_said_that_nothing_prints()
    {
        Teach();
        using var response = await SignedIn.GetAsync(new Uri($"{Path}/2026-03.pdf", UriKind.Relative));
        if (response.StatusCode == HttpStatusCode.Conflict)
        {
            await ExpectProblemAsync(response, HttpStatusCode.Conflict, "not-possible-now");
            return; // no program here
        }
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var document = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal("%PDF-", Encoding.ASCII.GetString(document, 0, 5));
        Assert.Contains("(D:20260403", Encoding.Latin1.GetString(document), StringComparison.Ordinal); // the report's own time
        Assert.Equal(document, (await BytesAsync("pdf")).Bytes);
        if (TextOf(document) is { } text)
            Assert.Contains("Maandrapportage backup maart 2026", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_month_no_language_or_no_tenant_is_a_problem_of_its_field()
    {
        Teach();
        await RefusedAsync(HttpMethod.Get, $"{Path}/2026-13", null, HttpStatusCode.BadRequest, "invalid-request", "month");
        foreach (var form in new[] { "", ".html", ".csv" })
            await RefusedAsync(HttpMethod.Get, $"{Path}/0001-01{form}", null, HttpStatusCode.BadRequest, "invalid-request", "month"); // it looks back at months that there are not
        await RefusedAsync(HttpMethod.Get, $"{Path}/latest.html", null, HttpStatusCode.BadRequest, "invalid-request", "month");
        await RefusedAsync(HttpMethod.Get, $"{Path}/2026-03.html?language=fy", null, HttpStatusCode.BadRequest, "invalid-request", "language");
        await RefusedAsync(HttpMethod.Get, $"/api/v1/tenants/{Sample.UnknownTenant}/reports/2026-03", null, HttpStatusCode.NotFound, "not-found");
        Service.MonthlyReport.ReadDocument(default, default, default).ThrowsAsyncForAnyArgs(new NotFoundException("It lies ahead."));
        await RefusedAsync(HttpMethod.Get, $"{Path}/2026-04.csv", null, HttpStatusCode.NotFound, "not-found");
    }

    private void Teach()
    {
        Service.MonthlyReport.Read(Any).Returns(new ReportReading(Frozen.Text, Frozen.Sha256, Summary));
        Service.MonthlyReport.GetSummary(Any).Returns(Summary);
        Service.MonthlyReport.ReadDocument(Arg.Any<ReportForm>(), Arg.Any<NoticeLanguage>(), Any).Returns(call => new ReportDocument(call.Arg<ReportForm>() == ReportForm.Page
            ? HtmlReport.Render(Frozen.Thaw(), call.Arg<NoticeLanguage>(), ContractCalendar.Amsterdam) : CsvReport.Render(Frozen.Thaw(), call.Arg<NoticeLanguage>(), ContractCalendar.Amsterdam), Frozen.Sha256, Summary.MadeAt));
    }

    private async Task<(byte[] Bytes, string? Type)> BytesAsync(string form)
    {
        using var response = await SignedIn.GetAsync(new Uri($"{Path}/2026-03.{form}", UriKind.Relative));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadAsByteArrayAsync(), response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Null: there is no pdftotext here.</summary>
    private static string? TextOf(byte[] document)
    {
        var file = System.IO.Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, document);
            using var process = Process.Start(new ProcessStartInfo("pdftotext", [file, "-"]) { RedirectStandardOutput = true })!;
            return process.StandardOutput.ReadToEnd();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
