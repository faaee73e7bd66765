using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Operations;

/// <summary>The operators' page: this process at a glance, and how every tenant stands.</summary>
internal static class OperationsEndpoints
{
    /// <summary>Tenants shown on the page; the API lists them all.</summary>
    private const int MaxTenants = 200;

    private const int AskedAtOnce = 16;

    public static void MapOperations(this IEndpointRouteBuilder app) =>
        app.MapGet("/operations", Show).WithMetadata(new PageForPersons()).ExcludeFromDescription();

    private static async Task<IResult> Show(IOperationsSource source, IGrainFactory grains, HttpContext context)
    {
        var snapshot = await source.ReadAsync(context.RequestAborted);
        var listed = await grains.Provider().ListTenants(context.RequestAborted);
        var tenants = new List<TenantLine>();
        foreach (var some in listed.Take(MaxTenants).Chunk(AskedAtOnce))
            tenants.AddRange(await Task.WhenAll(some.Select(tenant => LineOf(grains, tenant, context.RequestAborted))));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = OperationsPage.ContentSecurityPolicy;
        return TypedResults.Content(OperationsPage.Render(snapshot, tenants, listed.Length), "text/html; charset=utf-8");
    }

    // One tenant that cannot answer must not take the page away from whoever looks for the reason.
    private static async Task<TenantLine> LineOf(IGrainFactory grains, TenantListing tenant, CancellationToken cancellation)
    {
        try
        {
            return new TenantLine(tenant, await grains.Tenant(tenant.Tenant).GetOverview(cancellation), null);
        }
        catch (ServiceException error)
        {
            return new TenantLine(tenant, null, error.Message);
        }
        catch (TimeoutException)
        {
            return new TenantLine(tenant, null, "The tenant did not answer in time.");
        }
    }
}

/// <summary>A tenant on the operators' page. No overview: the error says why.</summary>
internal sealed record TenantLine(TenantListing Tenant, TenantOverview? Overview, string? Error);
