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
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Runs;

/// <summary>Runs of a resource: starting one, watching it, stopping it. No call waits for a run.</summary>
internal static class RunEndpoints
{
    private static readonly ListOrder<RunRecord> Order = new(run => run.Progress.Run.ToString(), ("-startedAt", run => SortText.Of(run.Progress.StartedAt)), ("outcome", run => run.Progress.Outcome.ToString()));

    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/tenants/{tenant}/resources/{resource}/runs").WithTags("Runs");
        runs.MapGet("", List).Needs(Permission.SeeTenant).WithSummary("Lists runs, newest first.");
        runs.MapPost("", Start).Needs(Permission.OperateBackups).Audited(AuditActs.StartRun, withBody: true).WithSummary("Starts a run, unless one is going, and names the run to watch: the new one or that one.");
        runs.MapGet("/{run}", Get).Needs(Permission.SeeTenant).WithSummary("Says how a run stands.");
        runs.MapGet("/{run}/events", Watch).Needs(Permission.SeeTenant).WithSummary("Watches a run until it ends, as server-sent events.")
            .Produces<RunBody>(StatusCodes.Status200OK, "text/event-stream");
        runs.MapDelete("/current", Cancel).Needs(Permission.OperateBackups).Audited(AuditActs.CancelRun).WithSummary("Asks the run that is going to stop after its current segment; the next run goes on from there.")
            .Produces(StatusCodes.Status202Accepted);
    }

    private static async Task<Ok<RunListBody>> List(
        string tenant, string resource, IGrainFactory grains, CancellationToken cancellation, string? outcome = null, string? sort = null, string? after = null, int? limit = null)
    {
        var only = ListParts.Word<RunOutcome>(outcome, "outcome");
        var runs = await grains.Resource(AddressParts.Resource(tenant, resource)).ListRuns(cancellation);
        var (part, next) = Order.Take(runs.Where(run => only is null || run.Progress.Outcome == only), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new RunListBody([.. part.Select(RunBody.Of)]) { Next = next });
    }

    private static async Task<Accepted<RunStartedBody>> Start(
        string tenant, string resource, RunRequestBody? body, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Resource(tenant, resource);
        var run = await grains.Resource(id).StartRun(RunReason.Requested, body?.CompareListing ?? false, cancellation);
        return TypedResults.Accepted($"/api/v1/tenants/{id.Tenant}/resources/{Uri.EscapeDataString(id.LocalName)}/runs/{run}", new RunStartedBody(run.ToString()));
    }

    private static async Task<Ok<RunBody>> Get(string tenant, string resource, string run, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(await Find(grains.Resource(AddressParts.Resource(tenant, resource)), AddressParts.Run(run), cancellation));

    private static Task<IResult> Watch(string tenant, string resource, string run, IGrainFactory grains, HttpContext context)
    {
        var (grain, id) = (grains.Resource(AddressParts.Resource(tenant, resource)), AddressParts.Run(run));
        return EventStream.StartAsync(
            context, cancellation => grain.WatchRun(id, cancellation), RunBody.Of, async cancellation => await Find(grain, id, cancellation));
    }

    private static async Task<Accepted> Cancel(string tenant, string resource, IGrainFactory grains, CancellationToken cancellation) =>
        await grains.Resource(AddressParts.Resource(tenant, resource)).CancelRun(cancellation)
            ? TypedResults.Accepted((string?)null)
            : throw new ProblemException(Problem.NotPossibleNow("No run is going, so there is none to cancel."));

    private static async Task<RunBody> Find(IProtectedResourceGrain resource, RunId run, CancellationToken cancellation) =>
        (await resource.ListRuns(cancellation)).FirstOrDefault(record => record.Progress.Run == run) is { } found
            ? RunBody.Of(found)
            : throw new ProblemException(Problem.NoSuchRun(run.ToString()));
}
