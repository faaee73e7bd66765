using System.Text.Json;
using Microsoft.Playwright;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>Looks at a page as axe-core does, and says what it finds. The script is installed beside the tests, never part of the portal.</summary>
internal static class Axe
{
    private static readonly string? Script = Find();

    public static string? Problem { get; } = Script is null ? "axe-core 4.14.1 is not installed: npm install --prefix ~/.cache/orleansbackup/axe-core-4.14.1 axe-core@4.14.1" : null;

    /// <returns>Each violation in a line, with the elements that it is about.</returns>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        await page.EvaluateAsync(await File.ReadAllTextAsync(Script!)); // the browser's own door, which the page's policy does not close
        return await RunAsync(page, "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']");
    }

    /// <summary>Of a page that <see cref="ViolationsAsync"/> has looked at and whose colours have changed since: whether it can still be read.</summary>
    public static Task<IReadOnlyList<string>> ContrastViolationsAsync(IPage page) => RunAsync(page, "{ type: 'rule', values: ['color-contrast', 'link-in-text-block'] }");

    private static async Task<IReadOnlyList<string>> RunAsync(IPage page, string only)
    {
        var result = await page.EvaluateAsync<JsonElement>(
            $"async () => (await axe.run(document, {{ runOnly: {only} }})).violations"
            + ".map(v => `${v.id} (${v.impact}): ${v.nodes.slice(0, 4).map(n => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`)");
        return [.. result.EnumerateArray().Select(violation => violation.GetString()!)];
    }

    private static string? Find()
    {
        var folder = Environment.GetEnvironmentVariable("ORLEANSBACKUP_AXE") is { Length: > 0 } named ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "orleansbackup", "axe-core-4.14.1");
        var script = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js");
        return File.Exists(script) ? script : null;
    }
}
