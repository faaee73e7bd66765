using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Tests.Hosting;
using Xunit.Abstractions;

namespace OrleansBackup.ClientApi.Tests.Fuzzing;

/// <summary>Generated bad input on every operation that is published, against the whole server: an answer to each, no error of the server, nothing told that is nobody's business, nothing changed.</summary>
[Collection(nameof(LiveServer))]
public sealed class FuzzTests(LiveServer server, ITestOutputHelper output)
{
    private const int AddressesOfEach = 6;

    private static readonly string[] Documents =
    [
        "", "/settings", "/storage", "/contacts", "/webhooks", "/contract", "/resources", "/restores", "/restore-requests", "/moves", "/exports", "/rehearsals", "/work-orders", "/payments", "/invoices", "/billing-profile",
    ];

    [Fact]
    public async Task No_bad_input_to_any_operation_breaks_anything()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ORLEANSBACKUP_FUZZ_SEED"), out var given) ? given : 20261122;
        output.WriteLine($"Seed {seed} (ORLEANSBACKUP_FUZZ_SEED).");
        var (random, asked, wrong) = (new Random(seed), 0, new List<string>());
        var bad = new BadInput(random);
        var before = await StateAsync();
        var document = JsonNode.Parse(await server.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
        foreach (var (path, operations) in document["paths"]!.AsObject())
            foreach (var (method, operation) in operations!.AsObject())
            {
                var verb = new HttpMethod(method.ToUpperInvariant());
                for (var at = 0; at < AddressesOfEach; at++)
                    await AskAsync(verb, Address(path, operation!, bad, random, verb == HttpMethod.Get || verb == HttpMethod.Head), "no body", null, "application/json");
                if (operation!["requestBody"]?["content"]?["application/json"]?["example"] is not { } example)
                    continue;
                foreach (var (what, body, type) in bad.Bodies(example).Where(body => body.Body.Length > 0 || (bool?)operation["requestBody"]!["required"] == true))
                    await AskAsync(verb, Address(path, operation, bad, random, mayBeRight: true), what, body, type);
            }

        output.WriteLine($"{asked} requests.");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(40)));
        Assert.True(asked > 2_000, $"Only {asked} requests.");
        Assert.Equal(before, await StateAsync());

        async Task AskAsync(HttpMethod verb, string address, string what, byte[]? body, string type)
        {
            asked++;
            using var request = new HttpRequestMessage(verb, new Uri(server.Client.BaseAddress!, address));
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
            }
            try
            {
                using var patience = new CancellationTokenSource(Hang.Limit);
                using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
                if (WrongOf(response, response.StatusCode >= HttpStatusCode.BadRequest ? await response.Content.ReadAsStringAsync(patience.Token) : "", body is not null) is { } why)
                    wrong.Add($"{verb} {address[..Math.Min(160, address.Length)]} ({what}): {why}");
            }
            catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
            {
                wrong.Add($"{verb} {address[..Math.Min(160, address.Length)]} ({what}): {failed.Message}");
            }
        }
    }

    [Theory]
    [InlineData("GET /api/v1/tenants/%00 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /api/v1/a%00b?x=%00 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /api/v1/tenants HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /api/v1/tenants HTTP/1.1\r\nX: a\u0000b\r\nHost: a\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task What_is_no_HTTP_is_refused_with_a_problem_too(string request)
    {
        var answer = await RawRequest.SendAsync(server.Client.BaseAddress!, request);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json\r\n", answer, StringComparison.Ordinal);
        var problem = JsonDocument.Parse(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).RootElement;
        Assert.Equal("https://orleansbackup.dev/problems/refused", problem.Text("type"));
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_refused_with_a_problem_too()
    {
        var answer = await RawRequest.SendAsync(server.Client.BaseAddress!, $"GET /api/v1/tenants?x={new string('x', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 414 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/tenants/../../../../etc/passwd")]
    [InlineData("/docs/../../appsettings.json")]
    [InlineData("/docs/..%2f..%2fapi-key")]
    [InlineData("/docs/%2e%2e/%2e%2e/api-key")]
    [InlineData("//etc/passwd")]
    [InlineData("/openapi/..%2f..%2fapi-key.json")]
    public async Task No_path_leads_out_of_the_API(string path)
    {
        var answer = await RawRequest.SendAsync(server.Client.BaseAddress!, $"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Key}\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 4", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Key, answer, StringComparison.Ordinal);
    }

    private string? WrongOf(HttpResponseMessage response, string body, bool mustBeRefused)
    {
        if (response.StatusCode >= HttpStatusCode.InternalServerError)
            return $"{(int)response.StatusCode}: {body}";
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            return "the limits of the server were reached, so that nothing was tried";
        if (response.StatusCode < HttpStatusCode.BadRequest)
            return mustBeRefused ? $"taken with {(int)response.StatusCode}" : null;
        if (response.RequestMessage!.Method != HttpMethod.Head)
        {
            if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
                return $"{(int)response.StatusCode} without a problem document: {body}";
            var problem = JsonDocument.Parse(body).RootElement;
            if (!ProblemCatalogue.All.Any(type => type.Uri == problem.Text("type")) || string.IsNullOrEmpty(problem.Text("detail")))
                return $"not a problem of the catalogue: {body}";
        }
        return new[] { server.Folder, server.Key, server.Created.ClientSecret, "   at ", "Exception", "OrleansBackup.ClientApi", "Microsoft.AspNetCore", "System.Text" }.FirstOrDefault(told => body.Contains(told, StringComparison.Ordinal)) is { } leak
            ? $"tells '{leak}': {body}"
            : null;
    }

    /// <summary>An address with bad parts; of an operation that changes something at least one that can be nothing.</summary>
    private string Address(string path, JsonNode operation, BadInput bad, Random random, bool mayBeRight)
    {
        var (address, isBad) = (path, false);
        var parameters = (operation["parameters"]?.AsArray() ?? []).OfType<JsonNode>().ToList();
        foreach (var name in parameters.Where(parameter => (string?)parameter["in"] == "path").Select(parameter => (string)parameter["name"]!))
        {
            var right = mayBeRight ? name switch { "tenant" => server.Created.TenantId.ToString(), "resource" => server.MailboxPath.Split('/')[^1], "point" or "other" => "latest", _ => null } : null;
            isBad |= right is null;
            address = address.Replace($"{{{name}}}", right is not null && random.Next(4) > 0 ? right : bad.Segment(), StringComparison.Ordinal);
        }
        if (!mayBeRight && !isBad)
            return "/api/v1/nothing"; // without a part of the address that can be bad it would be done
        var query = string.Join('&', parameters.Where(parameter => (string?)parameter["in"] == "query" && random.Next(2) == 0)
            .Select(parameter => string.Create(CultureInfo.InvariantCulture, $"{parameter["name"]}={Uri.EscapeDataString(bad.Text())}")));
        return query.Length == 0 ? address : $"{address}?{query[..Math.Min(query.Length, 4_000)].TrimEnd('%')}";
    }

    /// <summary>Everything of the tenant and the provider that a request could change, as it is read.</summary>
    private async Task<string> StateAsync()
    {
        var state = new StringBuilder();
        foreach (var path in Documents.Select(document => server.TenantPath + document).Concat(["/api/v1/tenants", "/api/v1/incidents", "/api/v1/price-lists", $"{server.MailboxPath}/points", $"{server.MailboxPath}/runs", $"{server.MailboxPath}/brake"]))
            state.Append(path).Append('\n').Append(await (await server.Client.GetAsync(new Uri(path, UriKind.Relative))).Content.ReadAsStringAsync()).Append('\n');
        return System.Text.RegularExpressions.Regex.Replace(state.ToString(), "\"traceId\":\"[^\"]*\"", "");
    }
}
