using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;

namespace OrleansBackup.GraphSimulator.Items;

/// <summary>What properties a type of Graph has, and what a client may do with them.</summary>
/// <param name="TypeName">As in the schema, for refusals.</param>
/// <param name="Writable">May be created and changed.</param>
/// <param name="ReadOnly">Known; ignored in a body, as the service does with most.</param>
/// <param name="Refused">Known; a body that has one is refused.</param>
internal sealed record ItemShape(string TypeName, FrozenSet<string> Writable, FrozenSet<string> ReadOnly, FrozenSet<string> Refused)
{
    public static ItemShape Of(string typeName, string writable, string readOnly, string refused) =>
        new("microsoft.graph." + typeName, Split(writable), Split(readOnly), Split(refused));

    public bool IsKnown(string name) => name == "id" || Writable.Contains(name) || ReadOnly.Contains(name) || Refused.Contains(name);

    public IReadOnlySet<string>? Select(GraphRequest request) => SelectOption.Read(request.Option("$select"), IsKnown, TypeName);

    /// <summary>The properties of a body that a client may set.</summary>
    /// <exception cref="GraphErrorException">400: a property is unknown, or must not be there.</exception>
    public JsonObject Read(JsonObject body, params ReadOnlySpan<string> alsoAllowed)
    {
        var read = new JsonObject();
        foreach (var (name, value) in body)
        {
            if (name == "@odata.type" || alsoAllowed.Contains(name) || ReadOnly.Contains(name))
                continue;
            if (name.StartsWith("@odata.", StringComparison.Ordinal) || name == "id" || Refused.Contains(name))
                throw new GraphErrorException(400, "ErrorInvalidRequest", "Requests must contain extension changes exclusively.");
            if (!Writable.Contains(name))
                throw new GraphErrorException(400, "RequestBodyRead", $"The property '{name}' does not exist on type '{TypeName}'. Make sure to only use property names that are defined by the type.");
            read[name] = value?.DeepClone();
        }
        return read;
    }

    /// <summary>Takes out of an object what was not selected.</summary>
    public static JsonObject Selected(JsonObject item, IReadOnlySet<string>? select, params ReadOnlySpan<string> expanded)
    {
        if (select is null)
            return item;
        foreach (var name in item.Select(pair => pair.Key).ToList())
        {
            if (!select.Contains(name) && !name.StartsWith('@') && !expanded.Contains(name))
                item.Remove(name);
        }
        return item;
    }

    public static string Choice(JsonObject body, string name, string fallback, params ReadOnlySpan<string> allowed)
    {
        if (body[name] is not { } node)
            return fallback;
        var text = node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : "";
        foreach (var value in allowed)
        {
            if (value.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        throw new GraphErrorException(400, "RequestBodyRead", $"'{text}' is no value of {name}.");
    }

    private static FrozenSet<string> Split(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
}
