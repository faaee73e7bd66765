using System.Net;
using System.Text.RegularExpressions;
using NSubstitute;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>The end of the onboarding wizard: what is chosen there, the secret that is typed once, and what is wrong said at its field with all that was written.</summary>
public sealed partial class OnboardingTests
{
    private const string Secret = "s3cret-typed-once";

    private static readonly TenantId New = Estate.Id(901);

    [Fact]
    public async Task A_secret_is_typed_once_and_stands_on_no_page_and_in_no_book()
    {
        await using var host = await StartAsync();
        using var client = host.Client();

        var ready = await CheckAsync(client);
        var begun = await SendAsync(client, ready, "/onboarding/begin", ("name", "Nieuwe klant"), ("scope", "Everything"), ("keep", "90"), ("keep-unit", "days"));

        Assert.Contains("action=\"/onboarding/begin\"", ready, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, ready, StringComparison.Ordinal);
        Assert.Equal($"/tenants/{New}?done=onboarded", begun.Headers.Location?.OriginalString);
        await host.World.Tenant(New).Received(1).Onboard(Arg.Is<TenantOnboarding>(asked => asked.Name == "Nieuwe klant" && asked.ClientSecret == Secret), PortalWorld.Any);
        Assert.DoesNotContain(host.World.Notes, note => note.Subject.Contains(Secret, StringComparison.Ordinal) || note.Facts.Values.Any(fact => fact.Contains(Secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_chosen_is_what_the_tenant_gets()
    {
        await using var host = await StartAsync();
        using var client = host.Client();
        TenantOnboarding? asked = null;
        host.World.Tenant(New).Onboard(Arg.Do<TenantOnboarding>(one => asked = one), PortalWorld.Any).Returns(call => Task.FromResult<TenantOverview>(null!));
        ContractOrder? order = null;
        host.World.Agreements.Contract.Make(Arg.Do<ContractOrder>(one => order = one), Arg.Any<string>(), PortalWorld.Any).Returns(_ => Agreements.Record);

        var begun = await SendAsync(client, await CheckAsync(client), "/onboarding/begin", ("name", "Nieuwe klant"), ("scope", "Selection"), ("selected", "a-1\r\nb-2  a-1"), ("keep", "3"), ("keep-unit", "months"), ("store", "frankfurt"),
            ("plan", "accensys"), ("start", "2026-04-01"), ("reference", "Contract 2026-9"), ("requires-m365-service", "Contract M-9"));

        Assert.True(begun.StatusCode == HttpStatusCode.SeeOther, await begun.Content.ReadAsStringAsync());
        Assert.Equal($"/tenants/{New}/contract", begun.Headers.Location?.OriginalString);
        Assert.NotNull(asked);
        Assert.Equal(("frankfurt", ScopeMode.Selection, 3), (asked.Store, asked.Settings.Scope.Mode, asked.Settings.Retention.CalendarMonths));
        Assert.Equal(["a-1", "b-2"], asked.Settings.Scope.Selected.Order(StringComparer.Ordinal));
        Assert.Equal(("accensys", new DateOnly(2026, 4, 1), "Contract 2026-9", "Contract M-9"), (order?.Plan, order?.Start, order?.Reference, order?.Prerequisites["m365-service"]));
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_its_field_and_nothing_that_was_written_is_lost()
    {
        await using var host = await StartAsync();
        using var client = host.Client();

        var answer = await SendAsync(client, await CheckAsync(client), "/onboarding/begin", ("name", "Nieuwe klant"), ("scope", "Selection"), ("selected", "a-1"), ("keep", "0"), ("keep-unit", "months"), ("store", "frankfurt"),
            ("plan", "accensys"), ("start", "soon"), ("reference", "Contract 2026-9"), ("requires-m365-service", ""));
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        var again = await SendAsync(client, page, "/onboarding/begin", ("name", "Nieuwe klant"), ("scope", "Everything"), ("keep", "30"), ("keep-unit", "days"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        foreach (var field in (string[])["keep", "start", "requires-m365-service"])
            Assert.Contains($"href=\"#field-{field}\"", page, StringComparison.Ordinal);
        Assert.Matches("id=\"field-name\"[^>]*value=\"Nieuwe klant\"", page);
        Assert.Matches("id=\"field-reference\"[^>]*value=\"Contract 2026-9\"", page);
        Assert.Matches("id=\"scope-Selection\"[^>]*checked", page);
        Assert.Matches("value=\"frankfurt\" selected", page);
        Assert.Contains(">a-1</textarea>", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode); // the secret is still with it
    }

    [Fact]
    public async Task A_secret_that_was_sealed_for_another_tenant_or_by_nobody_is_asked_again()
    {
        await using var host = await StartAsync();
        using var client = host.Client();
        var ready = await CheckAsync(client);

        var foreign = await SendAsync(client, ready.Replace(New.ToString(), Estate.Id(902).ToString(), StringComparison.Ordinal), "/onboarding/begin", ("name", "Nieuwe klant"), ("scope", "Everything"), ("keep", "90"));
        var invented = await SendAsync(client, Sealed().Replace(ready, "name=\"sealed\" value=\"aGVsbG8\""), "/onboarding/begin", ("name", "Nieuwe klant"), ("scope", "Everything"), ("keep", "90"));

        foreach (var answer in new[] { foreign, invented })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains("href=\"#field-secret\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        await host.World.Tenant(Estate.Id(902)).DidNotReceive().Onboard(Arg.Any<TenantOnboarding>(), PortalWorld.Any);
        await host.World.Tenant(New).DidNotReceive().Onboard(Arg.Any<TenantOnboarding>(), PortalWorld.Any);
    }

    [Fact]
    public async Task A_tenant_that_is_in_service_keeps_what_was_agreed()
    {
        await using var host = await StartAsync();
        using var client = host.Client();
        var known = Estate.Id(3);
        host.World.Tenant(known).TryAccess(Arg.Any<string>(), Arg.Any<string>(), PortalWorld.Any).Returns([new PermissionState("Mail.Read", true, true, true, "Read mail.")]);

        var ready = await CheckAsync(client, known);
        await SendAsync(client, ready, "/onboarding/begin", ("name", "Stichting Het Groene Hart"), ("scope", "Selection"), ("keep", "1"), ("keep-unit", "days"), ("store", "frankfurt"));

        Assert.DoesNotContain("name=\"keep\"", ready, StringComparison.Ordinal);
        await host.World.Tenant(known).Received(1).Onboard(Arg.Is<TenantOnboarding>(asked => asked.Settings == TenantSettings.Default && asked.Store == null), PortalWorld.Any);
    }

    [Theory]
    [InlineData(Role.ProviderOperator)]
    [InlineData(Role.CustomerContact)]
    [InlineData(Role.Auditor)]
    public async Task Nobody_else_takes_a_customer_into_service(Role role)
    {
        await using var host = await StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(role));

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri("/onboarding", UriKind.Relative))).StatusCode);
    }

    private static async Task<PortalHost> StartAsync()
    {
        var host = await PortalHost.StartAsync();
        foreach (var tenant in new[] { New, Estate.Id(902) })
            host.World.Tenant(tenant).TryAccess(Arg.Any<string>(), Arg.Any<string>(), PortalWorld.Any).Returns([new PermissionState("Mail.Read", true, true, true, "Read mail.")]);
        return host;
    }

    /// <returns>The last step, ready to begin.</returns>
    private static async Task<string> CheckAsync(HttpClient client, TenantId? tenant = null)
    {
        var first = await client.GetStringAsync(new Uri("/onboarding", UriKind.Relative));
        var answer = await SendAsync(client, first, "/onboarding/check", ("tenant", $"{tenant ?? New}"), ("client", "60000000-0000-0000-0000-000000000001"), ("secret", Secret));
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends a form of a page, with what is hidden in it.</summary>
    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string page, string form, params (string Name, string Value)[] fields)
    {
        var hidden = Hidden().Matches(page[page.IndexOf("<main", StringComparison.Ordinal)..]).Select(match => (Name: match.Groups["name"].Value, Value: match.Groups["value"].Value)).DistinctBy(one => one.Name);
        return client.PostAsync(new Uri(form, UriKind.Relative), new FormUrlEncodedContent(
            hidden.Where(one => !fields.Any(field => field.Name == one.Name)).Concat(fields).Select(field => KeyValuePair.Create(field.Name, field.Value))));
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("name=\"sealed\" value=\"[^\"]*\"")]
    private static partial Regex Sealed();
}
