using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Points;

/// <summary>Restore points and what is in them: folders and items, page by page.</summary>
internal static class PointEndpoints
{
    private static readonly ListOrder<RestorePointSummary> Order = new(
        point => SortText.Of(point.Sequence), ("-sequence", point => SortText.Of(point.Sequence)), ("items", point => SortText.Of(point.Items)), ("logicalBytes", point => SortText.Of(point.LogicalBytes)));

    public static void MapPoints(this IEndpointRouteBuilder api)
    {
        var points = api.MapGroup("/tenants/{tenant}/resources/{resource}/points").WithTags("Restore points");
        points.MapGet("", List).Needs(Permission.SeeTenant).WithSummary("Lists the restore points that can be put back now, newest first.");
        points.MapGet("/{point}", Get).Needs(Permission.SeeTenant).WithSummary("Describes a restore point.");
        points.MapGet("/{point}/folders", ListFolders).Needs(Permission.SeeContent).WithSummary("Lists every folder of a point, parents before children.").Produces<FolderListBody>();
        points.MapGet("/{point}/folders/{folderId}/items", ListItems).Needs(Permission.SeeContent).WithSummary("Lists the items of a folder, in a stable order.").Produces<ItemListBody>();
        points.MapGet("/{point}/items/{itemId}", GetItem).Needs(Permission.SeeContent).WithSummary("Describes an item.").Produces<ItemBody>();
        points.MapCompare();
        points.MapContent();
        api.MapSearch();
    }

    private static async Task<Ok<PointListBody>> List(
        string tenant, string resource, IGrainFactory grains, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null, string? fromDay = null, string? untilDay = null)
    {
        var (from, until) = (Day(fromDay, "fromDay"), Day(untilDay, "untilDay"));
        var points = await grains.Resource(AddressParts.Resource(tenant, resource)).ListPoints(cancellation);
        var (part, next) = Order.Take(points.Where(point => !(point.Day < from) && !(point.Day > until)), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new PointListBody([.. part.Select(PointBody.Of)]) { Next = next });
    }

    private static DateOnly? Day(string? text, string field) => text is null ? null
        : PointAddress.Parse(text, field).Day ?? throw new ProblemException(Problem.InvalidField(field, $"'{field}' must be a day such as 2026-03-14."));

    // Not marked as immutable: until when a point is owed follows the retention of the day.
    private static async Task<Ok<PointBody>> Get(string tenant, string resource, string point, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(PointBody.Of((await OpenPoint.FindAsync(tenant, resource, point, grains, cancellation)).Summary));

    private static async Task<IResult> ListFolders(string tenant, string resource, string point, HttpContext context, IGrainFactory grains)
    {
        var (open, callerHasIt) = await OpenPoint.FindForContentAsync(tenant, resource, point, context, grains);
        if (callerHasIt)
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var folders = await open.Grain.ListFolders(context.RequestAborted);
        return TypedResults.Ok(new FolderListBody([.. folders.Select(FolderBody.Of)]));
    }

    private static async Task<IResult> ListItems(
        string tenant, string resource, string point, string folderId, HttpContext context, IGrainFactory grains, string? after = null, int? limit = null)
    {
        var (folder, atMost) = (AddressParts.GraphId(folderId), AddressParts.Limit(limit));
        var (open, callerHasIt) = await OpenPoint.FindForContentAsync(tenant, resource, point, context, grains);
        if (callerHasIt)
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var page = await open.Grain.ListItems(folder, after, atMost, context.RequestAborted);
        if (page.Items.IsEmpty && after is null)
            await RequireFolder(open.Grain, folder, context.RequestAborted);
        return TypedResults.Ok(new ItemListBody([.. page.Items.Select(ItemBody.Of)], page.Next));
    }

    private static async Task<IResult> GetItem(
        string tenant, string resource, string point, string itemId, HttpContext context, IGrainFactory grains)
    {
        var (open, callerHasIt) = await OpenPoint.FindForContentAsync(tenant, resource, point, context, grains);
        return callerHasIt
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(ItemBody.Of(await open.Grain.GetItem(AddressParts.GraphId(itemId), context.RequestAborted)));
    }

    // An empty folder and one that is not there give the same empty list; a caller must be able to tell them apart.
    private static async Task RequireFolder(IRestorePointGrain point, string folderId, CancellationToken cancellation)
    {
        if (!(await point.ListFolders(cancellation)).Any(folder => folder.Id == folderId))
            throw new ProblemException(Problem.NoSuchFolder(folderId));
    }
}
