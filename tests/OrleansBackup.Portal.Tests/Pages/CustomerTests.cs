using System.Net;
using OrleansBackup.Domain.Access;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>A customer reads his own tenant: what is in it, his reports, what he is charged for, what he asked for; and nothing of anybody else.</summary>
public sealed class CustomerTests
{
    private static readonly string[] Own = ["", "/search", "/restores", "/reports", "/contract", "/usage", "/invoices", "/contacts", "/storage", "/notices"];

    [Fact]
    public async Task He_opens_all_that_is_his_and_is_led_to_it()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(Role.CustomerContact));

        var page = await client.GetStringAsync(new Uri(PortalPages.Tenant, UriKind.Relative));

        foreach (var place in Own)
        {
            Assert.Contains($"href=\"{PortalPages.Tenant}{place}\"", page, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(PortalPages.Tenant + place, UriKind.Relative))).StatusCode);
        }
    }

    [Fact]
    public async Task Nobody_elses_is_opened_whatever_the_address()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(Role.CustomerContact));
        var other = $"/tenants/{Estate.Id(4)}";

        foreach (var address in Own.Select(place => other + place).Concat(ContentPages.All.Select(page => page.Address.Replace(Estate.Id(3).ToString(), Estate.Id(4).ToString(), StringComparison.Ordinal))).Append("/keys").Append("/audit"))
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri(address, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task He_is_offered_no_act_of_the_provider()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(Role.CustomerContact));

        var pages = await Task.WhenAll(new[] { ContentPages.Resource, $"{PortalPages.Tenant}/contract", $"{PortalPages.Tenant}/contacts?edit=new", $"{PortalPages.Tenant}/restore-requests/{Mailbag.RequestId}" }
            .Select(address => client.GetStringAsync(new Uri(address, UriKind.Relative))));

        foreach (var act in new[] { "/run\"", "/stop\"", "/release/", "/hold\"", "/contract/do/", "/confirm\"", "/contacts/save", "/webhooks", "/approve", "/decline" })
            Assert.All(pages, page => Assert.DoesNotContain(act, page, StringComparison.Ordinal));
    }
}
