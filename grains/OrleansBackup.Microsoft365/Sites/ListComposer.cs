using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.Microsoft365.Mail;

namespace OrleansBackup.Microsoft365.Sites;

/// <summary>From a list and its items as they were sent to what the service takes. Pure; what it does not take is said.</summary>
public sealed class ListComposer
{
    // Source: columnDefinition of Graph v1.0; the right-hand ones are told by the service and not taken by it.
    private static readonly ImmutableArray<string> Writable = ["boolean", "choice", "currency", "dateTime", "lookup", "number", "personOrGroup", "text"];
    private static readonly ImmutableArray<string> ReadOnlyTypes = ["calculated", "contentApprovalStatus", "geolocation", "hyperlinkOrPicture", "term", "thumbnail", "location"];

    // Every list has them from its making.
    private static readonly ImmutableHashSet<string> BuiltIn = ["Title", "Attachments", "Edit", "ContentType", "Created", "Modified", "Author", "Editor", "id", "DocIcon", "ItemChildCount", "FolderChildCount", "AppAuthor", "AppEditor", "ComplianceAssetId", "LinkTitle", "LinkTitleNoMenu"];

    private readonly JsonObject _list;
    private readonly ImmutableDictionary<string, JsonObject> _columns;

    public ListComposer(ReadOnlyMemory<byte> listJson)
    {
        _list = JsonNode.Parse(listJson.Span)!.AsObject();
        var columns = ImmutableDictionary.CreateBuilder<string, JsonObject>(StringComparer.Ordinal);
        foreach (var column in _list["columns"]?.AsArray().OfType<JsonObject>() ?? [])
            if ((string?)column["name"] is { Length: > 0 } name) columns[name] = column;
        _columns = columns.ToImmutable();
    }

    public string Name => (string?)_list["displayName"] is { Length: > 0 } display ? display : (string?)_list["name"] ?? "List";

    /// <summary>The body that makes the list anew.</summary>
    public (byte[] Body, ImmutableArray<Loss> Losses) List(string name)
    {
        var losses = ImmutableArray.CreateBuilder<Loss>();
        var columns = new JsonArray();
        foreach (var (columnName, column) in _columns.OrderBy(column => column.Key, StringComparer.Ordinal))
        {
            if (BuiltIn.Contains(columnName) || columnName.StartsWith('_') || IsTrue(column, "readOnly") && ReadOnlyTypeOf(column) is null) continue;
            if (WritableTypeOf(column) is not { } type)
            {
                losses.Add(LossOfColumn(columnName));
                continue;
            }

            var made = new JsonObject { ["name"] = columnName, ["displayName"] = (string?)column["displayName"] ?? columnName, [type] = column[type]!.DeepClone() };
            foreach (var property in new[] { "description", "required", "hidden", "indexed", "enforceUniqueValues", "defaultValue" })
                if (column[property] is { } value) made[property] = value.DeepClone();
            columns.Add(made);
        }

        var body = new JsonObject { ["displayName"] = name, ["list"] = new JsonObject { ["template"] = (string?)_list["list"]?["template"] ?? "genericList" }, ["columns"] = columns };
        if ((string?)_list["description"] is { Length: > 0 } description) body["description"] = description;
        return (JsonSerializer.SerializeToUtf8Bytes(body), losses.ToImmutable());
    }

    /// <summary>The columns of an item as the service takes them.</summary>
    /// <param name="sameSite">Numbers of people and of items of other lists mean the same there.</param>
    public (JsonObject Fields, bool IsFolder, ImmutableArray<Loss> Losses) Item(ReadOnlyMemory<byte> itemJson, bool sameSite)
    {
        var item = JsonNode.Parse(itemJson.Span)!.AsObject();
        var fields = new JsonObject();
        var losses = ImmutableArray.CreateBuilder<Loss>();
        foreach (var (name, value) in item["fields"]?.AsObject() ?? [])
        {
            if (name.Contains('@', StringComparison.Ordinal) || value is null || ColumnOf(name) is not { } column) continue;
            if (column.Name != "Title" && (BuiltIn.Contains(column.Name) || name.StartsWith('_'))) continue;
            if (WritableTypeOf(column.Json) is not { } type)
            {
                losses.Add(LossOfColumn(column.Name));
            }
            else if (IsTrue(column.Json, "readOnly"))
            {
                continue;
            }
            else if (!sameSite && type is "lookup" or "personOrGroup" && !sameSite)
            {
                losses.Add(new(SiteLossKind.Reference, $"Column '{column.Name}' names a person or an item by a number that means another one in another site; it is empty.", column.Name));
            }
            else
            {
                Add(fields, name, value, type);
            }
        }

        losses.Add(AuthorAndDates);
        if (item["fields"] is JsonObject all && IsTrue(all, "Attachments")) losses.Add(Attachments);
        var isFolder = ((string?)item["contentType"]?["id"])?.StartsWith("0x0120", StringComparison.Ordinal) == true;
        return (fields, isFolder, losses.ToImmutable());
    }

    internal static Loss AuthorAndDates { get; } = new(SiteLossKind.AuthorAndDates, "Its author, editor and dates are those of the restore: the service does not take others.");

    internal static Loss Attachments { get; } = new(SiteLossKind.ItemAttachments, "Files were attached to it, which Microsoft Graph does not hand out.");

    private static Loss LossOfColumn(string name) => new(SiteLossKind.Column, $"Column '{name}' is of a type that the service does not take.", name);

    private static void Add(JsonObject fields, string name, JsonNode value, string type)
    {
        if (value is not JsonArray several)
        {
            fields[name] = value.DeepClone();
            return;
        }

        // Several people or items are told with what they are called, and taken as numbers alone under the column's lookup name.
        if (type is "lookup" or "personOrGroup")
        {
            var numbers = new JsonArray([.. several.Select(entry => entry is JsonObject looked ? looked["LookupId"]?.DeepClone() : entry?.DeepClone())]);
            var lookup = name.EndsWith("LookupId", StringComparison.Ordinal) ? name : name + "LookupId";
            (fields[lookup + "@odata.type"], fields[lookup]) = ("Collection(Edm.Int32)", numbers);
            return;
        }

        (fields[name + "@odata.type"], fields[name]) = (several.All(entry => entry?.GetValueKind() == JsonValueKind.Number) && several.Count > 0 ? "Collection(Edm.Int32)" : "Collection(Edm.String)", several.DeepClone());
    }

    private (string Name, JsonObject Json)? ColumnOf(string field) => _columns.TryGetValue(field, out var column) ? (field, column)
        : field.EndsWith("LookupId", StringComparison.Ordinal) && _columns.TryGetValue(field[..^8], out column) ? (field[..^8], column) : null;

    private static string? WritableTypeOf(JsonObject column) => Writable.FirstOrDefault(type => column[type] is JsonObject);

    private static string? ReadOnlyTypeOf(JsonObject column) => ReadOnlyTypes.FirstOrDefault(type => column[type] is JsonObject);

    private static bool IsTrue(JsonObject json, string property) => json[property] is JsonValue value && value.GetValueKind() == JsonValueKind.True;
}
