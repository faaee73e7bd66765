using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Orleans;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Changes;

namespace OrleansBackup.ClientApi.Changes;

/// <summary>Marks a route whose answer has an ETag, or that takes If-Match; for the published description.</summary>
internal sealed record TaggedRoute(bool Changes);

/// <summary>ETag and If-Match: nobody overwrites what he has not seen.</summary>
/// <remarks>
/// Every change of the same thing takes turns with the others, also without If-Match and in other processes, so that nothing changes between
/// the comparison and the change. What changes a state otherwise (a day that passes, a job) is not waited for.
/// </remarks>
internal static class TaggedRoutes
{
    /// <summary>The answer gets an ETag, and who has it already is told so.</summary>
    public static TBuilder Tagged<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new TaggedRoute(Changes: false)).AddEndpointFilter(async (context, next) =>
    {
        var result = await next(context);
        if (result is not IValueHttpResult { Value: { } body })
            return result;
        var (request, response, tag) = (context.HttpContext.Request, context.HttpContext.Response, StateTag.Of(body));
        response.GetTypedHeaders().ETag = tag;
        response.GetTypedHeaders().CacheControl = new CacheControlHeaderValue { Private = true, NoCache = true };
        return StateTag.CallerHas(request, tag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : result;
    });

    /// <summary>The change is done only if the state is still the one that If-Match names, and its answer has the ETag of the new one.</summary>
    /// <param name="read">Reads what the change changes, as GET gives it.</param>
    public static TBuilder ChangesTagged<TBuilder>(this TBuilder route, Func<HttpContext, IGrainFactory, Task<object>> read)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new TaggedRoute(Changes: true)).AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var grains = http.RequestServices.GetRequiredService<IGrainFactory>();
        var guard = grains.ChangeTurn(http.Request.RouteValues["tenant"] is string tenant ? AddressParts.Tenant(tenant).ToString() : GrainKeys.Provider);
        var turn = await guard.Take(http.RequestAborted);
        try
        {
            if (http.Request.Headers.IfMatch is { Count: > 0 } ifMatch)
            {
                var present = await PresentAsync(http, grains, read);
                if (!StateTag.Allows(ifMatch, present))
                {
                    http.Response.OnStarting(() => Task.FromResult(http.Response.GetTypedHeaders().ETag = present)); // after the handler of errors has taken it away
                    throw new ProblemException(Problem.ChangedMeanwhile(present?.ToString()));
                }
            }
            var result = await next(context);
            http.Response.GetTypedHeaders().ETag = await PresentAsync(http, grains, read);
            return result;
        }
        finally
        {
            await guard.GiveBack(turn, CancellationToken.None); // also when the caller has gone
        }
    });

    private static async Task<EntityTagHeaderValue?> PresentAsync(HttpContext http, IGrainFactory grains, Func<HttpContext, IGrainFactory, Task<object>> read)
    {
        try
        {
            return StateTag.Of(await read(http, grains));
        }
        catch (Exception exception) when (exception is NotFoundException or ProblemException { Problem.Status: StatusCodes.Status404NotFound })
        {
            return null;
        }
    }
}
