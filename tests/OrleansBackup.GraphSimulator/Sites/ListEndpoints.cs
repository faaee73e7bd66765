using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Ids;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Sites;

/// <summary>Reading lists: their definitions, their items as a list and as changes.</summary>
internal sealed class ListEndpoints(SimulatedWorld world)
{
    private const int DefaultPage = 200;
    private const int LargestPage = 5_000;
    private const string BrokenResync = "resync-broken";

    public IEnumerable<GraphRoute> Routes =>
    [
        Route("/sites/{site}/lists", List, 2),
        Route("/sites/{site}/lists/{list}", request => GraphNodes.One(ListJson.Show(request, SiteEndpoints.Open(request), Find(request), SelectList(request)))),
        Route("/sites/{site}/lists/{list}/columns", request => GraphNodes.Page(request, Find(request).State.Columns, ListJson.Column, DefaultPage, LargestPage), 2),
        Route("/sites/{site}/lists/{list}/items", Items, 2),
        Route("/sites/{site}/lists/{list}/items/{item}", Item),
        Route("/sites/{site}/lists/{list}/items/delta", Delta, 2),
    ];

    private static GraphRoute Route(string template, GraphHandler handle, int cost = 1) => new("GET", template, GraphService.Files, CollaborationPermissions.SitesRead, handle) { Cost = cost };

    internal static ChronicleVersion<SiteListState> Find(GraphRequest request) => SiteEndpoints.Open(request).Lists.Find(request.Values["list"].ToLowerInvariant()) ?? throw SiteEndpoints.ItemNotFound();

    private static IReadOnlySet<string>? SelectList(GraphRequest request) => SelectOption.Read(request.Option("$select"), ListJson.ListProperties.Contains, "microsoft.graph.list");

    private static IReadOnlySet<string>? SelectItem(string? select) => SelectOption.Read(select, ListJson.ItemProperties.Contains, "microsoft.graph.listItem");

    private static GraphResponse List(GraphRequest request)
    {
        var site = SiteEndpoints.Open(request);
        var select = SelectList(request);
        return GraphNodes.Page(request, [.. site.Lists.Living.Where(list => !list.State.IsSystem || select?.Contains("system") == true)], list => ListJson.Show(request, site, list, select), DefaultPage, LargestPage);
    }

    private static GraphResponse Items(GraphRequest request)
    {
        var (site, list, select) = (SiteEndpoints.Open(request), Find(request), SelectItem(request.Option("$select")));
        var withFields = ListJson.Expands(request, "fields");
        return GraphNodes.Page(request, site.Items(list.Id).Living, item => Show(request, site, list, item, select, withFields), DefaultPage, LargestPage);
    }

    private static GraphResponse Item(GraphRequest request)
    {
        var (site, list) = (SiteEndpoints.Open(request), Find(request));
        var item = site.Items(list.Id).Find(request.Values["item"]) ?? throw SiteEndpoints.ItemNotFound();
        return GraphNodes.One(Show(request, site, list, item, SelectItem(request.Option("$select")), ListJson.Expands(request, "fields")));
    }

    // What is wrong with an item shows as soon as its columns are asked for, and takes the page with it.
    private static JsonObject Show(GraphRequest request, SimulatedSite site, ChronicleVersion<SiteListState> list, ChronicleVersion<ListItemState> item, IReadOnlySet<string>? select, bool withFields) =>
        withFields && item.State.IsBroken && !item.IsDeleted ? throw new GraphErrorException(500, "generalException", "General exception while processing") : ListJson.Item(request, site, list, item, select, withFields);

    private GraphResponse Delta(GraphRequest request)
    {
        var (site, list) = (SiteEndpoints.Open(request), Find(request));
        var items = site.Items(list.Id);
        var (position, until, isFirst, top, options) = Round(request, site, list.Id, items);
        var withFields = options.StartsWith("fields|", StringComparison.Ordinal);
        var chosen = options[(options.IndexOf('|', StringComparison.Ordinal) + 1)..];
        var select = SelectItem(chosen.Length == 0 ? null : chosen);
        var page = items.Changes(position, until, isFirst, Math.Clamp(top, 1, LargestPage));
        var answer = new JsonObject { ["value"] = new JsonArray([.. page.Changes.Select(item => Show(request, site, list, item, select, withFields))]) };
        var next = OpaqueToken.Pack(list.Id, Format(page.Position), Format(page.IsLast ? 0 : until), isFirst && !page.IsLast ? "1" : "0", Format(items.IssueToken(world.Limits.Current.LiveDeltaTokens)), Format(top), options);
        answer[page.IsLast ? "@odata.deltaLink" : "@odata.nextLink"] = $"{Address(request, site, list.Id)}?token={next}";
        return GraphNodes.One(answer);
    }

    private static string Address(GraphRequest request, SimulatedSite site, string list) => $"{request.ServiceRoot}/sites/{Uri.EscapeDataString(site.Id)}/lists/{list}/items/delta";

    private static (long Position, long Until, bool IsFirst, int Top, string Options) Round(GraphRequest request, SimulatedSite site, string list, ChronicleBook<ListItemState> items)
    {
        var options = (ListJson.Expands(request, "fields") ? "fields|" : "|") + request.Option("$select");
        var top = request.Number("$top");
        switch (request.Option("token"))
        {
            case null or "":
                return (0, items.Sequence, true, top ?? DefaultPage, options);
            case "latest":
                return (items.Sequence, items.Sequence, true, top ?? DefaultPage, options);
            case BrokenResync:
                throw new GraphErrorException(500, "generalException", "General exception while processing");
            case var text when OpaqueToken.TryUnpack(text, 7, out var fields) && fields[0] == list:
                if (Number(fields[4]) < items.OldestLiveToken)
                    throw new GraphErrorException(410, site.ResyncCode, "Resync required.") { Location = $"{Address(request, site, list)}?token={(site.BreaksResyncAddress ? BrokenResync : "")}" };
                var until = Number(fields[2]);
                return (Number(fields[1]), until == 0 ? items.Sequence : until, fields[3] == "1", top ?? (int)Number(fields[5]), fields[6]);
            default:
                throw new GraphErrorException(400, "invalidRequest", "The delta token is not valid.");
        }
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);
}
