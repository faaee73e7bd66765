using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Audit;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>What stands in front of the server is believed only where it is named: addresses, https, and the names of cookies that follow from it.</summary>
public sealed class ProxyTests
{
    private const string Plain = "orleansbackup-session";
    private const string Secure = "__Host-" + Plain;

    [Fact]
    public async Task A_stranger_cannot_take_another_address_for_each_guess()
    {
        await using var server = await RunningServer.StartAsync(null, [.. RunningServer.Key("kim", "provider-admin"), "--Api:Limits:FailedSignIns", "3"]);
        for (var guess = 0; guess < 3; guess++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, "guess", $"203.0.113.{guess}")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(server, "guess", "203.0.113.99")).StatusCode);
        Assert.All(await FailedFromAsync(server), address => Assert.Equal("127.0.0.1", address));
    }

    [Fact]
    public async Task Behind_a_proxy_that_is_named_the_last_address_counts_and_not_what_the_caller_wrote_before_it()
    {
        await using var server = await RunningServer.StartAsync(null, "--Api:Access:TrustedProxies", "127.0.0.0/8", "--Api:Limits:FailedSignIns", "3");
        for (var guess = 0; guess < 3; guess++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, "guess", $"10.9.9.{guess}, 203.0.113.7")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(server, "guess", "10.9.9.99, 203.0.113.7")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, "guess", "203.0.113.8")).StatusCode); // somebody else's guesses are not his
        Assert.Equal(["203.0.113.8", "203.0.113.7"], (await FailedFromAsync(server)).Distinct());
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, "https", false)] // anybody can write that
    [InlineData("127.0.0.1", "https", true)]
    [InlineData("127.0.0.1", "http", false)]
    [InlineData("10.0.0.1", "https", false)] // another proxy than the one that asks
    public async Task Only_a_proxy_that_is_named_makes_a_connection_https(string? trusted, string? said, bool isHttps)
    {
        await using var server = await RunningServer.StartAsync(null, trusted is null ? [] : ["--Api:Access:TrustedProxies", trusted]);
        using var client = server.Client();
        if (said is not null)
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", said);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        using var answer = await client.GetAsync(new Uri("/sign-in", UriKind.Relative));
        Assert.Equal(isHttps, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task With_https_a_session_is_bound_to_this_very_host_and_one_that_a_neighbour_set_is_not_looked_at()
    {
        await using var server = await RunningServer.StartAsync(null, [.. RunningServer.Key("kim", "provider-admin"), "--Api:Access:PublicUrl", "https://backup.example"]);
        using var browser = new Browser(server.Address, "https://backup.example/");
        using var page = await browser.GoAsync("/sign-in?returnTo=%2Fsign-out");
        Assert.Equal("max-age=31536000", page.Headers.GetValues("Strict-Transport-Security").Single());
        using var arrived = await browser.SubmitAsync(await page.Content.ReadAsStringAsync(), ("key", "kim-key"));
        var set = Assert.Single(browser.CookiesSet, cookie => cookie.Contains("session", StringComparison.Ordinal)).ToLowerInvariant();
        Assert.StartsWith(Secure.ToLowerInvariant(), set, StringComparison.Ordinal);
        foreach (var mark in new[] { "; secure", "; httponly", "; samesite=lax", "; path=/;" })
            Assert.Contains(mark, set + ";", StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", set, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(browser));

        var value = browser.CookieNamed(Secure)!;
        using var victim = new Browser(server.Address, "https://backup.example/");
        victim.PutCookie(Plain, value); // as any page of *.example can
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(victim));
    }

    private static async Task<HttpStatusCode> MeAsync(Browser browser)
    {
        using var answer = await browser.AskAsync(HttpMethod.Get, "/api/v1/me", null, ("X-Requested-With", "x"));
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> AskAsync(RunningServer server, string key, string forwardedFor)
    {
        using var client = server.Client(key);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        return await client.GetAsync(new Uri("/api/v1/me", UriKind.Relative));
    }

    private static async Task<IEnumerable<string>> FailedFromAsync(RunningServer server) =>
        (await server.Services.GetRequiredService<IGrainFactory>().ProviderAudit().List(null, 100, default)).Entries.Where(entry => entry.Act == AuditActs.SignInFailed).Select(entry => entry.Facts["address"]);
}
