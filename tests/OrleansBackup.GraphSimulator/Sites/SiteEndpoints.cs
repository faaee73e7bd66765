using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Groups;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Sites;

/// <summary>Sites as a tenant's listings and addresses give them, and what applications may do in one.</summary>
internal static class SiteEndpoints
{
    private const string TypeName = "microsoft.graph.site";

    private static readonly FrozenSet<string> Known = new[]
    {
        "id", "name", "displayName", "description", "webUrl", "createdDateTime", "lastModifiedDateTime", "isPersonalSite", "root", "siteCollection", "sharepointIds", "parentReference", "eTag", "error",
    }.ToFrozenSet();

    public static IEnumerable<GraphRoute> Routes =>
    [
        new("GET", "/sites/getAllSites", GraphService.Files, CollaborationPermissions.SitesRead, All) { Cost = 2 },
        new("GET", "/sites/{site}", GraphService.Files, CollaborationPermissions.SitesRead, request => One(request, Open(request))),
        new("GET", "/sites/{site}/sites", GraphService.Files, CollaborationPermissions.SitesRead, Below) { Cost = 2 },
        new("GET", "/groups/{group}/sites/root", GraphService.Files, CollaborationPermissions.SitesRead, OfGroup),
        new("GET", "/sites/{site}/permissions", GraphService.Files, CollaborationPermissions.SitePermissions, Permissions) { Cost = 5 },
    ];

    /// <summary>A site that can be read.</summary>
    internal static SimulatedSite Open(GraphRequest request)
    {
        var collaboration = request.Tenant.Collaboration;
        if (collaboration.LacksSharePoint)
            throw new GraphErrorException(400, "BadRequest", "Tenant does not have a SPO license.");
        var site = collaboration.FindSite(request.Values["site"]) ?? throw new GraphErrorException(404, "itemNotFound", "Requested site could not be found");
        if (site.Refusal is { } refusal)
            throw new GraphErrorException(refusal.Status, refusal.Code, refusal.Message);
        return site.ArchiveStatus is null ? site : throw new GraphErrorException(423, "notAllowed", "Access to this site has been blocked: it is archived.");
    }

    internal static GraphErrorException ItemNotFound() => new(404, "itemNotFound", "The specified item was not found");

    private static GraphResponse All(GraphRequest request)
    {
        if (request.Tenant.Collaboration.LacksSharePoint)
            throw new GraphErrorException(400, "BadRequest", "Tenant does not have a SPO license.");
        var select = Select(request);
        return GraphNodes.Page(request, [.. request.Tenant.Collaboration.Sites.Where(site => !site.IsDeleted && site.Kind != SiteKind.Subsite)], site => GraphNodes.Selected(Show(request, site), select), 100, 200);
    }

    private static GraphResponse Below(GraphRequest request)
    {
        var site = Open(request);
        var select = Select(request);
        return GraphNodes.Page(request, [.. request.Tenant.Collaboration.Sites.Where(below => below.Parent == site && !below.IsDeleted)], below => GraphNodes.Selected(Show(request, below), select), 100, 200);
    }

    private static GraphResponse OfGroup(GraphRequest request)
    {
        var group = GroupEndpoints.Find(request);
        var site = request.Tenant.Collaboration.Sites.FirstOrDefault(site => site.GroupId == group.Id && site.Kind == SiteKind.Team && !site.IsDeleted)
            ?? throw new GraphErrorException(404, "itemNotFound", "Requested site could not be found");
        return One(request, site);
    }

    private static GraphResponse Permissions(GraphRequest request) => GraphNodes.Page(request, Open(request).Permissions, permission => new JsonObject
    {
        ["id"] = permission.Id,
        ["roles"] = new JsonArray(permission.Role),
        ["grantedToIdentitiesV2"] = new JsonArray(new JsonObject { ["application"] = new JsonObject { ["id"] = permission.ApplicationId, ["displayName"] = permission.ApplicationName } }),
    }, 100, 200);

    private static GraphResponse One(GraphRequest request, SimulatedSite site) => GraphNodes.One(GraphNodes.Selected(Show(request, site), Select(request)));

    private static IReadOnlySet<string>? Select(GraphRequest request) => SelectOption.Read(request.Option("$select"), Known.Contains, TypeName);

    internal static string Address(GraphRequest request, SimulatedSite site) => site.Parent is { } parent ? $"{Address(request, parent)}/{site.Name}"
        : $"https://{site.Id.Split(',')[0]}/{(site.Kind == SiteKind.Personal ? "personal" : "sites")}/{site.Name}";

    private static JsonObject Show(GraphRequest request, SimulatedSite site)
    {
        var ids = site.Id.Split(',');
        var collection = new JsonObject { ["hostname"] = ids[0], ["dataLocationCode"] = "EUR" };
        if (site.ArchiveStatus is { } status)
            collection["archivalDetails"] = new JsonObject { ["archiveStatus"] = status };
        var shown = new JsonObject
        {
            ["id"] = site.Id,
            ["name"] = site.Name,
            ["displayName"] = site.DisplayName,
            ["description"] = site.Description,
            ["webUrl"] = Address(request, site),
            ["createdDateTime"] = GraphNodes.Time(site.CreatedAt),
            ["lastModifiedDateTime"] = GraphNodes.Time(site.CreatedAt),
            ["isPersonalSite"] = site.Kind == SiteKind.Personal,
            ["siteCollection"] = collection,
            ["sharepointIds"] = new JsonObject { ["siteId"] = ids[1], ["webId"] = ids[2], ["siteUrl"] = Address(request, site), ["tenantId"] = request.Tenant.Id.ToString() },
        };
        if (site.Parent is null)
            shown["root"] = new JsonObject();
        else
            shown["parentReference"] = new JsonObject { ["siteId"] = site.Parent.Id };
        if (site.DisplayName is null)
            shown.Remove("displayName"); // left out, not null, as has been seen
        return shown;
    }

    internal static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);
}
