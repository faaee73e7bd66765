using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Sites;

/// <summary>Shows lists, columns and items as Graph does.</summary>
internal static class ListJson
{
    public static readonly FrozenSet<string> ListProperties = new[]
    {
        "id", "name", "displayName", "description", "webUrl", "createdDateTime", "lastModifiedDateTime", "list", "system", "eTag", "parentReference", "columns", "contentTypes", "drive", "items", "sharepointIds",
        "createdBy", "lastModifiedBy",
    }.ToFrozenSet();

    public static readonly FrozenSet<string> ItemProperties = new[]
    {
        "id", "eTag", "webUrl", "contentType", "createdDateTime", "lastModifiedDateTime", "createdBy", "lastModifiedBy", "parentReference", "sharepointIds", "fields", "deleted", "name", "description",
    }.ToFrozenSet();

    public static JsonObject Show(GraphRequest request, SimulatedSite site, ChronicleVersion<SiteListState> list, IReadOnlySet<string>? select)
    {
        var state = list.State;
        var shown = new JsonObject
        {
            ["id"] = list.Id, ["name"] = state.Name, ["displayName"] = state.DisplayName, ["description"] = state.Description,
            ["webUrl"] = $"{SiteEndpoints.Address(request, site)}/Lists/{Uri.EscapeDataString(state.Name)}", ["eTag"] = ETag(list.Id, list.Number),
            ["createdDateTime"] = GraphNodes.Time(state.CreatedAt), ["lastModifiedDateTime"] = GraphNodes.Time(list.At),
            ["list"] = new JsonObject { ["contentTypesEnabled"] = false, ["hidden"] = state.IsHidden, ["template"] = state.Template },
            ["parentReference"] = new JsonObject { ["siteId"] = site.Id },
        };
        if (state.IsSystem)
            shown["system"] = new JsonObject();
        GraphNodes.Selected(shown, select);
        if (Expands(request, "columns"))
            shown["columns"] = new JsonArray([.. state.Columns.Select(Column)]);
        if (Expands(request, "contentTypes"))
            shown["contentTypes"] = new JsonArray([.. state.ContentTypes.Select((name, i) => new JsonObject { ["id"] = $"0x010{i}", ["name"] = name })]);
        return shown;
    }

    public static bool Expands(GraphRequest request, string name) => request.Option("$expand")?.Split(',').Any(part => part.Split('(')[0].Trim() == name) == true;

    public static JsonObject Column(ListColumn column)
    {
        var shown = new JsonObject
        {
            ["id"] = column.Id, ["name"] = column.Name, ["displayName"] = column.DisplayName, ["description"] = "", ["columnGroup"] = "Custom Columns", ["enforceUniqueValues"] = false, ["hidden"] = column.IsHidden,
            ["indexed"] = false, ["readOnly"] = column.IsReadOnly, ["required"] = column.IsRequired,
        };
        shown[column.Facet] = JsonNode.Parse(column.FacetJson);
        return shown;
    }

    public static JsonObject Item(GraphRequest request, SimulatedSite site, ChronicleVersion<SiteListState> list, ChronicleVersion<ListItemState> item, IReadOnlySet<string>? select, bool withFields)
    {
        if (item.IsDeleted)
            return new JsonObject { ["id"] = item.Id, ["deleted"] = new JsonObject { ["state"] = "deleted" }, ["parentReference"] = new JsonObject { ["siteId"] = site.Id } };
        var state = item.State;
        var shown = GraphNodes.Selected(new JsonObject
        {
            ["id"] = item.Id, ["eTag"] = ETag($"{list.Id}/{item.Id}", item.Number), ["webUrl"] = $"{SiteEndpoints.Address(request, site)}/Lists/{Uri.EscapeDataString(list.State.Name)}/{item.Id}_.000",
            ["createdDateTime"] = GraphNodes.Time(state.Created), ["lastModifiedDateTime"] = GraphNodes.Time(state.Modified),
            ["contentType"] = new JsonObject { ["id"] = state.IsFolder ? "0x0120" : "0x0100", ["name"] = state.IsFolder ? "Folder" : "Item" },
            ["createdBy"] = Person(request, state.CreatedBy), ["lastModifiedBy"] = Person(request, state.ModifiedBy), ["parentReference"] = new JsonObject { ["siteId"] = site.Id },
        }, select);
        if (withFields)
            shown["fields"] = Fields(item);
        return shown;
    }

    public static JsonObject Fields(ChronicleVersion<ListItemState> item)
    {
        var state = item.State;
        var fields = new JsonObject
        {
            ["@odata.etag"] = ETag(item.Id, item.Number), ["id"] = item.Id, ["ContentType"] = state.IsFolder ? "Folder" : "Item", ["Created"] = GraphNodes.Time(state.Created), ["Modified"] = GraphNodes.Time(state.Modified),
            ["AuthorLookupId"] = LookupId(state.CreatedBy), ["EditorLookupId"] = LookupId(state.ModifiedBy), ["_UIVersionString"] = $"{item.Number}.0", ["Attachments"] = state.HasAttachments,
            ["Edit"] = "", ["ItemChildCount"] = "0", ["FolderChildCount"] = "0",
        };
        foreach (var (name, value) in state.Fields)
            fields[name] = JsonNode.Parse(value);
        if (state.Fields.TryGetValue("Title", out var title))
            (fields["LinkTitle"], fields["LinkTitleNoMenu"]) = (JsonNode.Parse(title), JsonNode.Parse(title));
        return fields;
    }

    public static string ETag(string of, int number) => string.Create(CultureInfo.InvariantCulture, $"\"{StableHash.Of(of):x16},{number}\"");

    public static JsonObject Person(GraphRequest request, string who) => request.Tenant.Directory.Find(who) is { } user
        ? new JsonObject { ["user"] = new JsonObject { ["id"] = user.Id.ToString(), ["displayName"] = user.DisplayName } }
        : new JsonObject { ["application"] = new JsonObject { ["id"] = request.Tenant.App.ClientId.ToString(), ["displayName"] = who } };

    private static string LookupId(string who) => (StableHash.Of(who) % 1_000 + 1).ToString(CultureInfo.InvariantCulture);
}
