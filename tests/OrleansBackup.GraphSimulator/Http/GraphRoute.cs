using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Http;

/// <summary>Which service answers: errors and limits differ.</summary>
public enum GraphService
{
    /// <summary>Teams: limits are few requests a second for each team.</summary>
    Teams,
    Directory,
    Exchange,

    /// <summary>OneDrive and SharePoint: limits are counted in resource units.</summary>
    Files,
}

/// <summary>Answers a request that was let in.</summary>
public delegate GraphResponse GraphHandler(GraphRequest request);

/// <summary>One operation: method, path, the permissions any of which allows it, and what answers.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Template">Path with <c>{names}</c>, as the documentation writes it.</param>
/// <param name="Service">Whose rules hold.</param>
/// <param name="AnyOf">Application permissions; one is enough.</param>
/// <param name="Handle">The answer.</param>
public sealed record GraphRoute(string Method, string Template, GraphService Service, IReadOnlyList<string> AnyOf, GraphHandler Handle)
{
    private readonly string[] _segments = Template.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Cost in the directory's token bucket, or in resource units of files and sites.</summary>
    public int Cost { get; init; } = 1;

    internal bool TryMatch(IReadOnlyList<string> path, out Dictionary<string, string>? values)
    {
        values = null;
        if (path.Count != _segments.Length)
            return false;
        for (var i = 0; i < _segments.Length; i++)
        {
            if (_segments[i][0] != '{' ? !_segments[i].Equals(path[i], StringComparison.OrdinalIgnoreCase) : IsAddressedByPath(_segments[i]) != path[i].EndsWith(':'))
                return false;
        }
        values = [];
        for (var i = 0; i < _segments.Length; i++)
        {
            if (_segments[i][0] == '{')
                values[_segments[i].Trim('{', '}', ':')] = path[i].TrimEnd(':');
        }
        return true;
    }

    // items/{parent}:/{name}:/content: a colon goes from ids to names and back.
    private static bool IsAddressedByPath(string segment) => segment.EndsWith(':');
}
