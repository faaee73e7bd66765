using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.OpenApi;

public sealed class ApiDocumentTests : ApiHost
{
    [Fact]
    public async Task The_document_has_every_route_with_its_summary_sign_in_and_problems()
    {
        var paths = (await GetAsync("/openapi/v1.json")).At("paths");
        var described = 0;
        foreach (var endpoint in Endpoints)
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            if (pattern is "/operations" or "/operations/due" or "/openapi/{documentName}.json" || pattern.StartsWith("/sign-", StringComparison.Ordinal))
                continue; // pages, no part of the API
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods)
            {
                var where = $"{method} {pattern}";
                Assert.True(paths.TryGetProperty(pattern, out var path), where);
                var operation = path.At(method.ToLowerInvariant());
                Assert.False(string.IsNullOrEmpty(operation.Text("summary")), where);
                described++;
                if (pattern.StartsWith("/health", StringComparison.Ordinal))
                    continue;
                Assert.Equal(2, operation.At("security").GetArrayLength());
                foreach (var status in new[] { "400", "401", "404", "409", "422", "500", "503" })
                    Assert.True(operation.At("responses").At(status).At("content").TryGetProperty("application/problem+json", out _), $"{where}: {status}");
                Assert.Contains(operation.At("responses").EnumerateObject(), response => response.Name[0] == '2');
                foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default)
                    Assert.True(parameter.TryGetProperty("description", out _), $"{where}: {parameter.Text("name")}");
            }
        }
        Assert.Equal(described, paths.EnumerateObject().Sum(path => path.Value.EnumerateObject().Count()));
    }

    [Fact]
    public async Task Both_ways_to_sign_in_are_described()
    {
        var schemes = (await GetAsync("/openapi/v1.json")).At("components").At("securitySchemes");
        Assert.Equal("bearer", schemes.At("bearer").Text("scheme"));
        Assert.Equal("X-Api-Key", schemes.At("apiKeyHeader").Text("name"));
    }

    [Fact]
    public async Task Enums_spans_and_points_are_described_as_they_are_written()
    {
        var schemas = (await GetAsync("/openapi/v1.json")).At("components").At("schemas");
        Assert.Contains("\"completedWithFailures\"", schemas.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["everything", "selection"], EnumOf(schemas.At("ScopeMode")));
        Assert.Contains("pattern", Property(schemas, "WindowBody", "start").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("integer", Resolved(schemas, Property(schemas, "RestoreBody", "point")).GetRawText(), StringComparison.Ordinal);
        Assert.True(schemas.At("ProblemDetails").At("properties").TryGetProperty("field", out _));
    }

    [Fact]
    public async Task The_documentation_page_reads_this_document()
    {
        using var response = await Anonymous.GetAsync(new Uri("/docs/index.js", UriKind.Relative));
        Assert.Contains("/openapi/v1.json", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static JsonElement Property(JsonElement schemas, string schema, string property) => schemas.At(schema).At("properties").At(property);

    private static IEnumerable<string?> EnumOf(JsonElement schema) => schema.At("enum").EnumerateArray().Select(value => value.GetString());

    private static JsonElement Resolved(JsonElement schemas, JsonElement schema) =>
        schema.GetRawText() is var text && text.IndexOf("#/components/schemas/", StringComparison.Ordinal) is >= 0 and var start
            ? schemas.At(text[(start + 21)..].Split('"')[0])
            : schema;
}
