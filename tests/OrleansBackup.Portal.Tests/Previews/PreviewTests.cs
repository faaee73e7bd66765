using System.Net;
using Microsoft.Playwright;
using NSubstitute;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Portal.Tests.Hosting;

namespace OrleansBackup.Portal.Tests.Previews;

/// <summary>Letters of strangers in a real Chromium: nothing of theirs runs, nothing asks elsewhere, and what can be read is read.</summary>
public sealed class PreviewTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string Letter = $"{ContentPages.Point}?item={Uri.EscapeDataString(Mailbag.Letter)}";

    [BrowserFact]
    public async Task No_letter_runs_a_script_opens_a_dialog_or_asks_elsewhere()
    {
        await using var host = await PortalHost.StartAsync();
        await using var window = await browser.OpenAsync(host.Address, host.Key);
        var dialogs = 0;
        window.Page.Dialog += (_, dialog) =>
        {
            dialogs++;
            _ = dialog.DismissAsync();
        };
        foreach (var html in HostileHtml.All.Chunk(12).Select(some => string.Join("\n", some)).Concat(HostileHtml.All))
        {
            host.World.Mailbag.Html = $"<p id=first>first</p>{html}";
            await window.GoAsync($"{ContentPages.Point}/preview?item={Uri.EscapeDataString(Mailbag.Letter)}");
            Assert.Contains("first", await window.Page.InnerTextAsync("body"), StringComparison.Ordinal);
            Assert.Equal(0, await window.Page.Locator("script, iframe, object, embed, form, input, svg, math, link, base").CountAsync());
        }
        Assert.Equal(0, dialogs);
        Assert.Empty(window.Faults);
    }

    [BrowserFact]
    public async Task The_reading_pane_shows_the_letter_with_its_own_picture_in_a_frame_that_may_do_nothing()
    {
        await using var host = await PortalHost.StartAsync();
        await using var window = await browser.OpenAsync(host.Address, host.Key, "en");

        await window.GoAsync(Letter);
        var frame = window.Page.FrameLocator("iframe.preview");

        await Assertions.Expect(frame.Locator("body")).ToContainTextAsync("Beste collega");
        await Assertions.Expect(frame.Locator("body")).ToContainTextAsync("[evil.example]");
        await Assertions.Expect(frame.Locator("body")).ToContainTextAsync("2 pictures are not shown");
        Assert.Equal(1, await frame.Locator("img[src^='data:image/png']").EvaluateAsync<int>("image => image.naturalWidth"));
        Assert.Equal("allow-popups allow-popups-to-escape-sandbox", await window.Page.GetAttributeAsync("iframe.preview", "sandbox"));
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task The_answer_is_closed_by_its_policy_and_the_reading_is_written_down()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();

        var answer = await client.GetAsync(new Uri($"{ContentPages.Point}/preview?item={Uri.EscapeDataString(Mailbag.Letter)}", UriKind.Relative));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("; sandbox allow-popups allow-popups-to-escape-sandbox", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal("SAMEORIGIN", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Contains(host.World.Notes, note => note.Act == AuditActs.ReadContent);
    }

    [Theory]
    [InlineData(Role.ProviderOperator, HttpStatusCode.OK)]
    [InlineData(Role.CustomerContact, HttpStatusCode.OK)]
    [InlineData(Role.Auditor, HttpStatusCode.Forbidden)]
    public async Task Only_who_may_see_content_reads_letters(Role role, HttpStatusCode status)
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client(key: PortalHost.KeyOf(role));

        foreach (var address in new[] { Letter, $"{ContentPages.Point}/preview?item={Uri.EscapeDataString(Mailbag.Letter)}", $"{ContentPages.Resource}/points/89/compare/90", $"{PortalPages.Tenant}/search?q=x" })
            Assert.Equal(status, (await client.GetAsync(new Uri(address, UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(ContentPages.Resource, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_letter_that_is_too_large_is_not_read_into_memory()
    {
        await using var host = await PortalHost.StartAsync();
        using var client = host.Client();
        var (piece, given) = (new byte[1_000_000], 0);
        host.World.Mailbag.PointGrain.ReadContent(Arg.Any<string>(), "message", PortalWorld.Any).Returns(_ => PortalWorld.Streamed(Enumerable.Range(0, 500).Select(_ =>
        {
            given++;
            return new ReadOnlyMemory<byte>(piece);
        })));

        var page = await client.GetStringAsync(new Uri($"{ContentPages.Point}/preview?item={Uri.EscapeDataString(Mailbag.Letter)}", UriKind.Relative));

        Assert.Contains("too large to be shown", page, StringComparison.Ordinal);
        Assert.InRange(given, 1, 12);
    }
}
