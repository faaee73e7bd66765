using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Estate;

namespace OrleansBackup.Portal.Pages.Tenants;

/// <summary>The list of tenants, the front page of each, and the acts on it.</summary>
internal static class TenantsEndpoints
{
    private const int LongestSearch = 100;

    public static void MapTenantPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage("/tenants", List).Needs(Permission.SeeTenant, Reach.CallersTenants);
        portal.MapPage("/tenants/{tenant}", Show).Needs(Permission.SeeTenant);
        portal.MapPost("/tenants/{tenant}/discover", Discover).Needs(Permission.OperateBackups).Audited(AuditActs.Discover);
        portal.MapPost("/tenants/{tenant}/sweep", Sweep).Needs(Permission.OperateBackups).Audited(AuditActs.Sweep);
        portal.MapPost("/tenants/{tenant}/check-permissions", CheckPermissions).Needs(Permission.OperateBackups);
    }

    private static async Task<IResult> List(EstateReader estate, PortalRequest portal, CancellationToken cancellation, string? q = null, string? only = null, string? sort = null, bool down = false, int page = 1)
    {
        var query = new TenantsQuery(Searched(q), Enum.TryParse<TenantsOrder>(sort, out var order) && Enum.IsDefined(order) ? order : TenantsOrder.Name, down,
            Enum.TryParse<TenantState>(only, out var state) && Enum.IsDefined(state) ? state : null, page);
        return PageResults.Show<TenantsPage, TenantsModel>(TenantsReader.Read(await estate.TenantsAsync(cancellation), query, portal));
    }

    private static async Task<IResult> Show(string tenant, TenantReader reader, CancellationToken cancellation, string? q = null, string? show = null, int page = 1, string? done = null)
    {
        var filter = Enum.TryParse<ResourceFilter>(show, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : ResourceFilter.Protected;
        var model = await reader.ReadAsync(new ResourcesQuery(AddressParts.Tenant(tenant), Searched(q), filter, page), done is "discover" or "sweep" or "permissions" or "onboarded" ? done : null, cancellation);
        return PageResults.Show<TenantPage, TenantModel>(model);
    }

    private static async Task<IResult> Discover(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        await grains.Tenant(AddressParts.Tenant(tenant)).Discover(cancellation);
        return PageResults.SeeOther($"/tenants/{tenant}?done=discover");
    }

    private static async Task<IResult> Sweep(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        await grains.Tenant(AddressParts.Tenant(tenant)).SweepOverdue(cancellation);
        return PageResults.SeeOther($"/tenants/{tenant}?done=sweep");
    }

    private static async Task<IResult> CheckPermissions(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        await grains.Tenant(AddressParts.Tenant(tenant)).CheckPermissions(cancellation);
        return PageResults.SeeOther($"/tenants/{tenant}?done=permissions#permissions");
    }

    private static string Searched(string? text) => text?.Trim() is { } trimmed ? trimmed[..Math.Min(trimmed.Length, LongestSearch)] : "";
}
