using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.GrainInterfaces.Operations;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>The address of the operators' page.</summary>
internal static class OperationsEndpoints
{
    public static void MapOperations(this IEndpointRouteBuilder app) =>
        app.MapGet("/operations", Show).WithMetadata(new PageForPersons()).ExcludeFromDescription();

    private static async Task<IResult> Show(IOperationsSource source, IGrainFactory grains, HttpContext context, int page = 0)
    {
        if (page < 0)
            throw new ProblemException(Problem.InvalidField("page", "'page' must be the number of a page of tenants, counted from 0."));
        var glance = await OperationsGlance.ReadAsync(source, grains, page, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = OperationsPage.ContentSecurityPolicy;
        return TypedResults.Content(OperationsPage.Render(glance), "text/html; charset=utf-8");
    }
}
