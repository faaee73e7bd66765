using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tests.Operations;

public sealed class OperationsTests : ApiHost
{
    [Fact]
    public async Task The_page_shows_the_process_and_every_tenant()
    {
        using var response = await SignedIn.GetAsync(new Uri("/operations", UriKind.Relative));
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var page = await response.Content.ReadAsStringAsync();
        foreach (var shown in new[] { "Bundled", "host-a process 1", "1.2.3", "1 of 4", "42", "17", "GetOverview", "1,000", "1.5 ms", "90.0 ms", "Fabrikam", Sample.Mailbox.ToString(), "5 min 0 s", "37 of 40", "12.5", "7,654",
                     Sample.Status.Waiting.For })
            Assert.Contains(shown, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_wrote_is_text_on_the_page_and_nothing_is_loaded_or_run()
    {
        Service.Provider.ListTenants(Arg.Any<CancellationToken>()).Returns([new TenantListing(Sample.Tenant, "<script>alert(1)</script>")]);
        using var response = await SignedIn.GetAsync(new Uri("/operations", UriKind.Relative));
        var page = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("backup <b>", page, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_mailbox_is_named_with_its_reason_its_side_and_its_last_good_run()
    {
        var health = Sample.Health with { LastOutcome = RunOutcome.Failed, Problem = "No licence <any more>.", Cause = FaultCause.CustomerLicence };
        Service.Tenant.GetOverview(Arg.Any<CancellationToken>()).Returns(Sample.Overview with { FailingResources = 1 });
        Service.Tenant.ListResources(null, Arg.Any<int>(), Arg.Any<CancellationToken>()).Returns(new ResourcePage([], "next"));
        Service.Tenant.ListResources("next", Arg.Any<int>(), Arg.Any<CancellationToken>()).Returns(new ResourcePage([Sample.Listing with { Health = health }], null));
        var page = await SignedIn.GetStringAsync(new Uri("/operations", UriKind.Relative));
        foreach (var shown in new[] { "robin@fabrikam.example", "No licence &lt;any more&gt;.", "customer: licence", "14 h 0 min ago" })
            Assert.Contains(shown, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restores_that_failed_are_named_with_their_reason()
    {
        Service.Restore.GetStatus(Arg.Any<CancellationToken>()).Returns(Sample.Restored with { State = RestoreState.Failed, Failed = 3, Problem = "The mailbox is <gone>." });
        var page = await SignedIn.GetStringAsync(new Uri("/operations", UriKind.Relative));
        foreach (var shown in new[] { "Restores that failed", Sample.Job.ToString(), "The mailbox is &lt;gone&gt;." })
            Assert.Contains(shown, page, StringComparison.Ordinal);
        Service.Restore.GetStatus(Arg.Any<CancellationToken>()).Returns(Sample.Restored with { State = RestoreState.Completed });
        Assert.DoesNotContain("Restores that failed", await SignedIn.GetStringAsync(new Uri("/operations", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_tenant_is_on_some_page()
    {
        Service.Provider.ListTenants(Arg.Any<CancellationToken>()).Returns([.. Enumerable.Range(0, 450).Select(n => new TenantListing(Sample.Tenant, $"Customer no {n:d3}"))]);
        var first = await SignedIn.GetStringAsync(new Uri("/operations", UriKind.Relative));
        Assert.Contains("Customer no 199", first, StringComparison.Ordinal);
        Assert.DoesNotContain("Customer no 200", first, StringComparison.Ordinal);
        Assert.Contains("/operations?page=1", first, StringComparison.Ordinal);
        var last = await SignedIn.GetStringAsync(new Uri("/operations?page=2", UriKind.Relative));
        foreach (var shown in new[] { "Customer no 400", "Customer no 449", "401 to 450 of 450", "/operations?page=1" })
            Assert.Contains(shown, last, StringComparison.Ordinal);
        Assert.DoesNotContain("/operations?page=3", last, StringComparison.Ordinal);
        using var wrong = await SignedIn.GetAsync(new Uri("/operations?page=-1", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task A_long_line_at_the_gate_is_counted_and_not_written_out()
    {
        var waiting = Enumerable.Range(0, 3_000).Select(second => new AdmittedRun(Sample.Mailbox, "backup", Sample.Noon.AddSeconds(-second)));
        var now = await Service.Operations.ReadProcessAsync(CancellationToken.None);
        Service.Operations.ReadProcessAsync(Arg.Any<CancellationToken>()).Returns(now with { Admission = now.Admission with { Waiting = [.. waiting.Take(100)], WaitingInAll = 3_000 } });
        var page = await SignedIn.GetStringAsync(new Uri("/operations", UriKind.Relative));
        Assert.Contains("Waiting for a place (50 of 3,000)", page, StringComparison.Ordinal);
        Assert.True(page.Split(Sample.Mailbox.ToString()).Length < 60);
        await Service.Mailbox.Received(1).GetStatus(Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Every_process_is_shown_wherever_the_page_comes_from_and_one_that_fell_silent_is_grey_and_counts_no_more()
    {
        var own = await Service.Operations.ReadProcessAsync(CancellationToken.None);
        var stale = own with { Admission = new AdmissionOverview(99, [], [], 0) };
        var other = own with { Name = "host-b process 2", StartedAt = Sample.Noon.AddHours(-2), Activations = [new ActivationCount("mailbox", 8)], Admission = new AdmissionOverview(3, [], [], 70) };
        var dead = other with { Name = "host-c process 3" };
        Service.Board.Read(Arg.Any<CancellationToken>()).Returns([new ProcessOnBoard(stale, null), new ProcessOnBoard(other, null), new ProcessOnBoard(dead, TimeSpan.FromSeconds(42))]);
        var page = await SignedIn.GetStringAsync(new Uri("/operations", UriKind.Relative));
        foreach (var shown in new[] { "1 of 7", "host-b process 2", "<b>70</b>", "<td class=\"n\">50</td><td class=\"n\">42</td><td class=\"n\">8</td>", "2,000", "1.5 ms", "silent for 42 s" })
            Assert.Contains(shown, page, StringComparison.Ordinal);
        Assert.Single(page.Split('\n'), line => line.Contains("class=\"away\"", StringComparison.Ordinal) && line.Contains("host-c process 3", StringComparison.Ordinal));
        Assert.DoesNotContain("99", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_board_an_estate_or_a_resource_that_does_not_answer_does_not_take_the_page_away()
    {
        Service.Board.Read(Arg.Any<CancellationToken>()).ThrowsAsync(new TimeoutException());
        Service.Provider.GetEstate(Arg.Any<CancellationToken>()).ThrowsAsync(new TimeoutException());
        Service.Mailbox.GetStatus(Arg.Any<CancellationToken>()).ThrowsAsync(new TimeoutException());
        Service.Budget.GetUsage(Arg.Any<CancellationToken>()).ThrowsAsync(new TimeoutException());
        var page = await SignedIn.GetStringAsync(new Uri("/operations", UriKind.Relative));
        foreach (var shown in new[] { "host-a process 1", "It does not say.", "not told" })
            Assert.Contains(shown, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_that_cannot_answer_does_not_take_the_page_away()
    {
        Service.Tenant.GetOverview(Arg.Any<CancellationToken>()).ThrowsAsync(new VaultUnavailableException("The key is missing."));
        Assert.Contains("The key is missing.", await SignedIn.GetStringAsync(new Uri("/operations", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_live_before_its_grains_answer_and_ready_after()
    {
        Service.Provider.ListTenants(Arg.Any<CancellationToken>()).ThrowsAsync(new InvalidOperationException("inner words"));
        Assert.Equal(HttpStatusCode.OK, (await Anonymous.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode);
        using var response = await Anonymous.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var problem = await ExpectProblemAsync(response, HttpStatusCode.ServiceUnavailable, "not-ready");
        Assert.DoesNotContain("inner words", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_of_the_machine_cannot_be_shifted()
    {
        await RefusedAsync(HttpMethod.Get, "/operations/clock", null, HttpStatusCode.NotFound, "not-found");
        await RefusedAsync(HttpMethod.Post, "/operations/clock", """{"advance":"01:00:00"}""", HttpStatusCode.NotFound, "not-found");
    }
}
