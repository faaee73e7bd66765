using System.Collections.Frozen;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Sites;

/// <summary>Modern pages: listed, read with what is on them, made and published. They have no change tracking.</summary>
internal static class PageEndpoints
{
    private const string App = "OrleansBackup";

    private static readonly FrozenSet<string> Known = new[]
    {
        "id", "name", "title", "description", "pageLayout", "promotionKind", "publishingState", "showComments", "showRecommendedPages", "thumbnailWebUrl", "titleArea", "webUrl", "eTag", "createdDateTime",
        "lastModifiedDateTime", "createdBy", "lastModifiedBy", "parentReference", "reactions", "canvasLayout",
    }.ToFrozenSet();

    public static IEnumerable<GraphRoute> Routes =>
    [
        new("GET", "/sites/{site}/pages", GraphService.Files, CollaborationPermissions.SitesRead, List) { Cost = 2 },
        new("GET", "/sites/{site}/pages/microsoft.graph.sitePage", GraphService.Files, CollaborationPermissions.SitesRead, List) { Cost = 2 },
        new("GET", "/sites/{site}/pages/{page}", GraphService.Files, CollaborationPermissions.SitesRead, request => One(request, Find(request))),
        new("GET", "/sites/{site}/pages/{page}/microsoft.graph.sitePage", GraphService.Files, CollaborationPermissions.SitesRead, request => One(request, Find(request))),
        new("POST", "/sites/{site}/pages", GraphService.Files, CollaborationPermissions.SitesWrite, Create) { Cost = 2 },
        new("POST", "/sites/{site}/pages/{page}/microsoft.graph.sitePage/publish", GraphService.Files, CollaborationPermissions.SitesWrite, Publish) { Cost = 2 },
        new("DELETE", "/sites/{site}/pages/{page}", GraphService.Files, CollaborationPermissions.SitesWrite, Delete) { Cost = 2 },
    ];

    private static ChronicleVersion<SitePageState> Find(GraphRequest request) => SiteEndpoints.Open(request).Pages.Find(request.Values["page"]) ?? throw SiteEndpoints.ItemNotFound();

    private static GraphResponse List(GraphRequest request)
    {
        var (site, select) = (SiteEndpoints.Open(request), Select(request));
        return GraphNodes.Page(request, site.Pages.Living, page => Show(request, site, page, select, withCanvas: false), 100, 500);
    }

    private static GraphResponse One(GraphRequest request, ChronicleVersion<SitePageState> page)
    {
        if (page.State.IsBroken && ListJson.Expands(request, "canvasLayout"))
            throw new GraphErrorException(500, "generalException", "General exception while processing");
        return GraphNodes.One(Show(request, SiteEndpoints.Open(request), page, Select(request), ListJson.Expands(request, "canvasLayout")));
    }

    private static IReadOnlySet<string>? Select(GraphRequest request) => SelectOption.Read(request.Option("$select"), Known.Contains, "microsoft.graph.sitePage");

    private static JsonObject Show(GraphRequest request, SimulatedSite site, ChronicleVersion<SitePageState> page, IReadOnlySet<string>? select, bool withCanvas)
    {
        var state = page.State;
        var shown = GraphNodes.Selected(new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.sitePage", ["id"] = page.Id, ["eTag"] = ListJson.ETag(page.Id, page.Number), ["name"] = state.Name, ["title"] = state.Title, ["description"] = state.Description,
            ["webUrl"] = $"{SiteEndpoints.Address(request, site)}/SitePages/{state.Name}", ["pageLayout"] = state.Layout, ["promotionKind"] = state.PromotionKind,
            ["publishingState"] = new JsonObject { ["level"] = state.IsPublished ? "published" : "checkout", ["versionId"] = $"{page.Number}.0" },
            ["showComments"] = state.ShowComments, ["showRecommendedPages"] = state.ShowRecommendedPages, ["thumbnailWebUrl"] = null, ["titleArea"] = state.TitleArea is null ? null : JsonNode.Parse(state.TitleArea),
            ["createdDateTime"] = GraphNodes.Time(state.Created), ["lastModifiedDateTime"] = GraphNodes.Time(state.Modified), ["createdBy"] = ListJson.Person(request, state.CreatedBy),
            ["lastModifiedBy"] = ListJson.Person(request, state.ModifiedBy), ["parentReference"] = new JsonObject { ["siteId"] = site.Id },
        }, select);
        if (withCanvas)
            shown["canvasLayout"] = state.Canvas is null ? null : JsonNode.Parse(state.Canvas);
        return shown;
    }

    private static GraphResponse Create(GraphRequest request)
    {
        var site = SiteEndpoints.Open(request);
        var body = request.JsonBody();
        if ((string?)body["@odata.type"] != "#microsoft.graph.sitePage")
            throw new GraphErrorException(400, "invalidRequest", "The type of the page is needed.");
        foreach (var property in body.Select(property => property.Key).Where(name => !name.Contains('@', StringComparison.Ordinal)))
        {
            if (property is "id" or "eTag" or "webUrl" or "createdDateTime" or "lastModifiedDateTime" or "createdBy" or "lastModifiedBy" or "publishingState" or "parentReference" || !Known.Contains(property))
                throw new GraphErrorException(400, "invalidRequest", $"Property '{property}' cannot be set.");
        }
        var name = (string?)body["name"] is { } given && given.EndsWith(".aspx", StringComparison.OrdinalIgnoreCase) ? given : throw new GraphErrorException(400, "invalidRequest", "A page needs a name that ends with .aspx.");
        return site.Pages.Read(() =>
        {
            if (site.Pages.Living.Any(page => page.State.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                throw new GraphErrorException(409, "nameAlreadyExists", "Name already exists");
            var id = Guid.NewGuid().ToString();
            var made = site.Pages.Add((_, at) => new SitePageState
            {
                Name = name, Title = (string?)body["title"], Description = (string?)body["description"], Layout = (string?)body["pageLayout"] ?? "article", PromotionKind = (string?)body["promotionKind"] ?? "page",
                ShowComments = (bool?)body["showComments"] ?? false, ShowRecommendedPages = (bool?)body["showRecommendedPages"] ?? false, TitleArea = body["titleArea"]?.ToJsonString(), Canvas = body["canvasLayout"]?.ToJsonString(),
                Created = at, Modified = at, CreatedBy = App, ModifiedBy = App,
            }, _ => id);
            return GraphNodes.One(Show(request, site, made, select: null, withCanvas: false), 201);
        });
    }

    private static GraphResponse Publish(GraphRequest request)
    {
        SiteEndpoints.Open(request).Pages.Change(Find(request).Id, (state, at) => state with { IsPublished = true, Modified = at, ModifiedBy = App });
        return GraphResponse.NoContent;
    }

    private static GraphResponse Delete(GraphRequest request)
    {
        SiteEndpoints.Open(request).Pages.Delete(Find(request).Id);
        return GraphResponse.NoContent;
    }
}
