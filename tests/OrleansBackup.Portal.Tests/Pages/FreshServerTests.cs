using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using OrleansBackup.GraphSimulator;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Portal.Tests.Hosting;
using OrleansBackup.Silo.Hosting;

namespace OrleansBackup.Portal.Tests.Pages;

/// <summary>The whole server with every grain real, in front of the simulator of Microsoft 365, and a person in a browser: from the first sign-in to a tenant that is backed up.</summary>
public sealed class FreshServerTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = Hang.Limit;

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-fresh-").FullName;
    private readonly TaskCompletionSource<WebApplication> _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GraphSimulatorHost _microsoft = null!;
    private TenantCreated _customer = null!;
    private Task<int> _server = Task.FromResult(0);

    public async Task InitializeAsync()
    {
        _microsoft = await GraphSimulatorHost.StartAsync(new GraphSimulatorOptions(), CancellationToken.None);
        _customer = _microsoft.Admin.CreateTenant(new TenantRecipe { Users = 2, MessagesPerMailbox = 8, EventsPerMailbox = 2, ContactsPerMailbox = 2, TasksPerMailbox = 1, FilesPerDrive = 2 });
        await File.WriteAllTextAsync(Path.Combine(_folder, "microsoft.pem"), _microsoft.Certificate.ExportCertificatePem());
        _server = Task.Run(() => SiloHost.RunAsync(
            [
                "--Data:Folder", _folder, "--Api:Url", "http://127.0.0.1:0", "--Graph:Endpoint", $"{_microsoft.BaseAddress}v1.0/", "--Graph:Authority", $"{_microsoft.BaseAddress}",
                "--Graph:TrustedCertificateFile", Path.Combine(_folder, "microsoft.pem"), "--Logging:LogLevel:Default", "None",
            ],
            async app =>
            {
                _up.SetResult(app);
                await _stop.Task;
                await app.StopAsync();
                return 0;
            }));
        Assert.Same(_up.Task, await Task.WhenAny(_up.Task, _server));
    }

    public async Task DisposeAsync()
    {
        _stop.TrySetResult();
        Assert.Equal(0, await _server);
        await _microsoft.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [BrowserFact]
    public async Task A_person_signs_in_takes_a_customer_into_service_and_sees_it_backed_up()
    {
        var address = new Uri((await _up.Task).Urls.Single());
        await using var window = await browser.OpenAsync(address, key: null, "en");
        var page = window.Page;
        page.SetDefaultTimeout((float)Patience.TotalMilliseconds);

        await window.GoAsync("/onboarding"); // led to the sign-in, and back
        await page.FillAsync("#field-key", (await File.ReadAllTextAsync(Path.Combine(_folder, "api-key"))).Trim());
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/onboarding");

        await page.FillAsync("#field-tenant", $"{_customer.TenantId}");
        await page.FillAsync("#field-client", $"{_customer.ClientId}");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#consent-link");
        Assert.Contains($"/{_customer.TenantId}/adminconsent?client_id={_customer.ClientId}", await page.InnerTextAsync("#consent-link"), StringComparison.OrdinalIgnoreCase);

        await page.FillAsync("#field-secret", "not the secret");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".message-bad");
        await page.FillAsync("#field-secret", _customer.ClientSecret);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#field-name");
        Assert.True(await page.Locator(".status-good").CountAsync() > 5, "The live look says nothing of permissions.");

        await page.FillAsync("#field-name", Estate.HostileName);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**?done=onboarded");
        Assert.Equal(Estate.HostileName, await page.InnerTextAsync("h1"));

        var tenant = $"/tenants/{_customer.TenantId}";
        await UntilAsync("every resource to have a good backup", async () =>
        {
            await window.GoAsync(tenant);
            return await page.Locator("#resources tbody tr, section[aria-labelledby=resources] tbody tr").CountAsync() is > 2 and var rows
                && await page.Locator("section[aria-labelledby=resources] tbody .status-good, section[aria-labelledby=resources] tbody .status-notice").CountAsync() == rows;
        });
        await UntilAsync("the map to show today's backups", async () =>
        {
            await window.GoAsync(tenant);
            return await page.Locator(".heat td.heat-good, .heat td.heat-notice").CountAsync() > 2;
        });
        await UntilAsync("the plot to have a first measure", async () =>
        {
            await window.GoAsync(tenant);
            return await page.Locator(".plot circle.dot").CountAsync() > 0;
        });
        foreach (var place in (string[])["/", "/tenants", "/alerts", "/jobs", "/rehearsals", "/audit", "/checks", $"{tenant}/notices", $"{tenant}/audit"])
            await window.GoAsync(place);
        await window.GoAsync($"{tenant}/audit");
        await page.ClickAsync("text=Verify the chain");
        await page.WaitForSelectorAsync(".message-good");

        Assert.DoesNotContain(window.Faults, fault => !fault.Contains("422", StringComparison.Ordinal)); // the refused form is told as such
        await page.ClickAsync("text=Sign out");
        await page.WaitForURLAsync("**/sign-in");
        await window.Page.GotoAsync(tenant);
        Assert.Contains("/sign-in?returnTo=", page.Url, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> come)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await come())
            await Task.Delay(250, patience.Token).ContinueWith(waited => Assert.False(waited.IsCanceled, $"Waited in vain for {what}."), TaskScheduler.Default);
    }
}
