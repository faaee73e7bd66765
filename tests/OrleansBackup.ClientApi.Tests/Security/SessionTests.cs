using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using OrleansBackup.ClientApi.Security.SignIn;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Audit;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>A browser that signs in with an API key: its session, what other sites cannot make it do, and its end.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const int KeyRequests = 40;
    private const string Cookie = "orleansbackup-session";
    private readonly ShiftedClock _clock = new(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
    private RunningServer _server = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)), [.. RunningServer.Key("kim", "provider-admin"), "--Api:Limits:FailedSignIns", "3", "--Api:Limits:PerKey", $"{KeyRequests}"]);
        _browser = new Browser(_server.Address, _server.Address.ToString());
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_page_brings_a_browser_to_the_sign_in_and_back()
    {
        using var page = await _browser.GoAsync("/operations/due?after=");
        Assert.Equal("/sign-in?returnTo=%2Foperations%2Fdue%3Fafter%3D", _browser.Place.PathAndQuery);
        using var arrived = await _browser.SubmitAsync(await page.Content.ReadAsStringAsync(), ("key", "kim-key"));
        Assert.Equal("/operations/due", _browser.Place.AbsolutePath);
        var cookie = Assert.Single(_browser.CookiesSet, set => set.StartsWith(Cookie, StringComparison.Ordinal)).ToLowerInvariant();
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase); // a browser whose clock is another would throw it away at once
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("kim", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_with_a_key_has_an_allowance_of_its_own_and_is_told_how_long_to_wait()
    {
        using var program = _server.Client("kim-key");
        for (var request = 0; request < KeyRequests; request++)
        {
            using var answer = await program.GetAsync(new Uri("/api/v1/me", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        using var refused = await program.GetAsync(new Uri("/api/v1/me", UriKind.Relative));
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (refused.StatusCode, refused.Headers.RetryAfter?.Delta > TimeSpan.Zero));
        _clock.Advance(refused.Headers.RetryAfter!.Delta!.Value);
        using var again = await program.GetAsync(new Uri("/api/v1/me", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await SignInAsync(); // a person's is another
    }

    [Fact]
    public async Task A_wrong_key_signs_nobody_in_and_after_some_nobody_is_even_looked_at()
    {
        using var page = await _browser.GoAsync("/sign-in");
        var form = await page.Content.ReadAsStringAsync();
        for (var time = 0; time < 3; time++)
        {
            using var refused = await _browser.SubmitAsync(form, ("key", $"guess-{time}"));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
        using var paused = await _browser.SubmitAsync(form, ("key", "kim-key"));
        Assert.Equal(HttpStatusCode.TooManyRequests, paused.StatusCode);
        using var program = _server.Client("kim-key");
        using var also = await program.GetAsync(new Uri("/api/v1/me", UriKind.Relative));
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (also.StatusCode, also.Headers.RetryAfter?.Delta > TimeSpan.Zero));
        _clock.Advance(also.Headers.RetryAfter!.Delta!.Value);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync(new Uri("/api/v1/me", UriKind.Relative))).StatusCode);
        Assert.Equal(3, (await EntriesAsync()).Count(entry => entry.Act == AuditActs.SignInFailed));
        Assert.DoesNotContain(await EntriesAsync(), entry => entry.Facts.Values.Any(value => value.Contains("guess", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var refused = await _browser.AskAsync(HttpMethod.Post, "/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["key"] = "kim-key" }));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Null(_browser.CookieNamed(Cookie));
        await SignInAsync();
        using var left = await _browser.AskAsync(HttpMethod.Post, "/sign-out", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.Forbidden, left.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Get, ("X-Requested-With", "x")));
    }

    [Fact]
    public async Task A_cookie_alone_is_not_enough_for_the_api()
    {
        await SignInAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(HttpMethod.Get));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(HttpMethod.Get, ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Get, ("Sec-Fetch-Site", "same-origin")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Get, ("X-Requested-With", "x")));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(HttpMethod.Get, ("X-Requested-With", "x"), ("Origin", "https://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(("Sec-Fetch-Site", "same-origin")));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(("X-Requested-With", "x"))); // taken: and its body is refused
    }

    [Fact]
    public async Task A_session_ends_at_sign_leftwhoever_kept_the_cookie()
    {
        await SignInAsync();
        var kept = _browser.CookieNamed(Cookie)!;
        using var page = await _browser.GoAsync("/sign-out");
        using var left = await _browser.SubmitAsync(await page.Content.ReadAsStringAsync());
        Assert.Equal("/sign-in", _browser.Place.AbsolutePath);
        Assert.Null(_browser.CookieNamed(Cookie));
        _browser.PutCookie(Cookie, kept);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Get, ("X-Requested-With", "x")));
        Assert.Equal([AuditActs.SignOut, AuditActs.SignIn], (await EntriesAsync()).Select(entry => entry.Act).Where(act => act is AuditActs.SignOut or AuditActs.SignIn));
    }

    [Fact]
    public async Task A_session_ends_by_itself_and_with_its_key()
    {
        using var admin = _server.Client("kim-key");
        using var made = await admin.PostAsync(new Uri("/api/v1/keys", UriKind.Relative), new StringContent("""{"name":"visitor","roles":["auditor"]}""", System.Text.Encoding.UTF8, "application/json"));
        var key = System.Text.Json.JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement;
        await SignInAsync(key.GetProperty("secret").GetString()!);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Get, ("X-Requested-With", "x")));
        using var revoked = await admin.DeleteAsync(new Uri($"/api/v1/keys/{key.GetProperty("key").GetProperty("id").GetString()}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Get, ("X-Requested-With", "x")));
        await SignInAsync();
        _clock.Advance(TimeSpan.FromHours(10) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Get, ("X-Requested-With", "x")));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Get, ("X-Requested-With", "x")));
    }

    [Fact]
    public async Task A_sign_in_gives_a_new_cookie_and_ends_the_one_before()
    {
        await SignInAsync();
        var before = _browser.CookieNamed(Cookie)!;
        await SignInAsync();
        Assert.NotEqual(before, _browser.CookieNamed(Cookie));
        _browser.PutCookie(Cookie, before);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Get, ("X-Requested-With", "x")));
    }

    [Theory]
    [InlineData("/tenants?x=1", "/tenants?x=1")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    public void A_sign_in_never_ends_at_another_site(string? returnTo, string expected) => Assert.Equal(expected, SignInEndpoints.LocalOnly(returnTo));

    [Fact]
    public async Task Every_answer_tells_browsers_what_not_to_do()
    {
        using var program = _server.Client("kim-key");
        foreach (var path in new[] { "/sign-in", "/api/v1/me", "/api/v1/nothing", "/health/live", "/docs/index.html", "/operations", "/openapi/v1.json" })
        {
            using var answer = await program.GetAsync(new Uri(path, UriKind.Relative));
            string Header(string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : "";
            Assert.True(Header("X-Content-Type-Options") == "nosniff", path);
            Assert.Contains("frame-ancestors 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
            if (!path.StartsWith("/docs", StringComparison.Ordinal))
                Assert.DoesNotContain("unsafe", Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal(("same-origin", "DENY", ""), (Header("Referrer-Policy"), Header("X-Frame-Options"), Header("Strict-Transport-Security")));
        }
        using var me = await program.GetAsync(new Uri("/api/v1/me", UriKind.Relative));
        Assert.True(me.Headers.CacheControl?.NoStore);
    }

    private async Task SignInAsync(string key = "kim-key")
    {
        using var page = await _browser.GoAsync("/sign-in?returnTo=%2Fsign-out");
        using var arrived = await _browser.SubmitAsync(await page.Content.ReadAsStringAsync(), ("key", key));
        Assert.Equal((HttpStatusCode.OK, "/sign-out"), (arrived.StatusCode, _browser.Place.AbsolutePath));
    }

    private async Task<HttpStatusCode> AskAsync(HttpMethod method, params (string, string)[] headers)
    {
        using var response = await _browser.AskAsync(method, "/api/v1/me", null, headers);
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> PostAsync(params (string, string)[] headers)
    {
        using var response = await _browser.AskAsync(HttpMethod.Post, "/api/v1/keys", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"), headers);
        return response.StatusCode;
    }

    private async Task<IReadOnlyList<AuditEntry>> EntriesAsync() => (await _server.Services.GetRequiredService<IGrainFactory>().ProviderAudit().List(null, 100, default)).Entries;
}
