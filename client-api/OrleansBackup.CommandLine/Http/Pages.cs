using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Http;

/// <summary>Lists that come in pages, joined into one answer of the same shape.</summary>
internal static class Pages
{
    /// <summary>The most that the API gives at once.</summary>
    private const int LargestPage = 1_000;

    /// <param name="array">The property that holds the rows.</param>
    /// <param name="limit">Rows at most; null: all there are.</param>
    /// <returns>What the first page says, with the rows of all; <c>next</c> stays where <paramref name="limit"/> cut the list.</returns>
    public static async Task<JsonElement> AllAsync(this ApiClient api, string path, string array, int? limit, CancellationToken cancellation)
    {
        var page = await api.GetAsync(path.With(("limit", SizeOf(limit))), cancellation);
        var (first, rows, next) = (page, page.Items(array).ToList(), page.Text("next"));
        while (next.Length > 0 && (limit is null || rows.Count < limit))
        {
            page = await api.GetAsync(path.With(("after", next), ("limit", SizeOf(limit - rows.Count))), cancellation);
            rows.AddRange(page.Items(array));
            if (page.Text("next") == next)
                throw new CommandFailedException(ExitCode.Failed, $"The server gives the same page of {path} again and again.");
            next = page.Text("next");
        }
        return Joined(first, array, limit is { } atMost ? [.. rows.Take(atMost)] : rows, page.At("next"));
    }

    private static string? SizeOf(int? left) => left is { } most ? $"{Math.Min(most, LargestPage)}" : null;

    private static JsonElement Joined(JsonElement first, string array, IReadOnlyList<JsonElement> rows, JsonElement next)
    {
        if (first.ValueKind != JsonValueKind.Object)
            return first;
        var joined = new JsonObject();
        foreach (var part in first.EnumerateObject())
            joined[part.Name] = part.Name == array ? new JsonArray([.. rows.Select(row => JsonNode.Parse(row.GetRawText()))])
                : JsonNode.Parse(part.Name == "next" ? next.ValueKind == JsonValueKind.Undefined ? "null" : next.GetRawText() : part.Value.GetRawText());
        return JsonSerializer.SerializeToElement(joined);
    }
}
