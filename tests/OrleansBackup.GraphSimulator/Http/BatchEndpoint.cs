using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansBackup.GraphSimulator.Http;

/// <summary><c>POST /$batch</c>: up to 20 requests, four at a time, each counted and refused on its own.</summary>
public sealed class BatchEndpoint(GraphPipeline pipeline)
{
    private const int MaxRequests = 20;
    private const int Parallel = 4;

    public async Task<GraphResponse> SendAsync(GraphRequest batch, CancellationToken cancellation)
    {
        var parts = Read(batch);
        var answers = new Dictionary<string, GraphResponse>();
        var order = new List<string>();
        var waiting = parts.ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.Where(part => part.DependsOn.All(answers.ContainsKey)).Take(Parallel).ToList();
            if (ready.Count == 0)
                throw GraphErrors.BadRequest("Invalid batch payload format: dependsOn names no earlier request.");
            var results = await Task.WhenAll(ready.Select(part => AnswerAsync(batch, part, answers, cancellation)));
            for (var i = ready.Count - 1; i >= 0; i--) // any order is allowed; last first shows who relies on it
            {
                answers.Add(ready[i].Id, results[i]);
                order.Add(ready[i].Id);
                waiting.Remove(ready[i]);
            }
        }
        return GraphResponse.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("responses");
            foreach (var id in order)
                Write(json, id, answers[id]);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private async Task<GraphResponse> AnswerAsync(GraphRequest batch, Part part, Dictionary<string, GraphResponse> answers, CancellationToken cancellation)
    {
        if (part.DependsOn.Any(id => answers[id].Status >= 400))
            return pipeline.Error(batch, new GraphErrorException(424, "FailedDependency", "A request that this one depends on failed."));
        var split = part.Url.IndexOf('?', StringComparison.Ordinal);
        return await pipeline.SendAsync(new GraphRequest
        {
            Method = part.Method,
            RawPath = split < 0 ? part.Url : part.Url[..split],
            QueryString = split < 0 ? "" : part.Url[split..],
            Header = name => part.Headers.GetValueOrDefault(name),
            Body = part.Body,
            ServiceRoot = batch.ServiceRoot,
            Caller = batch.Caller,
        }, cancellation);
    }

    private static void Write(Utf8JsonWriter json, string id, GraphResponse answer)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteNumber("status", answer.Delivery == Delivery.Whole ? answer.Status : 502);
        json.WriteStartObject("headers");
        foreach (var (name, value) in answer.Headers)
            json.WriteString(name, value);
        if (answer.ContentType is { } type)
            json.WriteString("Content-Type", type.StartsWith("application/json", StringComparison.Ordinal) ? "application/json" : type);
        json.WriteEndObject();
        if (answer.Body.Length > 0 && answer.Delivery == Delivery.Whole)
        {
            json.WritePropertyName("body");
            if (answer.ContentType == GraphResponse.JsonType && IsJson(answer.Body))
                json.WriteRawValue(answer.Body.Span, skipInputValidation: true);
            else
                json.WriteBase64StringValue(answer.Body.Span);
        }
        json.WriteEndObject();
    }

    private static bool IsJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException) // a part damaged on order must not damage the batch
        {
            return false;
        }
    }

    private static List<Part> Read(GraphRequest batch)
    {
        if (batch.JsonBody()["requests"] is not JsonArray requests)
            throw GraphErrors.BadRequest("Invalid batch payload format.");
        if (requests.Count > MaxRequests)
            throw GraphErrors.BadRequest($"Number of batch request steps exceeds the maximum value of '{MaxRequests}'.");
        var parts = new List<Part>();
        foreach (var request in requests)
        {
            if (request is not JsonObject item || item["id"]?.ToString() is not { Length: > 0 } id || item["method"]?.ToString() is not { } method
                || item["url"]?.ToString() is not { } url || parts.Any(part => part.Id == id))
                throw GraphErrors.BadRequest("Invalid batch payload format.");
            var headers = item["headers"] is JsonObject given
                ? given.ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "", StringComparer.OrdinalIgnoreCase)
                : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            parts.Add(new Part(id, method.ToUpperInvariant(), url.StartsWith('/') ? url : "/" + url, headers, Body(item["body"]),
                item["dependsOn"] is JsonArray names ? [.. names.Select(name => name!.ToString())] : []));
        }
        return parts;
    }

    private static byte[] Body(JsonNode? body) => body switch
    {
        null => [],
        JsonValue value when value.TryGetValue<string>(out var base64) => Convert.FromBase64String(base64),
        _ => JsonSerializer.SerializeToUtf8Bytes(body),
    };

    private sealed record Part(string Id, string Method, string Url, IReadOnlyDictionary<string, string> Headers, byte[] Body, IReadOnlyList<string> DependsOn);
}
