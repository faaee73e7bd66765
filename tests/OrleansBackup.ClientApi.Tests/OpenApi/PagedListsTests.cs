using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansBackup.ClientApi.Tests.Hosting;
using Xunit.Abstractions;

namespace OrleansBackup.ClientApi.Tests.OpenApi;

/// <summary>No list grows beyond what one answer can hold: every one is read in parts, or it is on the list here with the reason why it cannot grow.</summary>
[Collection(nameof(LiveServer))]
public sealed partial class PagedListsTests(LiveServer server, ITestOutputHelper output)
{
    private const string Catalogue = "fixed by the release or by configuration";
    private const string OneThing = "one thing with its parts, not a list";

    private static readonly Dictionary<string, string> Whole = new()
    {
        ["/api/v1/problems"] = Catalogue,
        ["/api/v1/plans"] = Catalogue,
        ["/api/v1/coverage"] = Catalogue,
        ["/api/v1/event-kinds"] = Catalogue,
        ["/api/v1/me"] = OneThing,
        ["/api/v1/documents"] = "one document: a rule, the few holds on it, and a line for each day on which something was over its term, about one a year",
        ["/api/v1/keys/{key}"] = OneThing,
        ["/api/v1/tenants/{tenant}"] = OneThing,
        ["/api/v1/tenants/{tenant}/forecast"] = OneThing,
        ["/api/v1/tenants/{tenant}/storage"] = OneThing,
        ["/api/v1/tenants/{tenant}/permissions"] = "the permissions that the program knows, a few dozen",
        ["/api/v1/tenants/{tenant}/contacts"] = "one document with an ETag: it is read whole to be put whole, and holds at most 200 people",
        ["/api/v1/tenants/{tenant}/usage"] = "the days of one month",
        ["/api/v1/tenants/{tenant}/contract"] = OneThing,
        ["/api/v1/tenants/{tenant}/contract/preview"] = "what 24 months bring",
        ["/api/v1/tenants/{tenant}/reports/{month}"] = "a frozen document, given byte for byte",
        ["/api/v1/tenants/{tenant}/exports/{export}"] = OneThing,
        ["/api/v1/tenants/{tenant}/erasure-searches/{search}"] = OneThing,
        ["/api/v1/tenants/{tenant}/resources/{resource}/runs/{run}"] = OneThing,
        ["/api/v1/tenants/{tenant}/resources/{resource}/points/{point}"] = OneThing,
        ["/api/v1/tenants/{tenant}/resources/{resource}/points/{point}/folders"] = "the tree of one sealed point: a caller wants all of it to show any of it, and it is cached for ever",
        ["/api/v1/tenants/{tenant}/resources/{resource}/points/{point}/items/{itemId}"] = OneThing,
        ["/api/v1/tenants/{tenant}/subscriptions/{subscription}"] = OneThing,
        ["/api/v1/subscriptions/{subscription}"] = OneThing,
        ["/api/v1/tenants/{tenant}/webhooks/{webhook}"] = OneThing,
        ["/api/v1/checks/{date}"] = OneThing,
        ["/api/v1/price-lists/{list}"] = OneThing,
        ["/operations/key-rotations"] = OneThing,
        ["/operations/recoveries"] = OneThing,
    };

    [Fact]
    public async Task Every_list_is_read_in_parts_or_has_a_reason_not_to_be()
    {
        var (document, wrong, seen) = (await server.GetAsync("/openapi/v1.json"), new List<string>(), new HashSet<string>());
        foreach (var (path, operation, schema) in Lists(document))
        {
            var names = Parameters(operation);
            var isPaged = names.Contains("after") && names.Contains("limit") && schema.At("properties").TryGetProperty("next", out _);
            if (Whole.ContainsKey(path))
                seen.Add(path);
            if (isPaged == Whole.ContainsKey(path))
                wrong.Add($"{path}: {(isPaged ? "is read in parts and need not stand on the list" : $"has {string.Join(", ", names)}")}");
            if (names.Contains("page") || names.Contains("before") || names.Contains("offset"))
                wrong.Add($"{path}: there is one way to read in parts, by after");
        }
        wrong.AddRange(Whole.Keys.Except(seen).Select(path => $"{path} stands on the list and is no list"));
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task Every_list_in_parts_refuses_what_is_no_limit_no_cursor_and_no_order()
    {
        var (document, wrong, asked) = (await server.GetAsync("/openapi/v1.json"), new List<string>(), 0);
        foreach (var (path, operation, _) in Lists(document).Where(list => !Whole.ContainsKey(list.Path)))
        {
            var address = Placeholder().Replace(path, part => part.Groups[1].Value switch
            {
                "tenant" => server.Created.TenantId.ToString(),
                "resource" => server.MailboxPath.Split('/')[^1],
                "point" or "other" => "latest",
                _ => "",
            });
            if (address.Contains("//", StringComparison.Ordinal) || address.EndsWith('/'))
                continue; // of things that this tenant has none of
            foreach (var (query, field) in new[] { ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=many", "limit"), ("sort=nonsense", "sort"), ("after=%20~not~a~cursor~", "after") })
            {
                if (!Parameters(operation).Contains(field) || (field == "after" && !Parameters(operation).Contains("sort")))
                    continue; // where the order cannot be chosen, a cursor may be any name that sorts
                using var response = await server.Client.GetAsync(new Uri($"{address}?{query}", UriKind.Relative));
                if (response.StatusCode == HttpStatusCode.NotFound)
                    break; // of what this tenant has not got: a contract
                asked++;
                var body = await response.Content.ReadAsStringAsync();
                if (response.StatusCode != HttpStatusCode.BadRequest || JsonDocument.Parse(body).RootElement.Text("field") != field)
                    wrong.Add($"{address}?{query}: {(int)response.StatusCode} {body}");
            }
        }
        output.WriteLine($"{asked} requests.");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(asked > 80, $"Only {asked} requests.");
    }

    /// <summary>Every GET that answers an object which holds an array.</summary>
    private static IEnumerable<(string Path, JsonElement Operation, JsonElement Schema)> Lists(JsonElement document)
    {
        var schemas = document.At("components").At("schemas");
        foreach (var path in document.At("paths").EnumerateObject())
            if (path.Value.TryGetProperty("get", out var operation) && operation.At("responses").TryGetProperty("200", out var answer) && answer.TryGetProperty("content", out var content)
                && content.TryGetProperty("application/json", out var json) && json.At("schema").TryGetProperty("$ref", out var reference)
                && schemas.At(reference.GetString()!.Split('/')[^1]) is var schema && schema.TryGetProperty("properties", out var properties) && properties.EnumerateObject().Any(IsArray))
                yield return (path.Name, operation, schema);

        bool IsArray(JsonProperty property) => property.Value.TryGetProperty("type", out var type) && type.GetRawText().Contains("\"array\"", StringComparison.Ordinal);
    }

    private static List<string?> Parameters(JsonElement operation) =>
        [.. (operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default).Where(parameter => parameter.Text("in") == "query").Select(parameter => parameter.Text("name"))];

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
