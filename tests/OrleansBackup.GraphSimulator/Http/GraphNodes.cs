using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Ids;

namespace OrleansBackup.GraphSimulator.Http;

/// <summary>Answers that are put together as JSON trees: one thing, or a page of a list.</summary>
internal static class GraphNodes
{
    public static GraphResponse One(JsonNode node, int status = 200) => GraphResponse.Json(status, json => node.WriteTo(json));

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static string TimeToMilliseconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>The same thing with the chosen properties only.</summary>
    public static JsonObject Selected(JsonObject item, IReadOnlySet<string>? select)
    {
        if (select is null)
            return item;
        foreach (var name in item.Select(property => property.Key).Where(name => !name.Contains('@', StringComparison.Ordinal) && !select.Contains(name)).ToList())
            item.Remove(name);
        return item;
    }

    /// <summary>One page of a list that is known whole; a link leads to the rest.</summary>
    public static GraphResponse Page<T>(GraphRequest request, IReadOnlyList<T> all, Func<T, JsonObject> show, int usual, int most, int? size = null)
    {
        var top = Math.Clamp(size ?? request.Number("$top") ?? usual, 1, most);
        var skip = 0;
        if (request.Option("$skiptoken") is { } token)
            skip = OpaqueToken.TryUnpack(token, 1, out var fields) ? int.Parse(fields[0], CultureInfo.InvariantCulture) : throw GraphErrors.BadRequest("The page token is not valid.");
        var page = new JsonObject { ["value"] = new JsonArray([.. all.Skip(skip).Take(top).Select(show)]) };
        if (skip + top < all.Count)
            page["@odata.nextLink"] = Paging.WithOption(request, "$skiptoken", OpaqueToken.Pack((skip + top).ToString(CultureInfo.InvariantCulture)));
        return One(page);
    }
}
