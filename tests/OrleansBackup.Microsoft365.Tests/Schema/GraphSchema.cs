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
    private readonly Dictionary<string, string> _roots;
    private readonly ILookup<string, XElement> _operations;
    private readonly ILookup<string, (string[] Segments, HashSet<string> Permissions)> _permissions;

    private GraphSchema(string folder)
    {
        var document = XDocument.Load(Path.Combine(folder, "graph-v1.0.csdl.xml"));
        _types = document.Descendants()
            .Where(e => (e.Name == Edm + "EntityType" || e.Name == Edm + "ComplexType") && (string?)e.Parent?.Attribute("Namespace") == "microsoft.graph")
            .ToDictionary(e => (string)e.Attribute("Name")!, StringComparer.OrdinalIgnoreCase);
        _roots = document.Descendants().Where(e => e.Name == Edm + "EntitySet" || e.Name == Edm + "Singleton")
            .ToDictionary(e => (string)e.Attribute("Name")!, e => e.Name == Edm + "EntitySet" ? $"Collection({e.Attribute("EntityType")!.Value})" : e.Attribute("Type")!.Value, StringComparer.Ordinal);
        _operations = document.Descendants().Where(e => e.Name == Edm + "Action" || e.Name == Edm + "Function").ToLookup(e => (string)e.Attribute("Name")!, StringComparer.Ordinal);
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

    /// <summary>The type of a property of a type, <c>Collection(…)</c> around it where it is one; null: there is no such property.</summary>
    public string? TypeOf(string type, string property)
    {
        for (var at = _types.GetValueOrDefault(Short(type)); at is not null;)
        {
            if (at.Elements().FirstOrDefault(e => (e.Name == Edm + "Property" || e.Name == Edm + "NavigationProperty") && (string?)e.Attribute("Name") == property) is { } found)
                return (string)found.Attribute("Type")!;
            at = ((string?)at.Attribute("BaseType")) is { } parent ? _types.GetValueOrDefault(Short(parent)) : null;
        }

        return null;
    }

    /// <summary>Whether a type has properties that can be looked at.</summary>
    public bool Knows(string type) => _types.ContainsKey(Short(type));

    /// <summary>What a path leads to, by way of the schema's own entity sets, navigations, casts and operations; null: nowhere.</summary>
    /// <param name="path">Without query, with real ids.</param>
    public Target? Follow(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!_roots.TryGetValue(segments[0], out var type)) return null;
        for (var i = 1; i < segments.Length; i++)
        {
            var segment = segments[i];
            if (segment == "$value") continue;
            if (segment.StartsWith("microsoft.graph.", StringComparison.Ordinal) && Knows(segment))
            {
                type = IsCollection(type) ? $"Collection({segment})" : segment;
            }
            else if (Operation(segment, type) is { } operation)
            {
                if (operation.Name == Edm + "Action") return new Target((string?)operation.Element(Edm + "ReturnType")?.Attribute("Type") ?? "", Parameters(operation));
                type = (string)operation.Element(Edm + "ReturnType")!.Attribute("Type")!;
            }
            else if (IsCollection(type))
            {
                type = Short(type); // the segment is a key
            }
            else if (TypeOf(type, segment) is { } next)
            {
                type = next;
            }
            else
            {
                return null;
            }
        }

        return new Target(type, null);
    }

    /// <summary>The application permissions that allow a request; empty: none, or no such path.</summary>
    /// <param name="path">Without query, with real ids.</param>
    public IReadOnlySet<string> PermissionsOf(string path, string method)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return _permissions[$"{method} {segments.Length}"]
            .Where(entry => entry.Segments.Zip(segments).All(pair => pair.First == "{id}" || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(entry => entry.Segments.Count(segment => segment != "{id}")).FirstOrDefault().Permissions ?? [];
    }

    public static bool IsCollection(string type) => type.StartsWith("Collection(", StringComparison.Ordinal);

    /// <summary>Without its namespace and without being a collection.</summary>
    public static string Short(string type) => type.Replace("Collection(", "", StringComparison.Ordinal).TrimEnd(')').Split('.')[^1];

    private XElement? Operation(string segment, string type)
    {
        for (var at = type; at is not null; at = Base(at))
        {
            if (_operations[segment.Split('.')[^1]].FirstOrDefault(operation => operation.Element(Edm + "Parameter") is { } bound
                && IsCollection((string)bound.Attribute("Type")!) == IsCollection(type) && Short((string)bound.Attribute("Type")!) == Short(at)) is { } found) return found;
        }

        return null;

        string? Base(string of) => (string?)_types.GetValueOrDefault(Short(of))?.Attribute("BaseType");
    }

    private static Dictionary<string, string> Parameters(XElement action) => action.Elements(Edm + "Parameter").Skip(1)
        .ToDictionary(parameter => (string)parameter.Attribute("Name")!, parameter => (string)parameter.Attribute("Type")!, StringComparer.OrdinalIgnoreCase); // documented in another case than declared

    private static ILookup<string, (string[], HashSet<string>)> ReadPermissions(string file)
    {
        var table = new Dictionary<(string Path, string Method), HashSet<string>>();
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

        return table.Select(entry => (entry.Key.Method, Segments: entry.Key.Path.Split('/', StringSplitOptions.RemoveEmptyEntries), entry.Value))
            .ToLookup(entry => $"{entry.Method} {entry.Segments.Length}", entry => (entry.Segments, entry.Value));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Id();
}

/// <summary>What a path leads to.</summary>
/// <param name="Type">Of the thing there, or of what an action gives back.</param>
/// <param name="Parameters">Names and types of what an action takes; null: it is no action.</param>
internal sealed record Target(string Type, IReadOnlyDictionary<string, string>? Parameters);
