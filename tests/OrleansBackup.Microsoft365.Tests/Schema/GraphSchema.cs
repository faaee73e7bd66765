using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OrleansBackup.Microsoft365.Tests.Schema;

/// <summary>Microsoft's own description of Graph v1.0, where it is at hand: the schema and the table of permissions.</summary>
/// <remarks>Found by the environment variable <c>ORLEANSBACKUP_GRAPH_SCHEMA</c>, else in a folder <c>shared/graph</c> somewhere above.</remarks>
internal sealed partial class GraphSchema
{
    private static readonly XNamespace Edm = "http://docs.oasis-open.org/odata/ns/edm";
    private readonly Dictionary<string, XElement> _types;
    private readonly Dictionary<(string Path, string Method), HashSet<string>> _permissions;

    private GraphSchema(string folder)
    {
        _types = XDocument.Load(Path.Combine(folder, "graph-v1.0.csdl.xml")).Descendants()
            .Where(e => (e.Name == Edm + "EntityType" || e.Name == Edm + "ComplexType") && (string?)e.Parent?.Attribute("Namespace") == "microsoft.graph")
            .ToDictionary(e => (string)e.Attribute("Name")!, StringComparer.OrdinalIgnoreCase);
        _permissions = ReadPermissions(Path.Combine(folder, "permissions.json"));
    }

    /// <returns>Null where the description is not at hand.</returns>
    public static GraphSchema? TryLoad()
    {
        var folder = Environment.GetEnvironmentVariable("ORLEANSBACKUP_GRAPH_SCHEMA");
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); folder is null && at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "shared", "graph");
            if (File.Exists(Path.Combine(candidate, "permissions.json"))) folder = candidate;
        }

        return folder is null ? null : new GraphSchema(folder);
    }

    public bool HasProperty(string type, string property)
    {
        for (var at = _types.GetValueOrDefault(type); at is not null;)
        {
            if (at.Elements().Any(e => (e.Name == Edm + "Property" || e.Name == Edm + "NavigationProperty") && (string?)e.Attribute("Name") == property)) return true;
            at = ((string?)at.Attribute("BaseType"))?.Split('.')[^1] is { } parent ? _types.GetValueOrDefault(parent) : null;
        }

        return false;
    }

    /// <summary>The application permissions that allow a request; empty: none, or no such path.</summary>
    /// <param name="path">As the table writes it, ids replaced by <c>{id}</c>.</param>
    public IReadOnlySet<string> PermissionsOf(string path, string method) =>
        _permissions.GetValueOrDefault((path.ToLowerInvariant(), method)) ?? [];

    private static Dictionary<(string, string), HashSet<string>> ReadPermissions(string file)
    {
        var table = new Dictionary<(string, string), HashSet<string>>();
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        foreach (var permission in document.RootElement.GetProperty("permissions").EnumerateObject())
        {
            foreach (var set in permission.Value.GetProperty("pathSets").EnumerateArray())
            {
                if (!set.GetProperty("schemeKeys").EnumerateArray().Any(k => k.GetString() == "Application")) continue;
                foreach (var path in set.GetProperty("paths").EnumerateObject())
                {
                    var key = Id().Replace(path.Name.Split(';')[0].ToLowerInvariant(), "{id}");
                    foreach (var method in set.GetProperty("methods").EnumerateArray())
                    {
                        var entry = (key, method.GetString()!);
                        if (!table.TryGetValue(entry, out var names)) table.Add(entry, names = new HashSet<string>(StringComparer.Ordinal));
                        names.Add(permission.Name);
                    }
                }
            }
        }

        return table;
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Id();
}
