using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NSubstitute;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>The main ways through the portal from end to end: with the keyboard alone, and in a browser that runs no scripts.</summary>
public sealed class WaysTests(Browser browser) : IClassFixture<Browser>
{
    public static TheoryData<bool> Hands => new() { true, false };

    [BrowserTheory]
    [MemberData(nameof(Hands))]
    public async Task From_signing_in_over_estate_tenant_resource_and_point_to_a_restore_job(bool byKeyboard)
    {
        await using var host = await PortalHost.StartAsync();
        await using var way = await BeginAsync(host, byKeyboard);
        RestoreRequest? started = null;
        host.World.Tenant(Estate.Id(3)).StartRestore(Arg.Do<RestoreRequest>(request => started = request), PortalWorld.Any).Returns(Mailbag.Job);

        await way.SignInAsync(host.Key, "/");
        await way.PressAsync("Stichting Het Groene Hart", $"**{PortalPages.Tenant}");
        await way.PressAsync("Medewerker 1", $"**{ContentPages.Resource}");
        await way.PressAsync("Open newest point", $"**{ContentPages.Point}");
        await way.TickAsync("item");
        await way.PressAsync("Restore what is checked…", $"**{PortalPages.Tenant}/restores/new");
        await way.PressAsync("Show what would come back", $"**{PortalPages.Tenant}/restores/preview");
        await way.PressAsync("Start the restore", $"**{PortalPages.Tenant}/restores/{Mailbag.Job}");

        Assert.Single(started!.Selection.ItemIds);
        Assert.Empty(way.Faults);
    }

    [BrowserTheory]
    [MemberData(nameof(Hands))]
    public async Task Acknowledging_the_daily_check(bool byKeyboard)
    {
        await using var host = await PortalHost.StartAsync();
        await using var way = await BeginAsync(host, byKeyboard);

        await way.SignInAsync(host.Key, "/");
        await way.PressAsync("Daily check", "**/checks");
        await way.PressAsync("Friday 13 March", "**/checks/2026-03-13");
        await way.TickAsync("group");
        await way.WriteAsync("note", "Called the customer.");
        await way.PressAsync("Acknowledge what is chosen", "**/checks/2026-03-13?done=seen");

        await host.World.DailyCheck.Received(1).Acknowledge(Arg.Any<string>(), "Called the customer.", Arg.Is<System.Collections.Immutable.ImmutableArray<string>>(groups => groups.Length == 1), PortalWorld.Any);
        Assert.Empty(way.Faults);
    }

    [BrowserTheory]
    [MemberData(nameof(Hands))]
    public async Task Taking_a_customer_into_service(bool byKeyboard)
    {
        await using var host = await PortalHost.StartAsync();
        await using var way = await BeginAsync(host, byKeyboard);
        var tenant = Estate.Id(901);
        host.World.Tenant(tenant).TryAccess(Arg.Any<string>(), Arg.Any<string>(), PortalWorld.Any).Returns([new PermissionState("Mail.Read", true, true, true, "Read mail.")]);
        host.World.Tenant(tenant).ClearReceivedCalls();

        await way.SignInAsync(host.Key, "/");
        await way.PressAsync("Onboarding", "**/onboarding");
        await way.WriteAsync("tenant", tenant.ToString());
        await way.WriteAsync("client", "60000000-0000-0000-0000-000000000001");
        await way.PressAsync("Next", "**/onboarding/grant");
        await way.WriteAsync("secret", "s3cret");
        await way.PressAsync("Check now", "**/onboarding/check");
        await way.WriteAsync("name", "Nieuwe klant");
        await way.PressAsync("Take into service", $"**/tenants/{tenant}?done=onboarded", answers: false);

        await host.World.Tenant(tenant).Received(1).Onboard(Arg.Is<TenantOnboarding>(asked => asked.Name == "Nieuwe klant" && asked.ClientSecret == "s3cret"), PortalWorld.Any);
    }

    [BrowserTheory]
    [MemberData(nameof(Hands))]
    public async Task Choosing_over_several_folders(bool byKeyboard)
    {
        await using var host = await PortalHost.StartAsync();
        await using var way = await BeginAsync(host, byKeyboard);
        RestoreRequest? started = null;
        host.World.Tenant(Estate.Id(3)).StartRestore(Arg.Do<RestoreRequest>(request => started = request), PortalWorld.Any).Returns(Mailbag.Job);

        await way.SignInAsync(host.Key, "/");
        await way.GoAsync(ContentPages.Point);
        await way.TickAsync("item");
        await way.PressAsync("Choose from more folders…", $"**{ContentPages.Point}/choose");
        await way.PressAsync("Agenda", $"**{ContentPages.Point}/choose");
        await way.TickAsync("item");
        await way.PressAsync("Contactpersonen", $"**{ContentPages.Point}/choose");
        await way.PressAsync("Choose this whole folder", $"**{ContentPages.Point}/choose");
        await way.PressAsync("Restore what is chosen…", $"**{PortalPages.Tenant}/restores/new");
        await way.PressAsync("Show what would come back", $"**{PortalPages.Tenant}/restores/preview");
        await way.PressAsync("Start the restore", $"**{PortalPages.Tenant}/restores/{Mailbag.Job}");

        Assert.Equal(2, started!.Selection.ItemIds.Length);
        Assert.Contains(Mailbag.Meeting, started.Selection.ItemIds);
        Assert.Equal("p-1", Assert.Single(started.Selection.FolderIds));
        Assert.Empty(way.Faults);
    }

    private async Task<Way> BeginAsync(PortalHost host, bool byKeyboard) => new(await browser.OpenAsync(host.Address, key: null, "en", scripts: byKeyboard), byKeyboard);

    /// <summary>Somebody on his way: with Tab, Space and Enter only, or with a mouse where nothing runs.</summary>
    private sealed class Way(Window window, bool byKeyboard) : IAsyncDisposable
    {
        private const int MostTabs = 400;
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

        public IReadOnlyCollection<string> Faults => window.Faults;

        public Task GoAsync(string address) => window.GoAsync(address);

        public async Task SignInAsync(string key, string to)
        {
            await window.GoAsync("/sign-in");
            await WriteAsync("key", key);
            await window.Page.Keyboard.PressAsync("Enter");
            await window.Page.WaitForURLAsync(new Regex($"^https?://[^/]+{to}$"));
        }

        /// <param name="answers">Whether there is a page at its end: of a tenant that is new, the sample estate has none.</param>
        public async Task PressAsync(string what, string to, bool answers = true)
        {
            // The address may stay the same from form to form, so what is waited for is that another document has come.
            var come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            void Navigated(object? sender, IFrame frame)
            {
                if (frame == window.Page.MainFrame)
                    come.TrySetResult();
            }
            var begin = $"^\\s*{Regex.Escape(what).Replace("\\ ", "\\s+", StringComparison.Ordinal)}";
            if (byKeyboard)
                await TabToAsync($"element => element.matches('a, button') && element.innerText.replace(/\\s+/g, ' ').trim().startsWith({JsonSerializer.Serialize(what)})", what);
            window.Page.FrameNavigated += Navigated;
            if (byKeyboard)
                await window.Page.Keyboard.PressAsync("Enter");
            else
                await window.Page.Locator("a, button").Filter(new() { HasTextRegex = new Regex(begin) }).First.ClickAsync();
            await come.Task.WaitAsync(Patience);
            window.Page.FrameNavigated -= Navigated;
            await window.Page.WaitForURLAsync(to);
            if (answers)
                await Assertions.Expect(window.Page.Locator("h1")).ToHaveCountAsync(1);
        }

        public async Task TickAsync(string name)
        {
            if (!byKeyboard)
            {
                await window.Page.Locator($"input[type=checkbox][name={name}]").First.CheckAsync();
                return;
            }
            await TabToAsync($"element => element.type === 'checkbox' && element.name === '{name}'", name);
            await window.Page.Keyboard.PressAsync("Space");
        }

        public async Task WriteAsync(string name, string text)
        {
            if (byKeyboard)
                await TabToAsync($"element => element.name === '{name}'", name);
            else
                await window.Page.Locator($"[name={name}]").ClickAsync();
            await window.Page.Keyboard.TypeAsync(text);
        }

        public ValueTask DisposeAsync() => window.DisposeAsync();

        private async Task TabToAsync(string isIt, string what)
        {
            for (var pressed = 0; pressed < MostTabs; pressed++)
            {
                await window.Page.Keyboard.PressAsync("Tab");
                if (await window.Page.EvaluateAsync<bool>($"({isIt})(document.activeElement)"))
                    return;
            }
            Assert.Fail($"The keyboard does not reach '{what}' on {window.Page.Url}.");
        }
    }
}
