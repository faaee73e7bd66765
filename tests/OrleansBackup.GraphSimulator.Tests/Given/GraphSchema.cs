using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace OrleansBackup.GraphSimulator.Tests.Given;

/// <summary>The published schema of Graph v1.0: which properties a type has and of which type they are.</summary>
internal sealed class GraphSchema
{
    private readonly Dictionary<string, XElement> _types;

    public GraphSchema(string file)
    {
        _types = XDocument.Load(file).Descendants().Where(element => element.Name.LocalName is "EntityType" or "ComplexType" or "EnumType")
            .GroupBy(element => (string)element.Attribute("Name")!).ToDictionary(group => group.Key, group => group.First());
    }

    /// <summary>Everything in the object that the schema does not have, or has with another type.</summary>
    public IEnumerable<string> Violations(JsonObject value, string type, string path = "")
    {
        var actual = ((string?)value["@odata.type"])?.Replace("#microsoft.graph.", "", StringComparison.Ordinal) ?? type;
        foreach (var (name, content) in value)
        {
            if (name.Contains('@', StringComparison.Ordinal))
                continue;
            if (Property(actual, name) is not { } declared)
                yield return $"{path}/{name} is no property of {actual}";
            else
            {
                foreach (var wrong in Check(content, declared, $"{path}/{name}"))
                    yield return wrong;
            }
        }
    }

    private string? Property(string type, string name)
    {
        for (var at = _types.GetValueOrDefault(type); at is not null; at = _types.GetValueOrDefault(((string?)at.Attribute("BaseType") ?? "").Replace("graph.", "", StringComparison.Ordinal)))
        {
            var found = at.Elements().FirstOrDefault(element => element.Name.LocalName is "Property" or "NavigationProperty" && (string?)element.Attribute("Name") == name);
            if (found is not null)
                return (string)found.Attribute("Type")!;
        }
        return null;
    }

    private IEnumerable<string> Check(JsonNode? content, string declared, string path)
    {
        if (content is null)
            yield break;
        if (declared.StartsWith("Collection(", StringComparison.Ordinal))
        {
            if (content is not JsonArray items)
                yield return $"{path} is no collection";
            else
            {
                foreach (var wrong in items.SelectMany(item => Check(item, declared[11..^1], path + "[]")))
                    yield return wrong;
            }
            yield break;
        }
        var type = declared.Replace("graph.", "", StringComparison.Ordinal);
        if (content is JsonObject item2)
        {
            foreach (var wrong in Violations(item2, type, path))
                yield return wrong;
            yield break;
        }
        var kind = content.GetValueKind();
        var fits = declared switch
        {
            "Edm.String" => kind == JsonValueKind.String,
            "Edm.Boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "Edm.Int32" or "Edm.Int64" => kind == JsonValueKind.Number,
            "Edm.DateTimeOffset" => kind == JsonValueKind.String && DateTimeOffset.TryParse(content.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture, out _),
            "Edm.Date" => kind == JsonValueKind.String && DateOnly.TryParseExact(content.GetValue<string>(), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _),
            "Edm.Guid" => kind == JsonValueKind.String && Guid.TryParse(content.GetValue<string>(), out _),
            "Edm.Binary" => kind == JsonValueKind.String && Convert.TryFromBase64String(content.GetValue<string>(), new byte[content.GetValue<string>().Length], out _),
            _ => _types.TryGetValue(type, out var named) && named.Name.LocalName == "EnumType" && kind == JsonValueKind.String
                && named.Elements().Any(member => (string?)member.Attribute("Name") == content.GetValue<string>()),
        };
        if (!fits)
            yield return $"{path} = {content.ToJsonString()} is no {declared}";
    }
}
