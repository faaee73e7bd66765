using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Sites;

/// <summary>Making lists and items, with what Graph does not take.</summary>
/// <remarks>Who made an item and when is the application and now, whatever is asked for.</remarks>
internal static class ListWriteEndpoints
{
    private const string App = "OrleansBackup";

    // Exactly one of these says what a column holds.
    private static readonly string[] Facets = ["boolean", "calculated", "choice", "currency", "dateTime", "geolocation", "hyperlinkOrPicture", "lookup", "number", "personOrGroup", "term", "text", "thumbnail"];

    private static readonly string[] CannotBeMade = ["term", "geolocation", "thumbnail"];
    private static readonly string[] CannotBeWritten = ["hyperlinkOrPicture", "calculated", "term", "geolocation", "thumbnail"];
    private static readonly string[] BuiltIn = ["Title", "Attachments", "Edit", "ContentType", "Created", "Modified", "Author", "Editor"];

    public static IEnumerable<GraphRoute> Routes =>
    [
        new("POST", "/sites/{site}/lists", GraphService.Files, CollaborationPermissions.ListsCreate, CreateList) { Cost = 2 },
        new("DELETE", "/sites/{site}/lists/{list}", GraphService.Files, CollaborationPermissions.ListsCreate, DeleteList) { Cost = 2 },
        new("POST", "/sites/{site}/lists/{list}/items", GraphService.Files, CollaborationPermissions.SitesWrite, CreateItem) { Cost = 2 },
        new("PATCH", "/sites/{site}/lists/{list}/items/{item}/fields", GraphService.Files, CollaborationPermissions.SitesWrite, ChangeItem) { Cost = 2 },
        new("DELETE", "/sites/{site}/lists/{list}/items/{item}", GraphService.Files, CollaborationPermissions.SitesWrite, DeleteItem) { Cost = 2 },
    ];

    private static GraphErrorException Invalid(string message) => new(400, "invalidRequest", message);

    private static GraphResponse CreateList(GraphRequest request)
    {
        var site = SiteEndpoints.Open(request);
        var body = request.JsonBody();
        var name = (string?)body["displayName"] is { Length: > 0 } given ? given : throw Invalid("A list needs a displayName.");
        var columns = ImmutableArray.Create(Generation.SiteGenerator.Title());
        foreach (var column in body["columns"]?.AsArray() ?? [])
            columns = columns.Add(Column(column!.AsObject(), columns));
        return site.Lists.Read(() =>
        {
            if (site.Lists.Living.Any(list => list.State.DisplayName.Equals(name, StringComparison.OrdinalIgnoreCase)))
                throw new GraphErrorException(409, "nameAlreadyExists", "Name already exists");
            var id = Guid.NewGuid().ToString();
            var made = site.Lists.Add((_, at) => new SiteListState
            {
                Name = name, DisplayName = name, Description = (string?)body["description"] ?? "", Template = (string?)body["list"]?["template"] ?? "genericList", IsHidden = (bool?)body["list"]?["hidden"] ?? false,
                Columns = columns, CreatedAt = at,
            }, _ => id);
            return GraphNodes.One(ListJson.Show(request, site, made, select: null), 201);
        });
    }

    private static GraphResponse DeleteList(GraphRequest request)
    {
        var (site, list) = (SiteEndpoints.Open(request), ListEndpoints.Find(request));
        site.Lists.Delete(list.Id);
        return GraphResponse.NoContent;
    }

    private static ListColumn Column(JsonObject column, ImmutableArray<ListColumn> before)
    {
        var name = (string?)column["name"] is { Length: > 0 } given ? given : throw Invalid("A column needs a name.");
        if (BuiltIn.Contains(name) || before.Any(other => other.Name == name) || name.Any(character => !char.IsLetterOrDigit(character) && character != '_'))
            throw Invalid($"The column name '{name}' is taken or not allowed.");
        var facets = Facets.Where(facet => column[facet] is JsonObject).ToList();
        if (facets.Count != 1 || CannotBeMade.Contains(facets[0]))
            throw new GraphErrorException(400, facets.Count == 1 ? "notSupported" : "invalidRequest", "A column needs exactly one type that can be made.");
        var facet = column[facets[0]]!.AsObject();
        return Generation.SiteGenerator.Column(name, facets[0], facet.ToJsonString()) with
        {
            DisplayName = (string?)column["displayName"] ?? name, IsRequired = (bool?)column["required"] ?? false, IsHidden = (bool?)column["hidden"] ?? false, IsReadOnly = facets[0] == "calculated",
            IsMultiple = (string?)facet["displayAs"] == "checkBoxes" || (bool?)facet["allowMultipleValues"] == true || (bool?)facet["allowMultipleSelection"] == true,
        };
    }

    private static GraphResponse CreateItem(GraphRequest request)
    {
        var (site, list) = (SiteEndpoints.Open(request), ListEndpoints.Find(request));
        var isFolder = (string?)request.JsonBody()["contentType"]?["name"] == "Folder" || (string?)request.JsonBody()["contentType"]?["id"] == "0x0120";
        var fields = Fields(request.JsonBody()["fields"]?.AsObject() ?? [], list.State, ImmutableSortedDictionary<string, string>.Empty);
        var item = site.Items(list.Id).Add((_, at) => new ListItemState { Fields = fields, IsFolder = isFolder, Created = at, Modified = at, CreatedBy = App, ModifiedBy = App });
        return GraphNodes.One(ListJson.Item(request, site, list, item, select: null, withFields: true), 201);
    }

    private static GraphResponse ChangeItem(GraphRequest request)
    {
        var (site, list) = (SiteEndpoints.Open(request), ListEndpoints.Find(request));
        var old = site.Items(list.Id).Find(request.Values["item"]) ?? throw SiteEndpoints.ItemNotFound();
        var fields = Fields(request.JsonBody(), list.State, old.State.Fields);
        return GraphNodes.One(ListJson.Fields(site.Items(list.Id).Change(old.Id, (state, at) => state with { Fields = fields, Modified = at, ModifiedBy = App })));
    }

    private static GraphResponse DeleteItem(GraphRequest request)
    {
        var (site, list) = (SiteEndpoints.Open(request), ListEndpoints.Find(request));
        site.Items(list.Id).Delete((site.Items(list.Id).Find(request.Values["item"]) ?? throw SiteEndpoints.ItemNotFound()).Id);
        return GraphResponse.NoContent;
    }

    private static ImmutableSortedDictionary<string, string> Fields(JsonObject given, SiteListState list, ImmutableSortedDictionary<string, string> fields)
    {
        foreach (var (name, value) in given)
        {
            if (name.Contains('@', StringComparison.Ordinal))
                continue;
            var columnName = name.EndsWith("LookupId", StringComparison.Ordinal) ? name[..^8] : name;
            var column = list.Columns.FirstOrDefault(column => column.Name == columnName) ?? throw Invalid($"Field '{name}' is not recognized");
            if (column.IsReadOnly || CannotBeWritten.Contains(column.Facet))
                throw Invalid($"Field '{name}' is read-only");
            if (value is JsonArray && (string?)given[name + "@odata.type"] is not ("Collection(Edm.String)" or "Collection(Edm.Int32)"))
                throw Invalid("The value of a column that holds several needs its type beside it.");
            if (value is JsonArray != column.IsMultiple && value is not null)
                throw Invalid($"Field '{name}' takes {(column.IsMultiple ? "several values" : "one value")}.");
            fields = value is null ? fields.Remove(name) : fields.SetItem(name, value.ToJsonString());
        }
        return fields;
    }
}
