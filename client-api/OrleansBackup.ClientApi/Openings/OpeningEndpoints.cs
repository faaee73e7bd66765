using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Openings;
using OrleansBackup.GrainInterfaces.Openings;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Openings;

/// <summary>Opens restore points, read only, to a file manager or a mail program, and ends that again.</summary>
internal static class OpeningEndpoints
{
    private static readonly ListOrder<OpeningListing> Order = new(one => one.Id.Text, ("-openedAt", one => SortText.Of(one.Opened.At)), ("until", one => SortText.Of(one.Until)), ("who", one => SortText.Of(one.Opened.Who)));

    public static void MapOpenings(this IEndpointRouteBuilder api)
    {
        var ofPoint = api.MapGroup("/tenants/{tenant}/resources/{resource}/points/{point}/openings").WithTags("Openings");
        ofPoint.MapPost("", Make).Needs(Permission.SeeContent).Audited(AuditActs.OpenPoint, withBody: true).WithMetadata(new AnswerHoldsSecret())
            .WithSummary("Opens a restore point, read only, to a file manager (WebDAV) or a mail program (IMAP) for some hours. The password is in this answer only.");
        ofPoint.MapGet("", ListOfPoint).Needs(Permission.SeeTenant).WithSummary("Lists the openings of a restore point, newest first.");
        var ofTenant = api.MapGroup("/tenants/{tenant}/openings").WithTags("Openings");
        ofTenant.MapGet("", List).Needs(Permission.SeeTenant).WithSummary("Lists the openings of a tenant, newest first, with who opened what and why, and how much was read.");
        ofTenant.MapDelete("/{opening}", End).Needs(Permission.SeeContent).Audited(AuditActs.EndOpening).WithSummary("Ends an opening at once: programs that are connected are cut off.");
        ofTenant.MapPut("/policy", SetPolicy).Needs(Permission.ManageTenants).Audited(AuditActs.LetCustomersOpen, withBody: true)
            .WithSummary("Says whether contacts of the customer may open restore points of their own tenant themselves. At first they may not.");
    }

    private static async Task<Created<OpeningMadeBody>> Make(
        string tenant, string resource, string point, OpeningMakeBody body, HttpContext context, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var protocol = body.Protocol ?? throw new ProblemException(Problem.FieldMissing("protocol"));
        var why = string.IsNullOrWhiteSpace(body.Why) ? throw new ProblemException(Problem.FieldMissing("why")) : body.Why;
        var id = AddressParts.Resource(tenant, resource);
        var open = await OpenPoint.FindAsync(tenant, resource, point, grains, cancellation);
        // Who may not restore by himself is the customer: he opens where the provider lets him, and asks for it otherwise.
        if (!context.Caller().May(Permission.Restore) && !await grains.Openings(id.Tenant).MayCustomersOpen(cancellation))
            throw new ProblemException(Problem.NotAllowed("Restore points of this tenant are opened by the provider; ask for it, or ask the provider to let you."));
        var (opening, password) = (OpeningId.New(id.Tenant), OpeningPassword.New());
        var address = context.RequestServices.GetService<IOpeningAddresses>()?.Of(protocol, opening, context.Request)
            ?? throw new ProblemException(Problem.NotPossibleNow($"This server does not serve {protocol}. For a mail program, set TimeTravel:Imap:Url."));
        var made = await grains.Openings(id.Tenant).Open(new OpeningOrder(
            opening, new RestorePointId(id, open.Summary.Sequence), protocol, body.Lasts ?? OpeningRules.Default, caller.Identity?.Name ?? "", why, [.. OpeningPassword.HashOf(password)]), cancellation);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/v1/tenants/{id.Tenant}/openings", new OpeningMadeBody(OpeningBody.Of(made), address, opening.Text, password));
    }

    private static async Task<Ok<OpeningListBody>> List(string tenant, IGrainFactory grains, CancellationToken cancellation, bool? open = null, string? sort = null, string? after = null, int? limit = null) =>
        TypedResults.Ok(await ListAsync(await BookAsync(tenant, grains, cancellation), one => open is null || (one.EndedAt is null) == open, cancellation, sort, after, limit));

    private static async Task<Ok<OpeningListBody>> ListOfPoint(
        string tenant, string resource, string point, IGrainFactory grains, CancellationToken cancellation, bool? open = null, string? sort = null, string? after = null, int? limit = null)
    {
        var id = AddressParts.Resource(tenant, resource);
        var sequence = (await OpenPoint.FindAsync(tenant, resource, point, grains, cancellation)).Summary.Sequence;
        return TypedResults.Ok(await ListAsync(grains.Openings(id.Tenant), one => one.Point == new RestorePointId(id, sequence) && (open is null || (one.EndedAt is null) == open), cancellation, sort, after, limit));
    }

    private static async Task<Ok<OpeningBody>> End(string tenant, string opening, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        if (!OpeningId.TryParse(opening, out var id))
            throw new ProblemException(Problem.InvalidField("opening", "'opening' must be the id of an opening, as the list gives it."));
        return TypedResults.Ok(OpeningBody.Of(await (await BookAsync(tenant, grains, cancellation)).End(id, caller.Identity?.Name ?? "", cancellation)));
    }

    private static async Task<Ok<OpeningListBody>> SetPolicy(string tenant, OpeningPolicyBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var (book, allowed) = (await BookAsync(tenant, grains, cancellation), body.CustomersMayOpen ?? throw new ProblemException(Problem.FieldMissing("customersMayOpen")));
        await book.LetCustomersOpen(allowed, cancellation);
        return TypedResults.Ok(await ListAsync(book, _ => true, cancellation));
    }

    private static async Task<OpeningListBody> ListAsync(
        IOpeningBookGrain book, Func<OpeningListing, bool> wanted, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null)
    {
        var (part, next) = Order.Take((await book.List(cancellation)).Where(wanted), sort, after, ListParts.Limit(limit));
        return new([.. part.Select(OpeningBody.Of)], await book.MayCustomersOpen(cancellation)) { Next = next };
    }

    private static async Task<IOpeningBookGrain> BookAsync(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        await grains.Tenant(id).GetName(cancellation); // a book of a tenant that is none would be kept and never looked at
        return grains.Openings(id);
    }
}
