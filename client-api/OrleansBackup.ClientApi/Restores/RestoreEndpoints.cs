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
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.ClientApi.Restores;

/// <summary>Restore jobs of a tenant: asking for one, watching it, what became of each item.</summary>
internal static class RestoreEndpoints
{
    private const int AskedAtOnce = 16;

    public static void MapRestores(this IEndpointRouteBuilder api)
    {
        var restores = api.MapGroup("/tenants/{tenant}/restores").WithTags("Restores");
        restores.MapPost("", Start).Needs(Permission.Restore).Audited(AuditActs.StartRestore, withBody: true).WithSummary("Checks a restore request as a whole and starts its job; nothing is started when it is refused.");
        restores.MapPost("/preview", Preview).Needs(Permission.Restore).Audited(AuditActs.PreviewRestore, withBody: true).WithSummary("Says what a restore would put back, and what of it would not be as it was. Nothing is started.");
        restores.MapGet("", List).Needs(Permission.SeeTenant).WithSummary("Lists restore jobs, newest first.");
        restores.MapGet("/{job}", Get).Needs(Permission.SeeTenant).WithSummary("Says how a restore job stands.");
        restores.MapGet("/{job}/events", Watch).Needs(Permission.SeeTenant).WithSummary("Watches a restore job until it ends, as server-sent events.")
            .Produces<RestoreStatusBody>(StatusCodes.Status200OK, "text/event-stream");
        restores.MapGet("/{job}/outcomes", ListOutcomes).Needs(Permission.SeeContent).WithSummary("Says what became of each item, in the order in which they were done.");
        restores.MapDelete("/{job}", Cancel).Needs(Permission.Restore).Audited(AuditActs.CancelRestore).WithSummary("Stops a restore job after the items that are under way; what is restored stays.")
            .Produces(StatusCodes.Status202Accepted);
    }

    private static async Task<Accepted<RestoreStartedBody>> Start(
        string tenant, RestoreBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var job = await grains.Tenant(id).StartRestore(await ReadAsync(id, body, caller, grains, cancellation), cancellation);
        return TypedResults.Accepted($"/api/v1/tenants/{id}/restores/{job}", new RestoreStartedBody(job.ToString()));
    }

    private static async Task<Ok<RestorePreviewBody>> Preview(
        string tenant, RestoreBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var request = await ReadAsync(AddressParts.Tenant(tenant), body, caller, grains, cancellation);
        return TypedResults.Ok(RestorePreviewBody.Of(await grains.Point(request.Point).PreviewRestore(request, cancellation)));
    }

    public static async Task<RestoreRequest> ReadAsync(
        TenantId tenant, RestoreBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var resource = RestoreReader.Resource(tenant, body);
        var address = body.Point ?? throw new ProblemException(Problem.FieldMissing("point"));
        // What the body itself has wrong is told before anything is looked up.
        var request = RestoreReader.Request(body, new RestorePointId(resource, address.Sequence ?? 0), caller.Identity?.Name ?? "");
        var point = address.FindIn(await grains.Resource(resource).ListPoints(cancellation));
        return request with { Point = new RestorePointId(resource, point.Sequence) };
    }

    private static async Task<Ok<RestoreListBody>> List(string tenant, IGrainFactory grains, CancellationToken cancellation, string? after = null, int? limit = null)
    {
        var (id, atMost, last) = (AddressParts.Tenant(tenant), AddressParts.Limit(limit), after is null ? (RestoreJobId?)null : AddressParts.Job(after, "after"));
        var all = await grains.Tenant(id).ListRestores(cancellation);
        var jobs = last is { } before ? all[(all.IndexOf(before) + 1)..] : all;
        var restores = new List<RestoreStatusBody>();
        foreach (var some in jobs.Take(atMost).Chunk(AskedAtOnce))
        {
            var statuses = await Task.WhenAll(some.Select(job => Status(grains, id, job, cancellation)));
            restores.AddRange(statuses.OfType<RestoreStatusBody>());
        }
        return TypedResults.Ok(new RestoreListBody([.. restores]) { Next = jobs.Length > atMost ? jobs[atMost - 1].ToString() : null });
    }

    private static async Task<Ok<RestoreStatusBody>> Get(string tenant, string job, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(RestoreStatusBody.Of(await Grain(grains, tenant, job).GetStatus(cancellation)));

    private static Task<IResult> Watch(string tenant, string job, IGrainFactory grains, HttpContext context)
    {
        var grain = Grain(grains, tenant, job);
        return EventStream.StartAsync(
            context, grain.Watch, RestoreStatusBody.Of,
            async cancellation => RestoreStatusBody.Of(await grain.GetStatus(cancellation)));
    }

    private static async Task<Ok<OutcomeListBody>> ListOutcomes(
        string tenant, string job, IGrainFactory grains, CancellationToken cancellation, string? outcome = null, string? after = null, int? limit = null)
    {
        var (only, from, most) = (ListParts.Word<OutcomeKind>(outcome, "outcome"), OutcomePlace.Read(after), AddressParts.Limit(limit));
        var (part, next) = await OutcomePart.ReadAsync(Grain(grains, tenant, job), only, from, most, cancellation);
        return TypedResults.Ok(new OutcomeListBody([.. part.Select(OutcomeBody.Of)]) { Next = next?.ToString() });
    }

    private static async Task<Accepted> Cancel(string tenant, string job, IGrainFactory grains, CancellationToken cancellation)
    {
        var grain = Grain(grains, tenant, job);
        if ((await grain.GetStatus(cancellation)).Ended)
            throw new ProblemException(Problem.NotPossibleNow("The job has ended already; what it restored stays."));
        await grain.Cancel(cancellation);
        return TypedResults.Accepted((string?)null);
    }

    // A tenant notes a job before the job itself is written, so the newest may not answer yet.
    private static async Task<RestoreStatusBody?> Status(IGrainFactory grains, TenantId tenant, RestoreJobId job, CancellationToken cancellation)
    {
        try
        {
            return RestoreStatusBody.Of(await grains.Restore(tenant, job).GetStatus(cancellation));
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static IRestoreGrain Grain(IGrainFactory grains, string tenant, string job) => grains.Restore(AddressParts.Tenant(tenant), AddressParts.Job(job));
}
