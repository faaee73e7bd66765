using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>Where a tenant's backups are: moving them to another store, and destroying them at the end.</summary>
internal static class TenantPlaceEndpoints
{
    private static readonly ListOrder<TenantMoveStatus> MoveOrder = new(
        move => $"{move.Asked.At.UtcTicks:D19}", ("-askedAt", move => SortText.Of(move.Asked.At)), ("to", move => move.To), ("state", move => $"{move.State}"));

    public static void MapTenantPlaces(this IEndpointRouteBuilder api)
    {
        var tenant = api.MapGroup("/tenants/{tenant}").WithTags("Tenants");
        tenant.MapPost("/moves", StartMove).Needs(Permission.ManageTenants).Audited(AuditActs.Move, withBody: true).WithSummary("Begins to move a tenant's backups to another store; runs wait until they are there.");
        tenant.MapGet("/moves", ListMoves).Needs(Permission.SeeTenant).WithSummary("Lists the moves of a tenant, newest first, with how far they have come.");
        tenant.MapPost("/destruction", StartDestruction).Needs(Permission.ProposeDestructive).BySecondPerson(AuditActs.Destroy).Audited(AuditActs.Destroy, withBody: true).WithSummary("Proposes to destroy a tenant's key and backups for ever; a second person sends the same with confirm, and then it is done, with a signed record. A legal hold refuses it.");
        tenant.MapGet("/moves/latest/events", WatchMove).Needs(Permission.SeeTenant).WithSummary("Watches the newest move of a tenant until it ends, as server-sent events.").Produces<MoveBody>(contentType: "text/event-stream");
        tenant.MapGet("/destruction/events", WatchDestruction).Needs(Permission.SeeTenant).WithSummary("Watches the destruction of a tenant until it ends, as server-sent events.").Produces<DestructionBody>(contentType: "text/event-stream");
        tenant.MapGet("/destruction", GetDestruction).Needs(Permission.SeeTenant).WithSummary("Says how far the destruction of a tenant has come.");
        tenant.MapGet("/deletion-record", GetRecord).Needs(Permission.SeeTenant).WithSummary("Downloads the signed deletion record of a tenant that has ended, as a .zip.")
            .Produces<Stream>(StatusCodes.Status200OK, "application/zip");
        api.MapGet("/deletion-key", GetKey).Needs(Permission.SeeCatalogue, Reach.Nothing).WithTags("Tenants").WithSummary("Gives the public key with which deletion records can be verified, for customers to keep.")
            .Produces<string>(StatusCodes.Status200OK, "application/x-pem-file");
    }

    public static async Task<Accepted<MoveBody>> StartMove(string tenant, MoveRequestBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var move = await grains.Tenant(id).StartMove(Given(body.Store, "store"), caller.Identity?.Name ?? "", Given(body.Why, "why"), cancellation);
        return TypedResults.Accepted($"/api/v1/tenants/{id}/moves", MoveBody.Of(move));
    }

    private static async Task<Ok<MoveListBody>> ListMoves(string tenant, IGrainFactory grains, CancellationToken cancellation, bool? open = null, string? sort = null, string? after = null, int? limit = null)
    {
        var moves = await grains.Tenant(AddressParts.Tenant(tenant)).ListMoves(cancellation);
        var (part, next) = MoveOrder.Take(moves.Where(move => open is null || (move.EndedAt is null) == open), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new MoveListBody([.. part.Select(MoveBody.Of)]) { Next = next });
    }

    internal static async Task<Accepted<DestructionBody>> StartDestruction(
        string tenant, DestructionRequestBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var order = new DestructionRequest(Given(body.Confirmation, "confirmation"), caller.Identity?.Name ?? "", Given(body.Why, "why"));
        return TypedResults.Accepted($"/api/v1/tenants/{id}/destruction", DestructionBody.Of(await grains.Tenant(id).StartDestruction(order, cancellation)));
    }

    private static async Task<Ok<DestructionBody>> GetDestruction(string tenant, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(DestructionBody.Of(await grains.Tenant(AddressParts.Tenant(tenant)).GetDestruction(cancellation)));

    private static Task<IResult> WatchMove(string tenant, IGrainFactory grains, HttpContext context)
    {
        var id = AddressParts.Tenant(tenant);
        return JobEvents.StartAsync(context, async cancellation => await grains.Tenant(id).ListMoves(cancellation) is [var newest, ..] ? MoveBody.Of(newest)
            : throw new ProblemException(Problem.NotFound("This tenant was never moved.")), move => move.EndedAt is not null);
    }

    private static Task<IResult> WatchDestruction(string tenant, IGrainFactory grains, HttpContext context)
    {
        var id = AddressParts.Tenant(tenant);
        return JobEvents.StartAsync(context, async cancellation => DestructionBody.Of(await grains.Tenant(id).GetDestruction(cancellation)), order => order.EndedAt is not null);
    }

    private static async Task<IResult> GetRecord(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var pieces = await PieceStream.OpenAsync(grains.Tenant(id).ReadDeletionRecord(cancellation), cancellation);
        return pieces.AsDownload("application/zip", $"deletion-record-{id}.zip");
    }

    private static async Task<IResult> GetKey(IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Text(await grains.Provider().GetDeletionKey(cancellation), "application/x-pem-file");

    private static string Given(string? text, string field) => string.IsNullOrWhiteSpace(text) ? throw new ProblemException(Problem.FieldMissing(field)) : text;
}
