using System.Net;
using Microsoft.AspNetCore.Routing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;

namespace OrleansBackup.ClientApi.Tests.Audit;

public sealed class AuditedRoutesTests : ApiHost
{
    private static string Tenant => $"/api/v1/tenants/{Sample.Tenant}";

    /// <summary>A route that changes something and is not here is privileged: it has to be audited, or be named here with a reason.</summary>
    private static readonly string[] NotPrivileged =
    [
        "POST /api/v1/tenants/{tenant}/contract/preview", // changes nothing
        "POST /api/v1/tenants/{tenant}/contract/consequences/foresee", // neither
        "POST /sign-in", // written down as what came of it: a sign-in or a failed one
        "POST /sign-out", // likewise
    ];

    [Fact]
    public void Every_route_that_changes_anything_or_gives_content_is_audited()
    {
        var unaudited = Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<AuditedAct>() is null).SelectMany(endpoint =>
            endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}") ?? []).ToList();

        Assert.Empty(unaudited.Where(route => !route.StartsWith("GET ", StringComparison.Ordinal) && !route.StartsWith("HEAD ", StringComparison.Ordinal)).Except(NotPrivileged));
        Assert.DoesNotContain(unaudited, route => route.StartsWith("GET ", StringComparison.Ordinal) && !route.Contains("/certificates/", StringComparison.Ordinal) // public, and of nobody
            && new[] { "/content", "/contents/", "/attachments/", "/archive", "/properties", "/file", ".ics", ".vcf" }.Any(part => route.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_act_is_written_down_with_who_and_what_before_it_is_done()
    {
        Service.Mailbox.When(mailbox => mailbox.PlaceLegalHold(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>()))
            .Do(_ => Assert.Single(Service.Notes)); // it stands there already
        await SignedIn.PostAsync(new Uri($"{Tenant}/resources/{Sample.Mailbox.LocalName}/legal-hold", UriKind.Relative), new StringContent("""{"why":"a court order"}""", System.Text.Encoding.UTF8, "application/json"));

        var note = Service.Notes[0];
        Assert.Equal(AuditActs.PlaceHold, note.Act);
        Assert.NotEqual("", note.Actor);
        Assert.Equal($"tenants/{Sample.Tenant}/resources/{Sample.Mailbox.LocalName}/legal-hold", note.Subject);
        Assert.Contains("a court order", note.Facts["asked"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_act_that_cannot_be_written_down_is_not_done()
    {
        Service.TenantAudit.Append(Arg.Any<AuditNote>(), Arg.Any<CancellationToken>()).ThrowsAsync(new NotPossibleNowException("The book is away."));

        await RefusedAsync(HttpMethod.Post, $"{Tenant}/resources/{Sample.Mailbox.LocalName}/expiries", null, HttpStatusCode.Conflict, "not-possible-now");

        await Service.Mailbox.DidNotReceive().ExpirePoints(Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_refusal_is_written_down_as_well()
    {
        Service.Mailbox.ExpirePoints(Arg.Any<CancellationToken>()).ThrowsAsync(new NotPossibleNowException("A legal hold."));

        await RefusedAsync(HttpMethod.Post, $"{Tenant}/resources/{Sample.Mailbox.LocalName}/expiries", null, HttpStatusCode.Conflict, "not-possible-now");

        Assert.Equal([false, true], Service.Notes.Select(note => note.Facts.GetValueOrDefault("outcome") == "refused"));
    }

    [Fact]
    public async Task Secrets_stay_out_of_the_book()
    {
        await SendAsync(HttpMethod.Post, "/api/v1/tenants", $$"""{"id":"{{Sample.Tenant}}","name":"Fabrikam","clientId":"{{Guid.Empty}}","clientSecret":"hush-hush"}""", HttpStatusCode.Created);

        var note = Assert.Single(Service.ProviderNotes);
        Assert.Equal(AuditActs.Onboard, note.Act);
        Assert.DoesNotContain(note.Facts.Values, value => value.Contains("hush-hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_asked_of_a_tenant_that_there_is_not_goes_into_the_providers_book()
    {
        Service.UnknownTenant.Discover(Arg.Any<CancellationToken>()).ThrowsAsync(new NotFoundException("There is no such tenant."));

        await RefusedAsync(HttpMethod.Post, $"/api/v1/tenants/{Sample.UnknownTenant}/discoveries", null, HttpStatusCode.NotFound, "not-found");

        Assert.Empty(Service.Notes);
        Assert.All(Service.ProviderNotes, note => Assert.Equal(AuditActs.Discover, note.Act));
    }

    [Fact]
    public async Task A_book_is_listed_and_exported()
    {
        await SendAsync(HttpMethod.Post, $"{Tenant}/discoveries", null, HttpStatusCode.OK);

        var entry = (await GetAsync($"{Tenant}/audit")).At("entries")[0];
        Assert.Equal(AuditActs.Discover, entry.Text("act"));
        Assert.Equal(64, entry.Text("hash")!.Length);
        using var export = await SignedIn.GetAsync(new Uri($"{Tenant}/audit/export", UriKind.Relative));
        Assert.Equal("application/jsonl", export.Content.Headers.ContentType?.MediaType);
        Assert.Equal("{}\n", await export.Content.ReadAsStringAsync());
        Assert.Contains(Service.Notes, note => note.Act == AuditActs.ReadAudit);
    }
}
