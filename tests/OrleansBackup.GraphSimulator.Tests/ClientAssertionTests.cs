using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Tests.Given;

namespace OrleansBackup.GraphSimulator.Tests;

/// <summary>The token endpoint believes an assertion only if every part of it is right: a client that passes here proves what it signs.</summary>
public sealed class ClientAssertionTests
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    [Fact]
    public async Task An_assertion_is_taken_once_and_only_if_every_part_of_it_is_right()
    {
        var time = new ManualTime();
        await using var graph = await SimulatedGraph.StartAsync(options: new GraphSimulatorOptions { Time = time });
        using var key = RSA.Create(2048);
        using var certificate = Certificate(key, time.GetUtcNow().AddDays(1));
        using var stranger = RSA.Create(2048);
        graph.Admin.RegisterCertificate(graph.TenantName, certificate.ExportCertificatePem());
        var right = Claims(graph, time.GetUtcNow());
        var (header, first) = (Header(certificate), Signed(Header(certificate), right, key));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(graph, first)).Status);
        Assert.Equal(700027, (await AskAsync(graph, first)).Number); // used before
        Assert.Equal(700027, (await AskAsync(graph, Signed(header, With(right, "jti", null), key))).Number);
        Assert.Equal(700027, (await AskAsync(graph, Signed(header, Fresh(right), stranger))).Number);
        Assert.Equal(700027, (await AskAsync(graph, Tampered(Signed(header, Fresh(right), key)))).Number);
        foreach (var claim in new[] { "aud", "iss", "sub" })
            Assert.Equal(700027, (await AskAsync(graph, Signed(header, With(Fresh(right), claim, "https://elsewhere.example"), key))).Number);
        Assert.Equal(700027, (await AskAsync(graph, Signed(With(header, "alg", "RS256"), Fresh(right), key))).Number);
        Assert.Equal(700027, (await AskAsync(graph, Signed(With(header, "alg", "none"), Fresh(right), key))).Number);
        Assert.Equal(700027, (await AskAsync(graph, Signed(With(header, "x5t#S256", "AAAA"), Fresh(right), key))).Number);
        Assert.Equal(700024, (await AskAsync(graph, Signed(header, With(Fresh(right), "exp", time.GetUtcNow().ToUnixTimeSeconds()), key))).Number);
        Assert.Equal(700024, (await AskAsync(graph, Signed(header, With(Fresh(right), "exp", time.GetUtcNow().AddDays(1).ToUnixTimeSeconds()), key))).Number);
        Assert.Equal(700024, (await AskAsync(graph, Signed(header, With(Fresh(right), "nbf", time.GetUtcNow().AddHours(1).ToUnixTimeSeconds()), key))).Number);
        Assert.Equal(7000218, (await AskAsync(graph, Signed(header, Fresh(right), key), "something else")).Number);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(graph, Signed(header, Fresh(right), key))).Status);

        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1000502, (await AskAsync(graph, Signed(header, Claims(graph, time.GetUtcNow()), key))).Number);
        graph.Admin.UnregisterCertificate(graph.TenantName, certificate.Thumbprint);
        Assert.Equal(700027, (await AskAsync(graph, Signed(header, Claims(graph, time.GetUtcNow()), key))).Number);
    }

    private static async Task<(HttpStatusCode Status, int Number)> AskAsync(SimulatedGraph graph, string assertion, string type = AssertionType)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["scope"] = "https://graph.microsoft.com/.default", ["client_id"] = graph.Tenant.ClientId.ToString(),
            ["client_assertion_type"] = type, ["client_assertion"] = assertion,
        });
        using var answer = await graph.Client.PostAsync(new Uri($"/{graph.TenantName}/oauth2/v2.0/token", UriKind.Relative), form);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        return (answer.StatusCode, (int?)body["error_codes"]?[0] ?? 0);
    }

    private static JsonObject Claims(SimulatedGraph graph, DateTimeOffset now) => new()
    {
        ["aud"] = $"{graph.Host.BaseAddress.ToString().TrimEnd('/')}/{graph.TenantName}/oauth2/v2.0/token", ["iss"] = graph.Tenant.ClientId.ToString(), ["sub"] = graph.Tenant.ClientId.ToString(),
        ["jti"] = Guid.NewGuid().ToString(), ["nbf"] = now.ToUnixTimeSeconds(), ["exp"] = now.AddMinutes(10).ToUnixTimeSeconds(),
    };

    private static JsonObject Header(X509Certificate2 certificate) => new() { ["alg"] = "PS256", ["typ"] = "JWT", ["x5t#S256"] = Encode(SHA256.HashData(certificate.RawData)) };

    private static JsonObject Fresh(JsonObject claims) => With(claims, "jti", Guid.NewGuid().ToString());

    private static JsonObject With(JsonObject of, string name, JsonNode? value)
    {
        var changed = of.DeepClone().AsObject();
        changed[name] = value;
        return changed;
    }

    private static string Signed(JsonObject header, JsonObject claims, RSA key)
    {
        var content = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        var padding = (string?)header["alg"] == "RS256" ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
        return $"{content}.{Encode(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, padding))}";
    }

    /// <summary>Other claims under the same signature.</summary>
    private static string Tampered(string assertion)
    {
        var parts = assertion.Split('.');
        var claims = JsonNode.Parse(Convert.FromBase64String(parts[1].Replace('-', '+').Replace('_', '/') + new string('=', (4 - parts[1].Length % 4) % 4)))!.AsObject();
        return $"{parts[0]}.{Encode(Encoding.UTF8.GetBytes(Fresh(claims).ToJsonString()))}.{parts[2]}";
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static X509Certificate2 Certificate(RSA key, DateTimeOffset ends) =>
        new CertificateRequest("CN=app", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(ends.AddDays(-30), ends);
}
