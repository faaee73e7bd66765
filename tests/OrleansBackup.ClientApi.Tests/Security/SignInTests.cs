using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NSubstitute;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.ClientApi.Tests.Security;

public sealed class SignInTests : ApiHost
{
    private const string FurtherKey = "a-further-key-of-a-person";

    protected override IEnumerable<KeyValuePair<string, string?>> Settings() =>
        [new("Api:Keys:kim", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FurtherKey))))];

    [Fact]
    public async Task Every_endpoint_but_health_and_documentation_requires_sign_in()
    {
        string[] open =
        [
            "/health/live", "/health/ready", "/openapi/{documentName}.json", "/api/v1/problems", "/api/v1/problems/{type}",
            "/sign-in", "/sign-in/provider", "/sign-in/callback", "/sign-out",
        ];
        Assert.True(Endpoints.Count > 35, $"{Endpoints.Count} endpoints");
        foreach (var endpoint in Endpoints)
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (open.Contains(pattern.TrimEnd('/')))
                continue;
            Assert.True(endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null, pattern);
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Fill(pattern), UriKind.Relative));
                using var response = await Anonymous.SendAsync(request);
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
                if (method != HttpMethods.Head) // which has no body to say why in
                    await ExpectProblemAsync(response, HttpStatusCode.Unauthorized, "sign-in-required");
            }
        }
        Assert.Empty(Service.Mailbox.ReceivedCalls());
        Assert.Empty(Service.Tenant.ReceivedCalls());
        Assert.Empty(Service.Point.ReceivedCalls());
        Assert.Empty(Service.Restore.ReceivedCalls());
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/index.html")]
    public async Task Health_and_documentation_are_open(string path) => Assert.Equal(HttpStatusCode.OK, (await Anonymous.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);

    [Fact]
    public async Task An_unknown_address_tells_a_stranger_nothing()
    {
        using var response = await Anonymous.GetAsync(new Uri("/api/v1/nothing", UriKind.Relative));
        await ExpectProblemAsync(response, HttpStatusCode.Unauthorized, "sign-in-required");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory]
    [InlineData("Bearer", "wrong")]
    [InlineData("Bearer", "")]
    [InlineData("Basic", "{key as password}")]
    [InlineData("Digest", "{key}")]
    public async Task A_wrong_key_or_a_wrong_way_opens_nothing(string scheme, string credential)
    {
        using var response = await AskAsync("/api/v1/tenants", new AuthenticationHeaderValue(scheme, Fill(credential, Key)));
        await ExpectProblemAsync(response, HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Fact]
    public async Task The_hash_of_a_key_is_not_a_key()
    {
        using var response = await AskAsync("/api/v1/tenants", new AuthenticationHeaderValue("Bearer", Settings().Single().Value));
        await ExpectProblemAsync(response, HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Fact]
    public async Task A_key_in_its_own_header_opens()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/tenants", UriKind.Relative));
        request.Headers.Add("X-Api-Key", Key);
        Assert.Equal(HttpStatusCode.OK, (await Anonymous.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_further_key_opens_and_its_holder_is_who_asked_for_a_restore()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{Sample.TenantPath}/restores", UriKind.Relative))
        {
            Content = new StringContent($$"""{"resource":"{{Sample.Mailbox.LocalName}}","point":7,"selection":{"everything":true},"conflict":"skip"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", FurtherKey);
        Assert.Equal(HttpStatusCode.Accepted, (await Anonymous.SendAsync(request)).StatusCode);
        await Service.Tenant.Received(1).StartRestore(Arg.Is<RestoreRequest>(asked => asked.RequestedBy == "kim"), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task The_operators_page_asks_a_browser_for_a_password_and_takes_the_key()
    {
        using var refused = await Anonymous.GetAsync(new Uri("/operations", UriKind.Relative));
        Assert.Equal("Basic", refused.Headers.WwwAuthenticate.Single().Scheme);
        using var wrong = await AskAsync("/operations", new AuthenticationHeaderValue("Basic", Convert.ToBase64String("operator:wrong"u8)));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var broken = await AskAsync("/operations", new AuthenticationHeaderValue("Basic", "no base64!"));
        Assert.Equal(HttpStatusCode.Unauthorized, broken.StatusCode);
        using var opened = await AskAsync("/operations", new AuthenticationHeaderValue("Basic", Fill("{key as password}", Key)));
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
    }

    [Fact]
    public void The_first_key_is_for_the_servers_account_alone()
    {
        Assert.StartsWith("obk_", Key, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    private async Task<HttpResponseMessage> AskAsync(string path, AuthenticationHeaderValue authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = authorization;
        return await Anonymous.SendAsync(request);
    }

    private static string Fill(string credential, string key) => credential
        .Replace("{key as password}", Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{key}")), StringComparison.Ordinal)
        .Replace("{key}", key, StringComparison.Ordinal);

    private static string Fill(string pattern) => pattern
        .Replace("{tenant}", Sample.Tenant.ToString(), StringComparison.Ordinal)
        .Replace("{resource}", Sample.Mailbox.LocalName, StringComparison.Ordinal)
        .Replace("{run}", Sample.Run.ToString(), StringComparison.Ordinal)
        .Replace("{job}", Sample.Job.ToString(), StringComparison.Ordinal)
        .Replace("{point}", "7", StringComparison.Ordinal)
        .Replace("{folderId}", "inbox-id%3D", StringComparison.Ordinal)
        .Replace("{itemId}", "item%2F1%3D", StringComparison.Ordinal)
        .Replace("{n}", "0", StringComparison.Ordinal);
}
