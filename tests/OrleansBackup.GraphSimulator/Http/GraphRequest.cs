using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Http;

/// <summary>One request to Graph, alone or as part of a batch.</summary>
public sealed class GraphRequest
{
    private Dictionary<string, StringValues>? _query;

    public required string Method { get; init; }

    /// <summary>Path after the version, still escaped, and the query as sent.</summary>
    public required string RawPath { get; init; }

    public required string QueryString { get; init; }
    public required Func<string, string?> Header { get; init; }
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Address of the service with the version, to make links: <c>https://host:port/v1.0</c>.</summary>
    public required string ServiceRoot { get; init; }

    public CallerIdentity? Caller { get; set; }

    /// <summary>Values of the template's <c>{names}</c>.</summary>
    public IReadOnlyDictionary<string, string> Values { get; set; } = new Dictionary<string, string>();

    public SimulatedTenant Tenant => Caller!.Tenant;

    public IReadOnlyDictionary<string, StringValues> Query => _query ??= QueryHelpers.ParseQuery(QueryString);

    /// <summary>A query option, with or without the dollar sign escaped; null when absent.</summary>
    public string? Option(string name) => Query.TryGetValue(name, out var value) && !StringValues.IsNullOrEmpty(value) ? value.ToString() : null;

    public string Prefer => Header("Prefer") ?? "";

    public bool WantsImmutableIds => Prefer.Contains("IdType=\"ImmutableId\"", StringComparison.OrdinalIgnoreCase);

    public bool WantsTextBody => Prefer.Contains("outlook.body-content-type=\"text\"", StringComparison.OrdinalIgnoreCase)
        || Prefer.Contains("outlook.body-content-type=text", StringComparison.OrdinalIgnoreCase);

    /// <summary>The page size that the client prefers; null when it does not say.</summary>
    public int? PreferredPageSize
    {
        get
        {
            const string name = "odata.maxpagesize=";
            var at = Prefer.IndexOf(name, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return null;
            var digits = new string([.. Prefer.Skip(at + name.Length).TakeWhile(char.IsAsciiDigit)]);
            return int.TryParse(digits, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : null;
        }
    }

    /// <summary>A non-negative number option.</summary>
    /// <exception cref="GraphErrorException">400: it is not one.</exception>
    public int? Number(string option)
    {
        if (Option(option) is not { } text)
            return null;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw GraphErrors.BadRequest($"Invalid value '{text}' for {option} query option found. The {option} query option requires a non-negative integer value.");
    }

    /// <summary>The body as a JSON object.</summary>
    /// <exception cref="GraphErrorException">400: it is not one.</exception>
    public JsonObject JsonBody()
    {
        try
        {
            return JsonNode.Parse(Body.Span)?.AsObject() ?? throw GraphErrors.BadRequest("Empty Payload. JSON content expected.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw GraphErrors.BadRequest("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.");
        }
    }
}

/// <summary>Who calls: the tenant, the app and the permissions in force (those of the token that are still consented).</summary>
public sealed record CallerIdentity(SimulatedTenant Tenant, Guid ClientId, IReadOnlySet<string> Permissions);
