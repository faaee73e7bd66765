using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces;

namespace OrleansBackup.ClientApi.Tests.Problems;

public sealed class ProblemTests : ApiHost
{
    public static TheoryData<Exception, HttpStatusCode, string, string?> Refusals => new()
    {
        { new NotFoundException("gone"), HttpStatusCode.NotFound, "not-found", null },
        { new InvalidRequestException("settings.window", "bad"), HttpStatusCode.BadRequest, "invalid-request", "settings.window" },
        { new NotPossibleNowException("later"), HttpStatusCode.Conflict, "not-possible-now", null },
        { new TenantAccessRefusedException("consent"), HttpStatusCode.UnprocessableEntity, "tenant-access-refused", null },
        { new VaultUnavailableException("key"), HttpStatusCode.ServiceUnavailable, "vault-unavailable", null },
        { new TimeoutException("slow"), HttpStatusCode.GatewayTimeout, "took-too-long", null },
        { new InvalidOperationException("internal words"), HttpStatusCode.InternalServerError, "unexpected", null },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_the_service_refuses_becomes_its_problem(Exception refusal, HttpStatusCode status, string type, string? field)
    {
        Service.Tenant.GetOverview(Arg.Any<CancellationToken>()).ThrowsAsync(refusal);
        var problem = await RefusedAsync(HttpMethod.Get, Sample.TenantPath, null, status, type, field);
        Assert.Equal(refusal is ServiceException, problem.Text("detail") == refusal.Message); // words of an unknown error stay inside
    }

    [Theory]
    [InlineData("/api/v1/nothing")]
    [InlineData("/nothing/at/all")]
    public async Task An_unknown_address_is_a_problem(string path) => await RefusedAsync(HttpMethod.Get, path, null, HttpStatusCode.NotFound, "no-such-address");

    [Fact]
    public async Task A_method_that_an_address_does_not_take_is_a_problem() =>
        await RefusedAsync(HttpMethod.Patch, Sample.TenantPath, "{}", HttpStatusCode.MethodNotAllowed, "method-not-allowed");

    [Theory]
    [InlineData("/api/v1/tenants/fabrikam", "tenant")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/resources/printer-1", "resource")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/resources/mailbox-1/runs/newest", "run")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/resources/mailbox-1/runs/newest/events", "run")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/resources/mailbox-1/points/yesterday", "point")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/resources/mailbox-1/points/2026-02-30", "point")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/resources/mailbox-1/points/-1", "point")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/resources?limit=0", "limit")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/resources?limit=1001", "limit")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/resources?limit=many", "limit")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/restores/first", "job")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/restores/44444444-4444-4444-4444-444444444444/outcomes?after=-1", "after")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/restores/44444444-4444-4444-4444-444444444444/outcomes?limit=x", "limit")]
    [InlineData("/api/v1/tenants/11111111-1111-1111-1111-111111111111/resources/mailbox-1/points/7/items/i/attachments/first", "n")]
    public async Task A_bad_part_of_an_address_is_named(string path, string field) =>
        await RefusedAsync(HttpMethod.Get, path, null, HttpStatusCode.BadRequest, "invalid-request", field);

    [Fact]
    public async Task A_missing_body_is_a_problem_of_the_body() =>
        await RefusedAsync(HttpMethod.Post, "/api/v1/tenants", "", HttpStatusCode.BadRequest, "invalid-request", "body");

    [Fact]
    public async Task A_body_of_another_type_is_a_problem()
    {
        using var body = new StringContent("<tenant/>", System.Text.Encoding.UTF8, "text/xml");
        using var response = await SignedIn.PostAsync(new Uri("/api/v1/tenants", UriKind.Relative), body);
        await ExpectProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported-content-type");
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_a_problem()
    {
        using var body = new StringContent($"{{\"name\":\"{new string('x', 5 * 1024 * 1024)}\"}}", System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/tenants", UriKind.Relative)) { Content = body };
        request.Headers.ExpectContinue = true; // refused before the body is sent
        using var response = await SignedIn.SendAsync(request);
        await ExpectProblemAsync(response, HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task An_error_is_a_problem_document_also_for_a_caller_that_accepts_something_else()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/v1/tenants/{Sample.UnknownTenant}", UriKind.Relative));
        request.Headers.Accept.ParseAdd("application/zip");
        using var response = await SignedIn.SendAsync(request);
        await ExpectProblemAsync(response, HttpStatusCode.NotFound, "not-found");
    }
}
