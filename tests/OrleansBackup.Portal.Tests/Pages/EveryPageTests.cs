using Microsoft.Playwright;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>What holds for each page, whatever it shows. A new page joins by its line in <see cref="PortalPages.All"/>.</summary>
public sealed class EveryPageTests(Browser browser, RunningPortal portal) : IClassFixture<Browser>, IClassFixture<RunningPortal>
{
    public static TheoryData<string, string> Looks()
    {
        var looks = new TheoryData<string, string>();
        foreach (var (_, address) in PortalPages.All)
            foreach (var language in (string[])["nl", "en"])
                looks.Add(address, language);
        return looks;
    }

    [AccessibilityTheory]
    [MemberData(nameof(Looks))]
    public async Task Nothing_stands_in_the_way_of_anybody_and_nothing_comes_from_elsewhere(string address, string language)
    {
        await using var window = await browser.OpenAsync(portal.Host.Address, portal.Host.Key, language);

        await window.GoAsync(address);

        Assert.Empty(await Axe.ViolationsAsync(window.Page));
        Assert.NotEqual("taken", await window.Page.TitleAsync());
        Assert.Equal(language, await window.Page.GetAttributeAsync("html", "lang"));
        Assert.Equal(1, await window.Page.Locator("h1").CountAsync());

        // At night the same page has other colours and nothing else.
        await window.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        Assert.Empty(await Axe.ContrastViolationsAsync(window.Page));
        Assert.Empty(window.Faults);
    }

    [Fact]
    public void Every_page_is_walked()
    {
        var pages = portal.Host.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<PageOfThePortal>() is not null).Select(endpoint => $"/{endpoint.RoutePattern.RawText!.Trim('/')}");

        Assert.Equal(pages.Order(StringComparer.Ordinal), PortalPages.All.Select(page => page.Route).Distinct().Order(StringComparer.Ordinal));
    }
}
