using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>Sign-in as the identity platform does it.</summary>
public sealed class IdentityTests
{
    private static readonly string[] Scopes = ["https://graph.microsoft.com/.default"];

    [Fact]
    public async Task The_usual_sign_in_library_gets_a_token_that_Graph_accepts()
    {
        await using var graph = await SimulatedGraph.StartAsync();
        using var http = new HttpClient(graph.Host.CreateHttpHandler());
        var credential = new ClientSecretCredential(graph.TenantName, graph.Tenant.ClientId.ToString(), graph.Tenant.ClientSecret, new ClientSecretCredentialOptions
        {
            AuthorityHost = graph.Host.BaseAddress,
            DisableInstanceDiscovery = true,
            Transport = new HttpClientTransport(http),
        });
        await AssertOpensAsync(graph, (await credential.GetTokenAsync(new TokenRequestContext(Scopes), CancellationToken.None)).Token);
    }

    [Fact]
    public async Task A_registered_certificate_signs_in_and_another_does_not()
    {
        await using var graph = await SimulatedGraph.StartAsync();
        using var http = new HttpClient(graph.Host.CreateHttpHandler());
        using var registered = Certificate();
        using var other = Certificate();
        graph.Admin.Tenant(graph.TenantName).App.Certificates["first"] = registered;
        await AssertOpensAsync(graph, (await Credential(registered).GetTokenAsync(new TokenRequestContext(Scopes), CancellationToken.None)).Token);
        var refused = await Assert.ThrowsAsync<AuthenticationFailedException>(async () => await Credential(other).GetTokenAsync(new TokenRequestContext(Scopes), CancellationToken.None));
        Assert.Contains("AADSTS700027", refused.ToString(), StringComparison.Ordinal);

        ClientCertificateCredential Credential(X509Certificate2 certificate) => new(graph.TenantName, graph.Tenant.ClientId.ToString(), certificate, new ClientCertificateCredentialOptions
        {
            AuthorityHost = graph.Host.BaseAddress,
            DisableInstanceDiscovery = true,
            Transport = new HttpClientTransport(http),
        });
    }

    [Fact]
    public async Task A_refusal_names_its_number()
    {
        await using var graph = await SimulatedGraph.StartAsync();
        await AssertRefusedAsync(graph.TokenAsync("wrong"), HttpStatusCode.Unauthorized, "invalid_client", 7000215);
        await AssertRefusedAsync(graph.TokenAsync(graph.Tenant.ClientSecret, tenant: Guid.NewGuid().ToString()), HttpStatusCode.BadRequest, "invalid_request", 90002);
        await AssertRefusedAsync(graph.TokenAsync(graph.Tenant.ClientSecret, tenant: "common"), HttpStatusCode.BadRequest, "invalid_request", 9001023);
        await AssertRefusedAsync(graph.TokenAsync(graph.Tenant.ClientSecret, scope: "Mail.Read"), HttpStatusCode.BadRequest, "invalid_scope", 70011);
        graph.Admin.SetSignInError(graph.TenantName, 7000229);
        await AssertRefusedAsync(graph.TokenAsync(graph.Tenant.ClientSecret), HttpStatusCode.BadRequest, "unauthorized_client", 7000229);
    }

    [Fact]
    public async Task An_app_without_consent_gets_a_token_without_roles_and_each_service_refuses_it_in_its_own_words()
    {
        await using var graph = await SimulatedGraph.StartAsync();
        graph.Admin.SetPermissions(graph.TenantName, []);
        var (_, body) = await graph.TokenAsync(graph.Tenant.ClientSecret);
        var claims = JsonNode.Parse(Convert.FromBase64String(Padded(((string)body["access_token"]!).Split('.')[1])))!.AsObject();
        Assert.False(claims.ContainsKey("roles"));
        await graph.SignInAsync();
        Assert.Equal((HttpStatusCode.Forbidden, "Authorization_RequestDenied"), await graph.RefusedAsync(HttpMethod.Get, "/users"));
        Assert.Equal((HttpStatusCode.Forbidden, "ErrorAccessDenied"), await graph.RefusedAsync(HttpMethod.Get, $"/users/{graph.User}/mailFolders"));
    }

    [Fact]
    public async Task Consent_withdrawn_acts_at_once_and_consent_added_needs_a_new_token()
    {
        await using var graph = await SimulatedGraph.StartAsync();
        graph.Admin.SetPermissions(graph.TenantName, ["User.Read.All"]);
        Assert.Equal((HttpStatusCode.Forbidden, "ErrorAccessDenied"), await graph.RefusedAsync(HttpMethod.Get, $"/users/{graph.User}/mailFolders"));
        await graph.GetAsync("/users");
        await graph.SignInAsync();
        graph.Admin.SetPermissions(graph.TenantName, ["User.Read.All", "Mail.Read"]);
        Assert.Equal((HttpStatusCode.Forbidden, "ErrorAccessDenied"), await graph.RefusedAsync(HttpMethod.Get, $"/users/{graph.User}/mailFolders"));
        await graph.SignInAsync();
        await graph.GetAsync($"/users/{graph.User}/mailFolders");
    }

    [Fact]
    public async Task Expired_revoked_and_forged_tokens_are_refused()
    {
        var time = new ManualTime();
        await using var graph = await SimulatedGraph.StartAsync(options: new GraphSimulatorOptions { Time = time });
        graph.Host.World.Clock.Advance(TimeSpan.FromDays(30));
        await graph.GetAsync("/users"); // the tenants' days pass, tokens live in real time
        graph.Admin.SetPermissions(graph.TenantName, ["User.Read.All"], revokeTokens: true);
        time.Advance(TimeSpan.FromSeconds(1));
        await graph.SignInAsync();
        await graph.GetAsync("/users");
        graph.Admin.SetPermissions(graph.TenantName, ["User.Read.All"], revokeTokens: true);
        Assert.Equal((HttpStatusCode.Unauthorized, "InvalidAuthenticationToken"), await graph.RefusedAsync(HttpMethod.Get, "/users"));
        await graph.SignInAsync();
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal((HttpStatusCode.Unauthorized, "InvalidAuthenticationToken"), await graph.RefusedAsync(HttpMethod.Get, "/users"));
        graph.Client.DefaultRequestHeaders.Authorization = new("Bearer", "e30.e30.AAAA");
        Assert.Equal((HttpStatusCode.Unauthorized, "InvalidAuthenticationToken"), await graph.RefusedAsync(HttpMethod.Get, "/users"));
        graph.Client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal((HttpStatusCode.Unauthorized, "InvalidAuthenticationToken"), await graph.RefusedAsync(HttpMethod.Get, "/users"));
    }

    [Fact]
    public async Task The_permission_to_list_does_not_show_bodies()
    {
        await using var graph = await SimulatedGraph.StartAsync();
        graph.Admin.SetPermissions(graph.TenantName, ["Mail.ReadBasic.All"]);
        await graph.SignInAsync();
        var message = (await graph.GetAsync($"/users/{graph.User}/messages"))["value"]!.AsArray()[0]!.AsObject();
        Assert.False(message.ContainsKey("body") || message.ContainsKey("bodyPreview"));
        Assert.Equal((HttpStatusCode.Forbidden, "ErrorAccessDenied"), await graph.RefusedAsync(HttpMethod.Get, $"/users/{graph.User}/messages/{message["id"]}/$value"));
    }

    [Fact]
    public async Task A_client_that_trusts_the_written_certificate_connects_and_one_that_does_not_refuses()
    {
        await using var graph = await SimulatedGraph.StartAsync();
        using var root = X509Certificate2.CreateFromPem(graph.Host.Certificate.ExportCertificatePem());
        using var trusting = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck } },
        });
        using var answer = await trusting.GetAsync(new Uri(graph.Host.BaseAddress, $"/{graph.TenantName}/v2.0/.well-known/openid-configuration"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var other = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => other.GetAsync(graph.Host.BaseAddress));
    }

    private static async Task AssertOpensAsync(SimulatedGraph graph, string token)
    {
        graph.Client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await graph.GetAsync("/organization");
    }

    private static async Task AssertRefusedAsync(Task<(HttpStatusCode Status, JsonObject Body)> answer, HttpStatusCode status, string error, int number)
    {
        var (actual, body) = await answer;
        Assert.Equal((status, error, number), (actual, (string)body["error"]!, (int)body["error_codes"]![0]!));
        Assert.StartsWith($"AADSTS{number}: ", (string)body["error_description"]!, StringComparison.Ordinal);
    }

    private static string Padded(string text) => text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - text.Length % 4) % 4);

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=app", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(80));
    }
}
