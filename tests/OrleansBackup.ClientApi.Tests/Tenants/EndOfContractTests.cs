using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.Tenants;

/// <summary>How a customer leaves, as he and two persons at the provider see it over HTTP: he takes everything with him, verifies it with a program of his own, is destroyed, and verifies that too.</summary>
public sealed class EndOfContractTests : IAsyncLifetime
{
    private const string Contact = "robin@fabrikam.example";

    private readonly string _mine = Directory.CreateTempSubdirectory("orleansbackup-customer-").FullName;
    private readonly string _second = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
    private readonly LiveServer _server;

    public EndOfContractTests() => _server = new LiveServer { MoreSettings = ["--Api:Keys:sam", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_second))), "--Api:KeyRoles:sam", "provider-admin"] };

    public Task InitializeAsync() => _server.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_mine, recursive: true);
    }

    [Fact]
    public async Task Export_download_verification_destruction_by_two_persons_and_its_record_over_real_http()
    {
        var exports = $"{_server.TenantPath}/exports";
        await PutAsync($"{_server.TenantPath}/contacts", $$"""{"contacts":[{"name":"Robin","email":"{{Contact}}","language":"en","authority":["endContract"]}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, exports, """{"why":"Letter 1"}""")).Status); // nobody asked for it
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, exports, """{"by":"stranger@example.nl","why":"Letter 1"}""")).Status);
        var ordered = await _server.PostAsync(exports, $$"""{"by":"{{Contact}}","why":"Letter 1"}""");
        var id = ordered.GetProperty("id").GetString()!;
        JsonElement export = default;
        await LiveServer.UntilAsync("the export to end", async () => (export = (await _server.GetAsync(exports)).GetProperty("exports")[0]).GetProperty("state").GetString() == "ended");
        Assert.Equal((id, JsonValueKind.Null), (export.GetProperty("id").GetString(), export.GetProperty("problem").ValueKind));
        var resources = export.GetProperty("done").EnumerateArray().ToList();
        Assert.True(resources.Count == export.GetProperty("resources").GetInt32() && resources.Count >= 4, $"{resources.Count} resources");

        var folder = Path.Combine(_mine, "export");
        Directory.CreateDirectory(folder);
        foreach (var file in resources.Select(one => one.GetProperty("file").GetString()!).Concat(["manifest.txt", "manifest.sig", "provider.pem"]))
            await File.WriteAllBytesAsync(Path.Combine(folder, file), await _server.Client.GetByteArrayAsync(new Uri($"{exports}/{id}/files/{file}", UriKind.Relative)));
        foreach (var outside in new[] { "..%2F..%2Fapi-key", "%2Fetc%2Fpasswd", "mailbox.zip.part", "nothing.zip" })
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, $"{exports}/{id}/files/{outside}", null)).Status);
        var known = Path.Combine(_mine, "known.pem");
        await File.WriteAllTextAsync(known, await _server.Client.GetStringAsync(new Uri("/api/v1/deletion-key", UriKind.Relative)));
        Assert.Equal((0, true), await VerifiedAsync("valid", "verify-export", folder, "--public-key", known));
        using (var zip = ZipFile.OpenRead(Path.Combine(folder, $"mailbox-{_server.Created.Mailboxes[0].UserId}.zip")))
            Assert.Equal(12, zip.Entries.Count(entry => entry.Name.EndsWith(".eml", StringComparison.Ordinal)));
        var altered = Path.Combine(folder, resources[0].GetProperty("file").GetString()!);
        var whole = await File.ReadAllBytesAsync(altered);
        await File.WriteAllBytesAsync(altered, [.. whole[..^30], (byte)(whole[^30] ^ 1), .. whole[^29..]]);
        Assert.Equal((1, true), await VerifiedAsync("is not the file that was exported", "verify-export", folder, "--public-key", known));

        // Destroyed by two persons, each with a key of his own; by one of them with neither of two requests.
        var destruction = $"{_server.TenantPath}/destruction";
        var body = $$"""{"confirmation":"destroy {{_server.Created.TenantId}}","why":"Letter 2"}""";
        var proposed = await SendAsync(HttpMethod.Post, destruction, body);
        Assert.Equal(HttpStatusCode.Created, proposed.Status);
        var confirming = $"{destruction}?confirm={proposed.Body.GetProperty("id").GetString()}";
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Post, confirming, body)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, destruction, null)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(HttpMethod.Post, confirming, body, _second)).Status);
        JsonElement standing = default;
        await LiveServer.UntilAsync("the destruction to end", async () => (standing = await _server.GetAsync(destruction)).GetProperty("endedAt").ValueKind != JsonValueKind.Null);
        Assert.Equal(("done", 0), (standing.GetProperty("state").GetString(), standing.GetProperty("objectsLeft").GetInt32()));

        var record = Path.Combine(_mine, "record.zip");
        await File.WriteAllBytesAsync(record, await _server.Client.GetByteArrayAsync(new Uri($"{_server.TenantPath}/deletion-record", UriKind.Relative)));
        Assert.Equal((0, true), await VerifiedAsync($"{_server.Created.TenantId}", "verify-deletion", record, "--public-key", known));
        await File.WriteAllBytesAsync(record, [.. (await File.ReadAllBytesAsync(record)).Select((one, at) => at == 60 ? (byte)(one ^ 1) : one)]);
        Assert.NotEqual(0, (await VerifiedAsync("", "verify-deletion", record, "--public-key", known)).Code);

        // What was made for him in clear goes with his data.
        var left = Path.Combine(_server.Folder, "exports");
        Assert.Empty(Directory.Exists(left) ? Directory.GetFiles(left, "*", SearchOption.AllDirectories) : []);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, $"{exports}/{id}/files/manifest.txt", null)).Status);
        Assert.DoesNotContain((await _server.GetAsync("/api/v1/tenants")).GetProperty("tenants").EnumerateArray(), one => one.GetProperty("id").GetString() == $"{_server.Created.TenantId}");
        await AssertDocumentsAsync();
    }

    /// <summary>What the provider keeps of him, and for how long, is told; a hold is placed and lifted.</summary>
    private async Task AssertDocumentsAsync()
    {
        const string documents = "/api/v1/documents";
        Assert.Equal((7, 12), ((await _server.GetAsync(documents)).GetProperty("years").GetInt32(), (await _server.GetAsync(documents)).GetProperty("yearEndsIn").GetInt32()));
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, $"{documents}/holds", """{"why":""}""")).Status);
        var hold = await _server.PostAsync($"{documents}/holds", $$"""{"tenant":"{{_server.Created.TenantId}}","why":"A court asks."}""");
        Assert.Equal("A court asks.", Assert.Single((await _server.GetAsync(documents)).GetProperty("holds").EnumerateArray()).GetProperty("why").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"{documents}/holds/{hold.GetProperty("id").GetString()}", null)).Status);
        Assert.Empty((await _server.GetAsync(documents)).GetProperty("holds").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, $"{documents}/deletions/2034-01-01/0001", null)).Status);
    }

    private async Task PutAsync(string path, string json) => Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, path, json)).Status);

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? json, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await _server.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
    }

    /// <summary>Runs the customer's program as a process of its own.</summary>
    private static async Task<(int Code, bool Told)> VerifiedAsync(string told, params string[] words)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [Path.Combine(AppContext.BaseDirectory, "vault.dll"), .. words])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token) + await process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, output.Contains(told, StringComparison.Ordinal));
    }
}
