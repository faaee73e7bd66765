using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Tests.Security.OpenId;

/// <summary>The whole way of a browser and of a program through an OpenID Connect provider that is not ours, to the whole server.</summary>
public sealed class RealProviderTests
{
    private const string PublicUrl = "https://backup.example.nl";
    private static readonly TenantId Customer = TenantId.Parse("11111111-1111-1111-1111-111111111111");

    [ProviderTheory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task A_person_signs_in_and_is_what_the_provider_says(string algorithm)
    {
        await using var provider = await RealProvider.StartAsync($"{PublicUrl}/sign-in/callback");
        await using var server = await StartAsync(provider, algorithm);
        using var browser = new Browser(server.Address, PublicUrl);
        using var arrived = await SignInAsync(browser, "kim", "/operations");
        Assert.Equal((HttpStatusCode.OK, "/operations"), (arrived.StatusCode, browser.Place.AbsolutePath));

        var me = await MeAsync(browser);
        Assert.Equal(("kim@provider.example", "session"), (me.GetProperty("name").GetString(), me.GetProperty("signedInBy").GetString()));
        Assert.Equal(["provider-admin"], me.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        var cookie = Assert.Single(browser.CookiesSet, set => set.StartsWith("__Host-orleansbackup-session=", StringComparison.Ordinal)).ToLowerInvariant();
        Assert.All(["; httponly", "; secure", "; samesite=lax", "; path=/"], part => Assert.Contains(part, cookie, StringComparison.Ordinal));
        var book = await server.Services.GetRequiredService<IGrainFactory>().ProviderAudit().List(null, 100, default);
        Assert.Contains(book.Entries, entry => entry is { Act: AuditActs.SignIn, Actor: "kim@provider.example" });
    }

    [ProviderTheory]
    [InlineData("robin", true)] // a contact, with the address vouched for
    [InlineData("mallory", false)] // the same address, written into an account by its owner
    [InlineData("stranger", false)]
    public async Task A_customers_contact_signs_in_by_his_own_address_only(string account, bool may)
    {
        await using var provider = await RealProvider.StartAsync($"{PublicUrl}/sign-in/callback");
        await using var server = await StartAsync(provider, "RS256");
        var grains = server.Services.GetRequiredService<IGrainFactory>();
        await grains.Provider().Enlist(Customer, "Customer", default);
        var contacts = grains.GetGrain<INoticeBookGrain>(GrainKeys.Of(Customer));
        await contacts.SetContacts([new Contact("Robin", "Robin@customer.example", NoticeLanguage.Nl, [], [])], default);
        using var browser = new Browser(server.Address, PublicUrl);
        using var arrived = await SignInAsync(browser, account, "/sign-out");
        if (!may)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, arrived.StatusCode);
            Assert.Null(browser.CookieNamed("__Host-orleansbackup-session"));
            return;
        }
        var me = await MeAsync(browser);
        Assert.Equal(["customer-contact"], me.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal([Customer.ToString()], me.GetProperty("tenants").EnumerateArray().Select(tenant => tenant.GetString()));
        // What is in the backups is for those who may ask for restores; the others see how they stand.
        var content = $"/api/v1/tenants/{Customer}/resources/mailbox-{Customer}/points/latest/folders";
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (await StatusAsync(browser, content), await StatusAsync(browser, $"/api/v1/tenants/{Customer}"))); // listed only, never in service
        await contacts.SetContacts([new Contact("Robin", "Robin@customer.example", NoticeLanguage.Nl, [], [ContactAuthority.RequestRestore])], default);
        Assert.NotEqual(HttpStatusCode.Forbidden, await StatusAsync(browser, content));
        await contacts.SetContacts([], default); // and who is a contact no more is nobody at once
        using var after = await browser.AskAsync(HttpMethod.Get, "/api/v1/me", null, ("X-Requested-With", "test"));
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [ProviderTheory]
    [InlineData("urn:backup", HttpStatusCode.OK)]
    [InlineData("urn:another", HttpStatusCode.Unauthorized)]
    public async Task A_program_brings_a_token_that_is_meant_for_this_server(string audience, HttpStatusCode expected)
    {
        await using var provider = await RealProvider.StartAsync($"{PublicUrl}/sign-in/callback");
        await using var server = await StartAsync(provider, "RS256", "--Api:OpenId:Audience", audience);
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(provider.Address, "/token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "backup-RS256", ["client_secret"] = "a-secret-of-the-test", ["resource"] = "urn:backup", ["scope"] = "backup",
        }));
        var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString()!;
        using var program = server.Client(token);
        using var me = await program.GetAsync(new Uri("/api/v1/me", UriKind.Relative));
        Assert.Equal(expected, me.StatusCode);
        if (expected == HttpStatusCode.OK)
            Assert.Contains("provider-operator", await me.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [ProviderTheory]
    [InlineData("another browser")]
    [InlineData("another state")]
    [InlineData("another issuer")]
    [InlineData("a second time")]
    public async Task An_answer_of_the_provider_is_taken_once_and_where_it_was_begun(string how)
    {
        await using var provider = await RealProvider.StartAsync($"{PublicUrl}/sign-in/callback");
        await using var server = await StartAsync(provider, "RS256");
        using var browser = new Browser(server.Address, PublicUrl);
        var callback = await CallbackAsync(browser, "kim");
        var address = how switch
        {
            "another state" => callback.Replace("state=", "state=x", StringComparison.Ordinal),
            "another issuer" => callback.Replace("iss=http%3A%2F%2F127.0.0.1", "iss=http%3A%2F%2F127.0.0.2", StringComparison.Ordinal),
            _ => callback,
        };
        Assert.True(how is "another browser" or "a second time" || address != callback);
        using var other = how == "another browser" ? new Browser(server.Address, PublicUrl) : null;
        if (how == "a second time")
            (await browser.AskAsync(HttpMethod.Get, address, null)).Dispose();
        using var refused = await (other ?? browser).AskAsync(HttpMethod.Get, address, null);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.DoesNotContain(refused.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], cookie => cookie.Contains("session", StringComparison.Ordinal));
    }

    private static Task<RunningServer> StartAsync(RealProvider provider, string algorithm, params string[] more) => RunningServer.StartAsync(null,
    [
        "--Api:Access:PublicUrl", PublicUrl, "--Api:OpenId:Authority", provider.Address.ToString().TrimEnd('/'), "--Api:OpenId:ClientId", $"backup-{algorithm}",
        "--Api:OpenId:ClientSecret", "a-secret-of-the-test", "--Api:OpenId:RoleMap:backup-admins", "provider-admin", "--Api:OpenId:RoleMap:backup-operators", "provider-operator", .. more,
    ]);

    /// <summary>Up to where the provider sends the browser back to, without going there.</summary>
    private static async Task<string> CallbackAsync(Browser browser, string account)
    {
        using var login = await browser.GoAsync("/sign-in/provider?returnTo=%2Foperations");
        var page = await login.Content.ReadAsStringAsync();
        browser.StopsAt = "/sign-in/callback";
        using var consent = await browser.SubmitAsync(page, ("prompt", "login"), ("login", account), ("password", "any"));
        using var end = await browser.SubmitAsync(await consent.Content.ReadAsStringAsync(), ("prompt", "consent"));
        return end.Headers.Location!.PathAndQuery;
    }

    private static async Task<HttpResponseMessage> SignInAsync(Browser browser, string account, string returnTo)
    {
        using var login = await browser.GoAsync($"/sign-in/provider?returnTo={Uri.EscapeDataString(returnTo)}");
        using var consent = await browser.SubmitAsync(await login.Content.ReadAsStringAsync(), ("prompt", "login"), ("login", account), ("password", "any"));
        return await browser.SubmitAsync(await consent.Content.ReadAsStringAsync(), ("prompt", "consent"));
    }

    private static async Task<HttpStatusCode> StatusAsync(Browser browser, string path)
    {
        using var response = await browser.AskAsync(HttpMethod.Get, path, null, ("X-Requested-With", "test"));
        return response.StatusCode;
    }

    private static async Task<JsonElement> MeAsync(Browser browser)
    {
        using var response = await browser.AskAsync(HttpMethod.Get, "/api/v1/me", null, ("X-Requested-With", "test"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
