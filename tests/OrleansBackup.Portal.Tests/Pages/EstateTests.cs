using System.Net;
using OrleansBackup.Portal.Tests.Hosting;
using Xunit.Abstractions;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>The front page and the list of tenants stay a handful of questions, however many tenants there are.</summary>
public sealed class EstateTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("/", 6)] // standings, days of checks, the newest check, rehearsals, processes; one to spare for what joins them
    [InlineData("/?page=7", 6)]
    [InlineData("/tenants", 1)]
    [InlineData("/tenants?q=Klant&sort=Data&down=true&page=3", 1)]
    [InlineData("/alerts", 5)]
    public async Task With_a_thousand_tenants_a_page_asks_as_little_as_with_ten(string address, int atMost)
    {
        var (few, many) = (await CallsAsync(10, address), await CallsAsync(1_000, address));

        Assert.Equal(few, many);
        Assert.InRange(many, 1, atMost);
    }

    [Fact]
    public async Task How_long_the_server_takes_for_a_thousand_tenants_is_told()
    {
        await using var host = await PortalHost.StartAsync(new PortalWorld(1_000));
        using var client = host.Client();
        foreach (var address in (string[])["/", "/?page=20", "/tenants", "/tenants?sort=Data&down=true&page=10", "/alerts", "/jobs", "/checks", "/checks/2026-03-13", "/rehearsals", "/subscriptions", "/audit", "/keys", PortalPages.Tenant, ContentPages.Resource, ContentPages.Point])
        {
            const int times = 20;
            for (var warm = 0; warm < 5; warm++)
                await client.GetStringAsync(new Uri(address, UriKind.Relative));
            var (began, worked) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var length = 0;
            for (var time = 0; time < times; time++)
                length = (await client.GetStringAsync(new Uri(address, UriKind.Relative))).Length;
            output.WriteLine($"{address}: {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds / times:0} ms, of the processor {(Environment.CpuUsage.TotalTime - worked).TotalMilliseconds / times:0} ms with its client, {length / 1_000} kB");
            Assert.InRange(length, 1, 2_000_000); // a page stays a page
        }
    }

    [Fact]
    public async Task A_tenants_page_asks_once_for_all_its_resources()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        await client.GetStringAsync(new Uri(PortalPages.Tenant, UriKind.Relative)); // substitutes are made at the first call
        host.World.ForgetCalls();

        await client.GetStringAsync(new Uri(PortalPages.Tenant, UriKind.Relative));

        Assert.Equal(4, host.World.Calls); // overview, resources, measures, notices
    }

    [Fact]
    public async Task What_needs_a_person_stands_first_and_the_worst_of_it_above_all()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var page = WebUtility.HtmlDecode(await client.GetStringAsync(new Uri("/", UriKind.Relative)));

        string[] order = ["Nobody acknowledged the daily check", "Bakkerij De Molen has a problem as a whole", "Stichting Het Groene Hart is behind", "Zuidas Legal: the last run failed", "The last 30 days"];
        Assert.Equal(order.Select(text => page.IndexOf(text, StringComparison.Ordinal)).Order(), order.Select(text => page.IndexOf(text, StringComparison.Ordinal)));
        Assert.DoesNotContain(-1, order.Select(text => page.IndexOf(text, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_search_finds_by_name_and_state_and_says_how_many()
    {
        await using var host = await PortalHost.StartAsync(new PortalWorld(100));
        using var client = host.Client();

        var found = WebUtility.HtmlDecode(await client.GetStringAsync(new Uri("/tenants?q=klant%200", UriKind.Relative)));
        var overdue = WebUtility.HtmlDecode(await client.GetStringAsync(new Uri("/tenants?only=Overdue", UriKind.Relative)));

        Assert.Contains("89 of 100 tenants.", found, StringComparison.Ordinal);
        Assert.Contains("Page 1 of 2", found, StringComparison.Ordinal);
        Assert.Contains("2 of 100 tenants.", overdue, StringComparison.Ordinal);
        Assert.Contains("Stichting Het Groene Hart", overdue, StringComparison.Ordinal);
    }

    private static async Task<int> CallsAsync(int tenants, string address)
    {
        await using var host = await PortalHost.StartAsync(new PortalWorld(tenants));
        using var client = host.Client();
        await client.GetStringAsync(new Uri("/onboarding", UriKind.Relative)); // that the key is used for the first time is written down
        host.World.ForgetCalls();
        var response = await client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return host.World.Calls;
    }
}
