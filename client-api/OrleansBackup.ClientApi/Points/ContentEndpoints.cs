using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;

namespace OrleansBackup.ClientApi.Points;

/// <summary>Bytes out of a restore point: an item as a file, its properties, its attachments, a folder as .zip.</summary>
internal static class ContentEndpoints
{
    public static void MapContent(this IEndpointRouteBuilder points)
    {
        points.MapGet("/{point}/items/{itemId}/properties", GetProperties).Needs(Permission.SeeContent).Audited(AuditActs.ReadContent)
            .WithSummary("Gives all properties of an item as Microsoft 365 gave them: JSON of Microsoft Graph.")
            .Produces<object>(StatusCodes.Status200OK, "application/json");
        points.MapGet("/{point}/items/{itemId}/content", GetContent).Needs(Permission.SeeContent).Audited(AuditActs.ReadContent)
            .WithSummary("Downloads an item as a file: a message as .eml, its exact MIME bytes; an event or task as .ics, a contact as .vcf; a file as it is; anything else as the JSON of Microsoft Graph.")
            .Produces<Stream>(StatusCodes.Status200OK, "message/rfc822");
        points.MapGet("/{point}/items/{itemId}/contents/{role}", GetRole).Needs(Permission.SeeContent).Audited(AuditActs.ReadContent)
            .WithSummary("Downloads one of an item's contents byte for byte, by its role.")
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream");
        points.MapGet("/{point}/items/{itemId}/attachments/{n}", GetAttachment).Needs(Permission.SeeContent).Audited(AuditActs.ReadContent)
            .WithSummary("Downloads an attachment by its number, counted from 0.")
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream");
        points.MapItemFiles();
        points.MapGet("/{point}/folders/{folderId}/archive", GetArchive).Needs(Permission.SeeContent).Audited(AuditActs.ReadContent)
            .WithSummary("Downloads a folder, calendar, drive, list or channel and all below it as a .zip of what each item is downloaded as; what cannot be is listed in a text file in it.")
            .Produces<Stream>(StatusCodes.Status200OK, "application/zip");
        Head(points.MapMethods("/{point}/items/{itemId}/properties", [HttpMethods.Head], GetProperties));
        Head(points.MapMethods("/{point}/items/{itemId}/content", [HttpMethods.Head], GetContent));
        Head(points.MapMethods("/{point}/items/{itemId}/contents/{role}", [HttpMethods.Head], GetRole));
        Head(points.MapMethods("/{point}/items/{itemId}/attachments/{n}", [HttpMethods.Head], GetAttachment));
        Head(points.MapMethods("/{point}/folders/{folderId}/archive", [HttpMethods.Head], GetArchive));
    }

    private static void Head(RouteHandlerBuilder route) =>
        route.Needs(Permission.SeeContent).WithSummary("Gives the headers that GET gives, without the body.").Produces(StatusCodes.Status200OK);

    private static async Task<IResult> GetProperties(
        string tenant, string resource, string point, string itemId, HttpContext context, IGrainFactory grains)
    {
        var (open, callerHasIt) = await OpenPoint.FindForContentAsync(tenant, resource, point, context, grains);
        return callerHasIt
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(await open.Grain.GetItemProperties(AddressParts.GraphId(itemId), context.RequestAborted), "application/json; charset=utf-8");
    }

    private static async Task<IResult> GetContent(
        string tenant, string resource, string point, string itemId, HttpContext context, IGrainFactory grains)
    {
        var (open, callerHasIt) = await OpenPoint.FindForContentAsync(tenant, resource, point, context, grains);
        if (callerHasIt)
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var id = AddressParts.GraphId(itemId);
        var file = ItemDownload.Require(await open.Grain.GetItem(id, context.RequestAborted));
        var pieces = await PieceStream.OpenAsync(file.Read(open.Grain, context.RequestAborted), context.RequestAborted);
        return pieces.AsDownload(file.ContentType, file.FileName);
    }

    private static async Task<IResult> GetRole(
        string tenant, string resource, string point, string itemId, string role, HttpContext context, IGrainFactory grains)
    {
        var (open, callerHasIt) = await OpenPoint.FindForContentAsync(tenant, resource, point, context, grains);
        if (callerHasIt)
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var id = AddressParts.GraphId(itemId);
        var item = await open.Grain.GetItem(id, context.RequestAborted);
        var pieces = await PieceStream.OpenAsync(open.Grain.ReadContent(id, role, context.RequestAborted), context.RequestAborted);
        return pieces.AsDownload("application/octet-stream", SafeFileName.Of($"{item.Subject} ({role})", role));
    }

    private static async Task<IResult> GetAttachment(
        string tenant, string resource, string point, string itemId, string n, HttpContext context, IGrainFactory grains)
    {
        if (!int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            throw new ProblemException(Problem.InvalidField("n", "'n' must be the number of an attachment, counted from 0."));
        var (open, callerHasIt) = await OpenPoint.FindForContentAsync(tenant, resource, point, context, grains);
        if (callerHasIt)
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var id = AddressParts.GraphId(itemId);
        var attachments = (await open.Grain.GetItem(id, context.RequestAborted)).Attachments;
        if (index >= attachments.Length)
            throw new ProblemException(Problem.NoSuchAttachment(n));
        if (attachments[index].Problem is { } problem)
            throw new ProblemException(Problem.NotPossibleNow($"The bytes of this attachment are not in the restore point: {problem}"));
        var pieces = await PieceStream.OpenAsync(open.Grain.ReadAttachment(id, index, context.RequestAborted), context.RequestAborted);
        return pieces.AsDownload(DownloadHeaders.SafeContentType(attachments[index].ContentType), SafeFileName.Of(attachments[index].Name, "attachment"));
    }

    private static async Task<IResult> GetArchive(
        string tenant, string resource, string point, string folderId, HttpContext context, IGrainFactory grains)
    {
        var (open, callerHasIt) = await OpenPoint.FindForContentAsync(tenant, resource, point, context, grains);
        return callerHasIt
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : await FolderArchive.OpenAsync(open.Grain, AddressParts.GraphId(folderId), context.RequestAborted);
    }
}
