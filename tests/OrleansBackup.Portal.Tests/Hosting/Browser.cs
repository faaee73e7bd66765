using Microsoft.Playwright;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>A test in a real Chromium. Skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Problem;
}

/// <inheritdoc cref="BrowserFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Browser.Problem;
}

/// <summary>As <see cref="BrowserTheoryAttribute"/>, and it needs axe-core.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AccessibilityTheoryAttribute : TheoryAttribute
{
    public AccessibilityTheoryAttribute() => Skip = Browser.Problem ?? Axe.Problem;
}

/// <summary>One Chromium for all tests of a class. Each page is opened in a context of its own, which has no cookies.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static string? Program { get; } = Environment.GetEnvironmentVariable("ORLEANSBACKUP_CHROMIUM") is { Length: > 0 } named ? named : Known.FirstOrDefault(File.Exists);

    /// <summary>Why there is no browser, or null.</summary>
    public static string? Problem { get; } = Program is null ? "Chromium is not installed." : null;

    public async Task InitializeAsync()
    {
        if (Problem is not null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program, Headless = true, Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A window of its own. What the pages ask elsewhere, throw, or are refused by their policy is written down.</summary>
    internal async Task<Window> OpenAsync(Uri address, string? key, string language = "nl", ColorScheme colours = ColorScheme.Light, int width = 1360, int height = 900, bool scripts = true)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(), Locale = language, ColorScheme = colours, JavaScriptEnabled = scripts, ViewportSize = new ViewportSize { Width = width, Height = height },
            ExtraHTTPHeaders = key is null ? [] : [new("Authorization", $"Bearer {key}")],
        });
        return await Window.OpenAsync(context, address);
    }
}
