namespace OrleansBackup.GraphSimulator.Http;

/// <summary>Finds the operation that a path names.</summary>
public sealed class GraphRouter
{
    private readonly ILookup<int, GraphRoute> _routes;

    public GraphRouter(IEnumerable<GraphRoute> routes)
    {
        Routes = [.. routes];
        // A literal segment wins over a name: /users/delta is not the user "delta".
        _routes = Routes.OrderBy(route => route.Template.Count(character => character == '{'))
            .ToLookup(route => route.Template.Count(character => character == '/'));
    }

    public IReadOnlyList<GraphRoute> Routes { get; }

    /// <summary>The operation and the values of its names.</summary>
    /// <exception cref="GraphErrorException">405: the path has other methods, or <c>$value</c> is escaped or in a place without it. 400: no such path.</exception>
    public (GraphRoute Route, Dictionary<string, string> Values) Find(string method, string rawPath)
    {
        var raw = rawPath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var path = Segments(raw);
        var isKnown = false;
        foreach (var route in _routes[path.Count])
        {
            if (!route.TryMatch(path, out var values))
                continue;
            isKnown = true;
            if (route.Method == method)
            {
                if (path[^1] == "$value" && raw[^1] != "$value")
                    throw GraphErrors.NotSupported();
                return (route, values!);
            }
        }
        if (isKnown)
            throw new GraphErrorException(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");
        if (path.Count > 0 && path[^1].Equals("$value", StringComparison.OrdinalIgnoreCase))
            throw GraphErrors.NotSupported();
        throw path.Count > 0 && path[0].Equals("me", StringComparison.OrdinalIgnoreCase)
            ? GraphErrors.BadRequest("/me request is only valid with delegated authentication flow.")
            : GraphErrors.BadRequest($"Resource not found for the segment '{(path.Count > 0 ? path[^1] : "")}'.");
    }

    // OData has two ways to write a key: users/{id} and users('{id}').
    private static List<string> Segments(string[] raw)
    {
        var path = new List<string>(raw.Length + 2);
        foreach (var segment in raw)
        {
            var text = Uri.UnescapeDataString(segment);
            var open = text.IndexOf("('", StringComparison.Ordinal);
            if (open > 0 && text.EndsWith("')", StringComparison.Ordinal))
            {
                path.Add(text[..open]);
                path.Add(text[(open + 2)..^2]);
            }
            else
                path.Add(text);
        }
        return path;
    }
}
