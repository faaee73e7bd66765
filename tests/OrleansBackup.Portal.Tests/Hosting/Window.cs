using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>A window of the browser, with everything that a page did in it that it must not do.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = [];

    private Window(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Requests to elsewhere, errors of scripts, refusals of the content security policy.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public static async Task<Window> OpenAsync(IBrowserContext context, Uri own)
    {
        var page = await context.NewPageAsync();
        var window = new Window(context, page);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(own.ToString(), StringComparison.Ordinal))
                window._faults.Enqueue($"asked elsewhere: {request.Url}");
        };
        page.PageError += (_, error) => window._faults.Enqueue($"script failed: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                window._faults.Enqueue($"console: {message.Text}");
        };
        return window;
    }

    public async Task GoAsync(string address)
    {
        var response = await Page.GotoAsync(address);
        Assert.True(response!.Status < 400, $"{address}: {response.Status} {await Page.InnerTextAsync("body")}");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
