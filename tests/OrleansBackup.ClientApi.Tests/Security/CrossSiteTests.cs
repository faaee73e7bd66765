using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>Every address that changes something, asked by a browser that is signed in and that another site made ask: by a form, a picture, a script.</summary>
public sealed partial class CrossSiteTests
{
    [Fact]
    public async Task No_act_is_done_for_a_browser_that_another_site_made_ask()
    {
        await using var server = await RunningServer.StartAsync(null, [.. RunningServer.Key("kim", "provider-admin"), "--Api:Limits:PerCaller", "1000000"]);
        using var browser = new Browser(server.Address, server.Address.ToString());
        using var page = await browser.GoAsync("/sign-in?returnTo=%2Fsign-out");
        using var arrived = await browser.SubmitAsync(await page.Content.ReadAsStringAsync(), ("key", "kim-key"));
        Assert.Equal(HttpStatusCode.OK, arrived.StatusCode);
        var (wrong, asked) = (new List<string>(), 0);
        foreach (var endpoint in server.Endpoints)
            foreach (var method in (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Where(method => method is "POST" or "PUT" or "DELETE" or "PATCH"))
            {
                var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
                if (pattern.StartsWith("/dav", StringComparison.Ordinal))
                    continue; // lets in by the password of an opening, and knows no cookie
                asked++;
                foreach (var (kind, content, headers) in Tricks())
                {
                    using var answer = await browser.AskAsync(new HttpMethod(method), Parameter().Replace(pattern, Sample.Tenant.ToString()), content, headers);
                    if (answer.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.UnsupportedMediaType))
                        wrong.Add($"{method} {pattern} by {kind}: {(int)answer.StatusCode}");
                }
            }
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.True(asked > 80, $"{asked} addresses");
    }

    private static IEnumerable<(string Kind, HttpContent Content, (string, string)[] Headers)> Tricks() =>
    [
        ("a form", new FormUrlEncodedContent([new("why", "x")]), [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")]),
        ("a form without a word of where it is from", new FormUrlEncodedContent([new("why", "x")]), []),
        ("text that is JSON", new StringContent("""{"why":"x"}""", Encoding.UTF8, "text/plain"), [("Origin", "null")]),
        ("a script that sets the header", new StringContent("""{"why":"x"}""", Encoding.UTF8, "application/json"), [("Origin", "https://evil.example"), ("X-Requested-With", "x")]),
    ];

    [GeneratedRegex(@"\{\*{0,2}([A-Za-z]+)[^}]*\}")]
    private static partial Regex Parameter();
}
