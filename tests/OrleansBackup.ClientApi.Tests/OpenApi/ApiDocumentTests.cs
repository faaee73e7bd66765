using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.OpenApi;

public sealed class ApiDocumentTests : ApiHost
{
    [Fact]
    public async Task The_document_has_every_route_with_its_summary_sign_in_and_problems()
    {
        var paths = (await GetAsync("/openapi/v1.json")).At("paths");
        var (described, ids) = (0, new HashSet<string>(StringComparer.Ordinal));
        var meaningless = new SortedSet<string>(StringComparer.Ordinal);
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
                Assert.NotEqual(operation.Text("summary"), operation.Text("description"));
                Assert.True(ids.Add(operation.Text("operationId")!), $"{where}: {operation.Text("operationId")} is the id of another operation too.");
                if (pattern.StartsWith("/health", StringComparison.Ordinal))
                    continue;
                if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                    Assert.False(operation.TryGetProperty("security", out _), where);
                else
                    Assert.Equal((2, true), (operation.At("security").GetArrayLength(), operation.At("responses").TryGetProperty("401", out _)));
                foreach (var content in operation.TryGetProperty("requestBody", out var body) ? body.At("content").EnumerateObject() : default)
                    Assert.True(content.Value.TryGetProperty("example", out _), where);
                foreach (var status in new[] { "400", "404", "409", "422", "500", "503" })
                    Assert.True(operation.At("responses").At(status).At("content").TryGetProperty("application/problem+json", out _), $"{where}: {status}");
                Assert.Contains(operation.At("responses").EnumerateObject(), response => response.Name[0] == '2');
                foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default)
                    if (!parameter.TryGetProperty("description", out _))
                        meaningless.Add($"{where}: {parameter.Text("name")}");
            }
        }
        Assert.Empty(meaningless);
        Assert.Equal(described, paths.EnumerateObject().Sum(path => path.Value.EnumerateObject().Count()));
    }

    [Fact]
    public async Task The_ways_to_sign_in_are_described()
    {
        var schemes = (await GetAsync("/openapi/v1.json")).At("components").At("securitySchemes");
        Assert.Equal("bearer", schemes.At("bearer").Text("scheme"));
        Assert.Equal("X-Api-Key", schemes.At("apiKeyHeader").Text("name"));
        Assert.False(schemes.TryGetProperty("openIdConnect", out _)); // there is no provider, so its tokens open nothing
    }

    [Fact]
    public async Task What_a_request_may_leave_out_is_not_required_and_what_an_answer_always_has_is()
    {
        var schemas = (await GetAsync("/openapi/v1.json")).At("components").At("schemas");
        foreach (var (schema, member) in new[] { ("ContractRequestBody", "overrides"), ("OverrideBody", "agreedOn"), ("ScopeBody", "kinds"), ("ContactBody", "told"), ("RetentionBody", "days") })
            Assert.DoesNotContain(member, Required(schemas, schema));
        foreach (var (schema, member) in new[] { ("RunBody", "endedAt"), ("ResourceBody", "vanishedAt"), ("ResourceListBody", "next"), ("TenantBody", "settings") })
            Assert.Contains(member, Required(schemas, schema));
    }

    [Fact]
    public async Task Nothing_is_described_as_anything_but_what_is_and_no_two_things_share_a_name()
    {
        var schemas = (await GetAsync("/openapi/v1.json")).At("components").At("schemas");
        Assert.Empty(schemas.EnumerateObject().Where(schema => schema.Value.GetRawText() == "{}").Select(schema => schema.Name));
        Assert.Equal(["nl", "en"], EnumOf(schemas.At("NoticeLanguage")));
        Assert.Contains("findings", schemas.At("ResourceCheckBody").At("properties").EnumerateObject().Select(property => property.Name));
        Assert.Contains("groups", schemas.At("CheckCheckBody").At("properties").EnumerateObject().Select(property => property.Name));
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

    private static IEnumerable<string?> Required(JsonElement schemas, string schema) => schemas.At(schema).TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()) : [];

    private static IEnumerable<string?> EnumOf(JsonElement schema) => schema.At("enum").EnumerateArray().Select(value => value.GetString());

    private static JsonElement Resolved(JsonElement schemas, JsonElement schema) =>
        schema.GetRawText() is var text && text.IndexOf("#/components/schemas/", StringComparison.Ordinal) is >= 0 and var start
            ? schemas.At(text[(start + 21)..].Split('"')[0])
            : schema;
}
