using System.Collections.Immutable;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Rehearsals;

/// <summary>Rehearsals: items that nobody could choose are brought back and compared, and what came of it is signed.</summary>
internal static class RehearsalEndpoints
{
    private const string JsonLines = "application/jsonl";

    private static readonly ListOrder<RehearsalListing> Order = new(
        one => one.Name, ("-orderedAt", one => SortText.Of(one.Ordered.At)), ("name", one => one.Name), ("failed", one => SortText.Of(one.Failed)), ("endedAt", one => SortText.Of(one.EndedAt)));

    public static void MapRehearsals(this IEndpointRouteBuilder api)
    {
        Map(api.MapGroup("/rehearsals").WithTags("Rehearsals"), _ => null, Permission.SeeEstate, "of the whole estate",
            "Begins a rehearsal of the whole estate besides those that are held by themselves; one that is going is answered as it stands.");
        Map(api.MapGroup("/tenants/{tenant}/rehearsals").WithTags("Rehearsals"), context => context.Request.RouteValues["tenant"]?.ToString() ?? "", Permission.SeeTenant, "of a tenant",
            "Begins a rehearsal of one tenant, at the customer's request: chargeable work; one that is going is answered as it stands.");
    }

    /// <param name="tenantOf">Null: the estate.</param>
    private static void Map(RouteGroupBuilder rehearsals, Func<HttpContext, string?> tenantOf, Permission see, string whose, string begins)
    {
        rehearsals.MapPost("", async Task<Accepted<RehearsalBody>> (RehearsalOrderBody body, ClaimsPrincipal caller, HttpContext context, IGrainFactory grains) =>
        {
            var why = string.IsNullOrWhiteSpace(body.Why) ? throw new ProblemException(Problem.FieldMissing("why")) : body.Why;
            var begun = await (await BookAsync(tenantOf(context), grains, context.RequestAborted)).Begin(caller.Identity?.Name ?? "", why, body.Minimum, context.RequestAborted);
            return TypedResults.Accepted((string?)null, RehearsalBody.Of(begun));
        }).Needs(Permission.Rehearse).Audited(AuditActs.Rehearse, withBody: true).WithSummary(begins);
        rehearsals.MapGet("", async Task<Ok<RehearsalListBody>> (HttpContext context, IGrainFactory grains, bool? open = null, string? sort = null, string? after = null, int? limit = null) =>
        {
            var book = await BookAsync(tenantOf(context), grains, context.RequestAborted);
            var (part, next) = Order.Take((await book.List(context.RequestAborted)).Where(one => open is null || (one.EndedAt is null) == open), sort, after, ListParts.Limit(limit));
            return TypedResults.Ok(new RehearsalListBody([.. part.Select(RehearsalBody.Of)]) { Next = next });
        }).Needs(see).WithSummary($"Lists the rehearsals {whose}, newest first.");
        rehearsals.MapGet("/{rehearsal}", async Task<Ok<RehearsalBody>> (string rehearsal, HttpContext context, IGrainFactory grains) =>
            TypedResults.Ok(RehearsalBody.Of(await (await BookAsync(tenantOf(context), grains, context.RequestAborted)).Get(rehearsal, context.RequestAborted))))
            .Needs(see).WithSummary("Says how a rehearsal stands.");
        rehearsals.MapGet("/{rehearsal}/events", (string rehearsal, HttpContext context, IGrainFactory grains) =>
            JobEvents.StartAsync(context, async cancellation => RehearsalBody.Of(await (await BookAsync(tenantOf(context), grains, cancellation)).Get(rehearsal, cancellation)), one => one.EndedAt is not null))
            .Needs(see).WithSummary("Watches a rehearsal until it ends, as server-sent events.").Produces<RehearsalBody>(contentType: "text/event-stream");
        rehearsals.MapGet("/{rehearsal}/record", async Task<IResult> (string rehearsal, HttpContext context, IGrainFactory grains) =>
        {
            var book = await BookAsync(tenantOf(context), grains, context.RequestAborted);
            return Results.File(Encoding.UTF8.GetBytes(await book.ReadRecord(rehearsal, context.RequestAborted)), JsonLines, $"rehearsal-{rehearsal}.jsonl");
        }).Needs(see).WithSummary("Downloads the signed record: which items had to be drawn, and each one's hash before and after.").Produces<Stream>(StatusCodes.Status200OK, JsonLines);
        rehearsals.MapGet("/{rehearsal}/inventory", async Task<IResult> (string rehearsal, HttpContext context, IGrainFactory grains) =>
        {
            var book = await BookAsync(tenantOf(context), grains, context.RequestAborted);
            var pieces = await PieceStream.OpenAsync(book.ReadInventory(rehearsal, context.RequestAborted), context.RequestAborted);
            return pieces.AsDownload(JsonLines, $"inventory-{rehearsal}.jsonl");
        }).Needs(Permission.SeeAudit).WithSummary("Downloads what the sample was drawn from, so that anybody can draw it again.").Produces<Stream>(StatusCodes.Status200OK, JsonLines);
    }

    private static async Task<IRehearsalGrain> BookAsync(string? tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        if (tenant is null)
            return grains.Rehearsals();
        var id = AddressParts.Tenant(tenant);
        await grains.Tenant(id).GetName(cancellation); // a book of a tenant that is none would be kept and never looked at
        return grains.Rehearsals(id);
    }
}

/// <summary>An order to rehearse.</summary>
/// <param name="Minimum">At least so many items, if there are so many; default what is configured.</param>
public sealed record RehearsalOrderBody(string? Why, int? Minimum);

/// <summary>Rehearsals, newest first.</summary>
public sealed record RehearsalListBody(ImmutableArray<RehearsalBody> Rehearsals)
{
    /// <summary>What to give as <c>after</c> for the next part; null: this was the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A rehearsal and how it stands.</summary>
/// <param name="Name">The period, such as 2026-Q4, or an id.</param>
/// <param name="InventoryRoot">The hash of what the sample was drawn from.</param>
/// <param name="Unreached">Resources that could not be asked what they hold, and were not drawn from.</param>
/// <param name="Drawn">Items that had to be drawn.</param>
/// <param name="Same">Items that came back as they were.</param>
/// <param name="Failed">Items that did not.</param>
/// <param name="Restored">Items that were really restored into a scratch place and compared; the others were only read, and the record says why of each.</param>
/// <param name="RecordHash">SHA-256 of the signed record; the next rehearsal's sample follows from it.</param>
public sealed record RehearsalBody(
    string Name, RehearsalStage Stage, DecisionBody Ordered, int Minimum, string? InventoryRoot, long InventoryLines, int Unreached, int Drawn, int Same, int Failed, DateTimeOffset? EndedAt,
    string? RecordHash, Guid? WorkOrder, int Restored)
{
    public static RehearsalBody Of(RehearsalListing one) => new(one.Name, one.Stage, DecisionBody.Of(one.Ordered)!, one.Minimum, one.InventoryRoot, one.InventoryLines, one.Unreached, one.Drawn,
        one.Same, one.Failed, one.EndedAt, one.RecordHash, one.WorkOrder, one.Restored);
}
