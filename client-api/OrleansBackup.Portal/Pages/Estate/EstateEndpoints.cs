using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Estate;

/// <summary>The front page: for the provider all tenants together; whoever has one tenant only is led to it.</summary>
internal static class EstateEndpoints
{
    public static void MapEstate(this IEndpointRouteBuilder portal) => portal.MapPage("/", Show).Needs(Permission.SeeTenant, Reach.CallersTenants);

    private static async Task<IResult> Show(EstateReader reader, PortalRequest portal, CancellationToken cancellation, int page = 1) =>
        portal.Caller.Tenants is { Count: 1 } only ? PageResults.SeeOther($"/tenants/{only.Single()}")
        : PageResults.Show<EstatePage, EstateModel>(await reader.ReadAsync(page, cancellation));
}
