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
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.ClientApi.Points;

/// <summary>Calendars, contacts and tasks as files that every calendar and address book opens.</summary>
internal static class ItemFileEndpoints
{
    /// <param name="Role">The name under which a restore point makes the file.</param>
    internal sealed record Form(string Role, string ContentType);

    private static readonly Form Calendar = new("ics", "text/calendar");
    private static readonly Form Card = new("vcf", "text/vcard");

    public static void MapItemFiles(this IEndpointRouteBuilder points)
    {
        points.MapGet("/{point}/folders/{folderId}/file", GetFolder).Needs(Permission.SeeContent).Audited(AuditActs.ReadContent)
            .WithSummary("Downloads a calendar or task list as .ics (RFC 5545), or a contact folder as .vcf (RFC 2426), with all below it.")
            .Produces<Stream>(StatusCodes.Status200OK, Calendar.ContentType, Card.ContentType);
        Whole(points, "calendar", "calendar.ics", Calendar, "Downloads all calendars as one .ics file (RFC 5545).");
        Whole(points, "tasks", "tasks.ics", Calendar, "Downloads all to-do tasks as one .ics file (RFC 5545).");
        Whole(points, "contacts", "contacts.vcf", Card, "Downloads all contacts with their pictures as one .vcf file (RFC 2426).");
    }

    /// <summary>The file that items or folders of a kind are downloaded as; null: none of these.</summary>
    public static Form? FormOf(string kind) => kind switch
    {
        "event" or "task" or "calendar" or "calendar-group" or "task-list" => Calendar,
        "contact" or "contact-folder" => Card,
        _ => null,
    };

    public static async Task<IResult> DownloadAsync(OpenPoint open, string id, Form form, string name, CancellationToken cancellation)
    {
        var pieces = await PieceStream.OpenAsync(open.Grain.ReadContent(id, form.Role, cancellation), cancellation);
        return pieces.AsDownload($"{form.ContentType}; charset=utf-8", $"{name}.{form.Role}");
    }

    private static void Whole(IEndpointRouteBuilder points, string part, string fileName, Form form, string summary) =>
        points.MapGet($"/{{point}}/{fileName}", async (string tenant, string resource, string point, HttpContext context, IGrainFactory grains) =>
        {
            // Nothing of another kind of resource has such a part: an empty file would look as if it had been lost.
            if (AddressParts.Resource(tenant, resource).Kind != ResourceKind.Mailbox)
                throw new ProblemException(Problem.NotPossibleNow($"Only a mailbox has {part}; ask for the mailbox of the same user."));
            var (open, callerHasIt) = await OpenPoint.FindForContentAsync(tenant, resource, point, context, grains);
            return callerHasIt ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : await DownloadAsync(open, part, form, part, context.RequestAborted);
        }).Needs(Permission.SeeContent).Audited(AuditActs.ReadContent).WithSummary(summary).Produces<Stream>(StatusCodes.Status200OK, form.ContentType);

    private static async Task<IResult> GetFolder(string tenant, string resource, string point, string folderId, HttpContext context, IGrainFactory grains)
    {
        var (open, callerHasIt) = await OpenPoint.FindForContentAsync(tenant, resource, point, context, grains);
        if (callerHasIt)
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        var id = AddressParts.GraphId(folderId);
        var folder = (await open.Grain.ListFolders(context.RequestAborted)).FirstOrDefault(folder => folder.Id == id) ?? throw new ProblemException(Problem.NoSuchFolder(id));
        return FormOf(folder.Kind) is { } form
            ? await DownloadAsync(open, id, form, SafeFileName.Of(folder.Name, folder.Kind), context.RequestAborted)
            : throw new ProblemException(Problem.NotPossibleNow("This is no calendar, contact folder or task list; all other folders are downloaded as an archive."));
    }
}
