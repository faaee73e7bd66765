using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>Something without which this process should get no requests. The host adds what it knows of.</summary>
public interface IReadinessCondition
{
    Task<bool> HoldsAsync(CancellationToken cancellation);
}

/// <summary>For load balancers and start scripts, without sign-in: is the process there, and do its grains answer.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").WithTags("Health").AllowAnonymous();
        health.MapGet("/live", Live).WithSummary("Answers while the process lives.");
        health.MapGet("/ready", Ready).WithSummary("Answers 200 while this process should get requests: its grains answer, in a cluster its database too, and it is not being stopped.").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static Ok<HealthBody> Live() => TypedResults.Ok(new HealthBody("live"));

    // Any failure means not ready; the caller is anonymous, so it learns no more than that. The engine logs its own errors.
    private static async Task<Ok<HealthBody>> Ready(IEnumerable<IReadinessCondition> conditions, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            foreach (var condition in conditions)
                if (!await condition.HoldsAsync(cancellation).WaitAsync(Patience, time, cancellation))
                    throw new ProblemException(Problem.NotReady("This server cannot take requests now, or is being stopped. Ask again in a moment, or another server; its log says more."));
            await grains.Provider().ListTenants(cancellation).WaitAsync(Patience, time, cancellation);
            return TypedResults.Ok(new HealthBody("ready"));
        }
        catch (Exception failure) when (failure is not ProblemException && (failure is not OperationCanceledException || !cancellation.IsCancellationRequested))
        {
            throw new ProblemException(Problem.NotReady("The grains of this server do not answer yet, or no longer. Ask again in a moment; its log says more."));
        }
    }
}

/// <summary>live or ready.</summary>
public sealed record HealthBody(string Status);
