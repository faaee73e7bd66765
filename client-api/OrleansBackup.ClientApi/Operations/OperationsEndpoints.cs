using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Operations;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>The addresses of the operators' pages, and of what of them a program may want.</summary>
internal static class OperationsEndpoints
{
    private const int DueOnAPage = 100;

    public static void MapOperations(this IEndpointRouteBuilder app)
    {
        app.MapGet("/operations", Show).Needs(Permission.OperateService).WithMetadata(new PageForPersons()).ExcludeFromDescription();
        app.MapGet("/operations/due", ShowDue).Needs(Permission.OperateService).WithMetadata(new PageForPersons()).ExcludeFromDescription();
    }

    public static void MapDue(this IEndpointRouteBuilder api) => api.MapGet("/due", ListDue).Needs(Permission.OperateService, Reach.CallersTenants).WithTags("Operations")
        .WithSummary("Lists what all resources are due for, by the moment, the longest overdue first. Asks every tenant: not for every few seconds.");

    private static async Task<IResult> Show(IOperationsSource source, IGrainFactory grains, HttpContext context, int page = 0)
    {
        if (page < 0)
            throw new ProblemException(Problem.InvalidField("page", "'page' must be the number of a page of tenants, counted from 0."));
        var glance = await OperationsGlance.ReadAsync(source, grains, page, context.RequestAborted);
        return Page(context, OperationsPage.Render(glance));
    }

    private static async Task<IResult> ShowDue(IGrainFactory grains, TimeProvider time, HttpContext context, string? after = null) =>
        Page(context, OperationsDuePage.Render(await DueList.ReadAsync(grains, context.Caller(), DueList.Place(after), DueOnAPage, context.RequestAborted), after is null, time.GetUtcNow()));

    private static async Task<Ok<DueListBody>> ListDue(HttpContext context, IGrainFactory grains, CancellationToken cancellation, string? after = null, int? limit = null) =>
        TypedResults.Ok(DueListBody.Of(await DueList.ReadAsync(grains, context.Caller(), DueList.Place(after), Math.Min(AddressParts.Limit(limit), AddressParts.MaxLimit - 1), cancellation))); // tenants are asked for one more

    private static ContentHttpResult Page(HttpContext context, string html)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = OperationsPage.ContentSecurityPolicy;
        return TypedResults.Content(html, "text/html; charset=utf-8");
    }
}
