using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>From a fresh server to a tenant in service without any secret: over REST, with the real grains and a token endpoint that checks every assertion.</summary>
[Collection(nameof(LiveServer))]
public sealed class CertificateRouteTests(LiveServer server)
{
    [Fact]
    public async Task A_certificate_is_made_added_checked_and_used_and_no_answer_or_book_has_the_key()
    {
        var made = await server.PostAsync("/api/v1/certificates", """{"days":200}""");
        var id = made.GetProperty("id").GetString();
        Assert.Equal(("made", false, 199), (made.GetProperty("origin").GetString(), made.GetProperty("inUse").GetBoolean(), made.GetProperty("daysLeft").GetInt32()));
        using (var file = await server.Client.GetAsync(new Uri($"/api/v1/certificates/{id}/file", UriKind.Relative)))
        {
            Assert.Equal(("application/x-pem-file", $"orleansbackup-{made.GetProperty("thumbprint").GetString()}.pem"), (file.Content.Headers.ContentType!.MediaType, file.Content.Headers.ContentDisposition!.FileName));
            using var certificate = X509Certificate2.CreateFromPem(await file.Content.ReadAsStringAsync());
            Assert.Equal((false, id), (certificate.HasPrivateKey, Convert.ToHexStringLower(SHA256.HashData(certificate.RawData))));
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(HttpMethod.Post, $"{server.TenantPath}/certificates/{id}/uses", "{}")).Status); // nobody added it
        server.Admin.RegisterCertificate(server.Created.TenantId.ToString(), made.GetProperty("pem").GetString()!);
        var permissions = await server.PostAsync($"{server.TenantPath}/certificates/{id}/checks", "{}");
        Assert.Contains(permissions.GetProperty("permissions").EnumerateArray(), permission => permission.GetProperty("granted").GetBoolean());
        Assert.True((await server.PostAsync($"{server.TenantPath}/certificates/{id}/uses", "{}")).GetProperty("inUse").GetBoolean());
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Delete, $"{server.TenantPath}/certificates/{id}", null)).Status); // in use
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"/api/v1/certificates/{id}", null)).Status); // the tenant has its own copy
        await server.RunAsync(server.MailboxPath);
        var listed = Assert.Single((await server.GetAsync($"{server.TenantPath}/certificates")).GetProperty("certificates").EnumerateArray());
        Assert.True(listed.GetProperty("inUse").GetBoolean());
        Assert.Contains("certificate.use", (await server.GetAsync($"{server.TenantPath}/audit")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_handed_over_comes_back_in_no_answer_and_stands_in_no_book()
    {
        using var key = RSA.Create(2048);
        using var elsewhere = new CertificateRequest("CN=elsewhere", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(100));
        var (pem, prime) = (key.ExportPkcs8PrivateKeyPem(), Convert.ToBase64String(key.ExportParameters(true).P!));
        var path = $"{server.TenantPath}/certificates";
        var (status, given) = await SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(new { pem = elsewhere.ExportCertificatePem() + "\n" + pem }));
        Assert.Equal((HttpStatusCode.Created, false), (status, given.Contains("PRIVATE", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(new { pfx = elsewhere.Export(X509ContentType.Pkcs12, "a-password"), password = "a-password" }))).Status); // the same again
        foreach (var (body, field) in new[]
        {
            (JsonSerializer.Serialize(new { pem, days = 5 }), "days"), (JsonSerializer.Serialize(new { pem }), "pem"), ("""{"pfx":"AAAA"}""", "pfx"), ("""{"days":0}""", "days"), ("""{"days":2000000000}""", "days"),
        })
        {
            var (refused, said) = await SendAsync(HttpMethod.Post, path, body);
            Assert.Equal((HttpStatusCode.BadRequest, field), (refused, JsonDocument.Parse(said).RootElement.GetProperty("field").GetString()));
            Assert.DoesNotContain("PRIVATE", said, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Get, $"{path}/nonsense", null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, $"{path}/{new string('0', 64)}", null)).Status);
        foreach (var told in new[] { $"{server.TenantPath}/audit", "/api/v1/audit", path })
        {
            var text = (await server.GetAsync(told)).ToString();
            Assert.DoesNotContain(pem[60..100], text, StringComparison.Ordinal);
            Assert.DoesNotContain(prime[..30], text, StringComparison.Ordinal);
            Assert.DoesNotContain("a-password", text, StringComparison.Ordinal);
        }
        var id = JsonDocument.Parse(given).RootElement.GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"{path}/{id}", null)).Status);
    }

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await server.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
