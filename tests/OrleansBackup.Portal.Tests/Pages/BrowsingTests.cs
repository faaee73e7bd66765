using Microsoft.Playwright;
using NSubstitute;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>What only a browser shows: the keyboard, a narrow screen, no scripts, live progress.</summary>
public sealed class BrowsingTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task A_check_can_be_acknowledged_with_the_keyboard_alone()
    {
        await using var host = await PortalHost.StartAsync();
        await using var window = await browser.OpenAsync(host.Address, host.Key, "en");
        await window.GoAsync("/checks/2026-03-13");

        await window.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to content", await FocusedAsync(window));
        await window.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(window, "group");
        await window.Page.Keyboard.PressAsync("Space");
        await TabToAsync(window, "note");
        await window.Page.Keyboard.TypeAsync("Called the customer.");
        await TabToAsync(window, "Acknowledge what is chosen");
        await window.Page.Keyboard.PressAsync("Enter");

        await window.Page.WaitForURLAsync("**/checks/2026-03-13?done=seen");
        await host.World.DailyCheck.Received(1).Acknowledge("first-key", "Called the customer.", Arg.Is<System.Collections.Immutable.ImmutableArray<string>>(groups => groups.Length == 1), PortalWorld.Any);
        Assert.Empty(window.Faults);
    }

    [BrowserFact]
    public async Task A_form_that_is_refused_puts_the_keyboard_at_what_is_wrong()
    {
        await using var host = await PortalHost.StartAsync();
        await using var window = await browser.OpenAsync(host.Address, host.Key, "en");
        await window.GoAsync("/onboarding");

        await window.Page.FillAsync("#field-tenant", "contoso");
        await window.Page.FillAsync("#field-client", "60000000-0000-0000-0000-000000000001");
        await window.Page.ClickAsync("text=Next");

        await window.Page.WaitForSelectorAsync("#problems");
        Assert.Equal("problems", await window.Page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal("contoso", await window.Page.InputValueAsync("#field-tenant"));
        Assert.Equal("true", await window.Page.GetAttributeAsync("#field-tenant", "aria-invalid"));
    }

    [BrowserFact]
    public async Task No_page_is_wider_than_a_telephone()
    {
        await using var host = await PortalHost.StartAsync();
        await using var window = await browser.OpenAsync(host.Address, host.Key, "nl", width: 390, height: 800);
        var wide = new List<string>();
        foreach (var (_, address) in PortalPages.All)
        {
            await window.GoAsync(address);
            var over = await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (over > 0)
                wide.Add($"{address}: {over} px too wide");
        }
        Assert.Empty(wide);
    }

    [BrowserFact]
    public async Task Progress_moves_by_itself_where_scripts_run()
    {
        await using var host = await PortalHost.StartAsync();
        await using var window = await browser.OpenAsync(host.Address, host.Key, "en");

        await window.GoAsync("/jobs");

        await window.Page.WaitForFunctionAsync("document.querySelector('.meter-text').textContent.startsWith('900 of about 1,000 items')");
        Assert.Equal("900", await window.Page.EvaluateAsync<string>("String(document.querySelector('.meter progress').value)"));
    }

    [BrowserFact]
    public async Task Names_that_are_html_are_shown_as_what_they_are()
    {
        await using var host = await PortalHost.StartAsync();
        await using var window = await browser.OpenAsync(host.Address, host.Key, "en");
        foreach (var (_, address) in PortalPages.All)
        {
            await window.GoAsync(address);
            Assert.Equal(0, await window.Page.Locator("main script, main img, main b, main i").CountAsync());
        }
        await window.GoAsync("/tenants?q=script");
        Assert.Equal(Estate.HostileName, await window.Page.InnerTextAsync("tbody th a"));
        Assert.Empty(window.Faults);
    }

    private static async Task<string> FocusedAsync(Window window) =>
        await window.Page.EvaluateAsync<string>("(document.activeElement.name || document.activeElement.textContent || '').trim()");

    private static async Task TabToAsync(Window window, string what)
    {
        for (var pressed = 0; pressed < 60; pressed++)
        {
            await window.Page.Keyboard.PressAsync("Tab");
            if (await FocusedAsync(window) == what)
                return;
        }
        Assert.Fail($"The keyboard does not reach '{what}'.");
    }
}
