using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>Operators' work over all tenants: another key of the provider, and beginning again without the database.</summary>
internal static class ProviderJobEndpoints
{
    private const string Rotations = "/operations/key-rotations", Recoveries = "/operations/recoveries";

    public static void MapProviderJobs(this IEndpointRouteBuilder app)
    {
        var operations = app.MapGroup("").WithTags("Operations");
        operations.MapPost(Rotations, Rotate).Needs(Permission.ManageProvider).Audited(AuditActs.RotateKey, withBody: true).WithSummary("Puts every tenant's key and credential under the provider's present key; no data is rewritten. Ask again to go on where one failed.");
        operations.MapGet(Rotations, GetRotation).Needs(Permission.ManageProvider).WithSummary("Says how far the newest rotation of the provider's key has come.");
        operations.MapGet($"{Rotations}/latest/events", WatchRotation).Needs(Permission.ManageProvider).WithSummary("Watches the newest rotation until it ends, as server-sent events.").Produces<ProviderJobBody>(contentType: "text/event-stream");
        operations.MapGet($"{Recoveries}/latest/events", WatchRecovery).Needs(Permission.ManageProvider).WithSummary("Watches the newest recovery until it ends, as server-sent events.").Produces<ProviderJobBody>(contentType: "text/event-stream");
        operations.MapPost(Recoveries, Recover).Needs(Permission.ManageProvider).Audited(AuditActs.Recover, withBody: true).WithSummary("Rebuilds tenants, resources and restore points from the stores and the key, when the database is lost.");
        operations.MapGet(Recoveries, GetRecovery).Needs(Permission.ManageProvider).WithSummary("Says how far the newest recovery has come.");
    }

    private static async Task<Accepted<ProviderJobBody>> Rotate(WhyBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Accepted(Rotations, ProviderJobBody.Of(await grains.Provider().StartKeyRotation(caller.Identity?.Name ?? "", Reason(body), cancellation)));

    private static async Task<Ok<ProviderJobBody>> GetRotation(IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(ProviderJobBody.Of(await grains.Provider().GetKeyRotation(cancellation)));

    private static async Task<Accepted<ProviderJobBody>> Recover(WhyBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Accepted(Recoveries, ProviderJobBody.Of(await grains.Provider().StartRecovery(caller.Identity?.Name ?? "", Reason(body), cancellation)));

    private static async Task<Ok<ProviderJobBody>> GetRecovery(IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(ProviderJobBody.Of(await grains.Provider().GetRecovery(cancellation)));

    private static Task<IResult> WatchRotation(IGrainFactory grains, HttpContext context) => JobEvents.StartAsync(context, async cancellation => (await GetRotation(grains, cancellation)).Value!, job => job.EndedAt is not null);

    private static Task<IResult> WatchRecovery(IGrainFactory grains, HttpContext context) => JobEvents.StartAsync(context, async cancellation => (await GetRecovery(grains, cancellation)).Value!, job => job.EndedAt is not null);

    private static string Reason(WhyBody body) => string.IsNullOrWhiteSpace(body.Why) ? throw new ProblemException(Problem.FieldMissing("why")) : body.Why;
}

/// <summary>Work over all tenants.</summary>
/// <param name="Tenants">How many there are to do.</param>
/// <param name="Done">The ids of those that are done.</param>
/// <param name="Problems">What stands in the way, one sentence each; the other tenants are done.</param>
/// <param name="EndedAt">Null while it goes on; it does so by itself, also after a crash.</param>
/// <param name="Result">What came of it; null until it has ended.</param>
public sealed record ProviderJobBody(DecisionBody Asked, int Tenants, ImmutableArray<string> Done, ImmutableArray<string> Problems, DateTimeOffset? EndedAt, string? Result)
{
    public static ProviderJobBody Of(ProviderJobStatus job) => new(
        DecisionBody.Of(job.Asked)!, job.Tenants, [.. job.Done.Select(tenant => tenant.ToString())], job.Problems, job.EndedAt, job.Result);
}
