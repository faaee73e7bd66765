using System.Net;
using OrleansBackup.Domain.Access;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>Each caller is led only to what he may do, and is refused the rest in words.</summary>
public sealed class CallersTests
{
    [Theory]
    [InlineData(Role.ProviderAdmin, "/ /tenants /checks /alerts /jobs /rehearsals /audit /onboarding /subscriptions /keys")]
    [InlineData(Role.ProviderOperator, "/ /tenants /checks /alerts /jobs /rehearsals /subscriptions")]
    [InlineData(Role.Auditor, "/ /tenants /checks /alerts /jobs /rehearsals /audit")]
    public async Task The_navigation_leads_where_a_role_may_go(Role role, string places)
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(role));

        var page = await client.GetStringAsync(new Uri("/", UriKind.Relative));
        var side = page[page.IndexOf("<nav class=\"side\"", StringComparison.Ordinal)..page.IndexOf("</nav>", StringComparison.Ordinal)];

        Assert.Equal(places.Split(' '), side.Split("href=\"")[1..].Select(link => link[..link.IndexOf('"', StringComparison.Ordinal)]));
        foreach (var place in places.Split(' '))
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(place, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task An_auditor_is_offered_no_act_and_refused_one()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(Role.Auditor));

        var check = await client.GetStringAsync(new Uri("/checks/2026-03-13", UriKind.Relative));
        var tenant = await client.GetStringAsync(new Uri(PortalPages.Tenant, UriKind.Relative));
        var refused = await client.GetAsync(new Uri("/onboarding", UriKind.Relative));

        Assert.DoesNotContain("name=\"note\"", check, StringComparison.Ordinal);
        Assert.DoesNotContain("/sweep", tenant, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("You may not see or do this", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_is_led_to_his_own_tenant_and_sees_no_other()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(Role.CustomerContact));

        var front = await client.GetAsync(new Uri("/", UriKind.Relative));
        var list = await client.GetStringAsync(new Uri("/tenants", UriKind.Relative));
        var other = await client.GetAsync(new Uri($"/tenants/{Estate.Id(4)}", UriKind.Relative));
        var none = await client.GetAsync(new Uri($"/tenants/{Estate.Id(4_000)}", UriKind.Relative));

        Assert.Equal(PortalPages.Tenant, front.Headers.Location?.OriginalString);
        Assert.Contains("Stichting Het Groene Hart", list, StringComparison.Ordinal);
        Assert.DoesNotContain("Zuidas Legal", list, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (other.StatusCode, none.StatusCode));
    }

    [Fact]
    public async Task A_stranger_is_led_to_the_sign_in_and_comes_back_from_there()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: "");
        client.DefaultRequestHeaders.Authorization = null;

        var asked = await client.GetAsync(new Uri("/checks/2026-03-13", UriKind.Relative));
        var form = await client.GetStringAsync(asked.Headers.Location);

        Assert.Equal((HttpStatusCode.SeeOther, "/sign-in?returnTo=%2Fchecks%2F2026-03-13"), (asked.StatusCode, asked.Headers.Location?.OriginalString));
        Assert.Contains("name=\"returnTo\" value=\"/checks/2026-03-13\"", form, StringComparison.Ordinal);
        Assert.DoesNotContain("<nav class=\"side\"", form, StringComparison.Ordinal);
    }
}
