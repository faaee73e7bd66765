using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Checks;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Estate;

namespace OrleansBackup.Portal.Pages.Alerts;

/// <summary>What needs a person, all of it.</summary>
internal static class AlertsEndpoints
{
    private const int MostIncidents = 20;

    public static void MapAlerts(this IEndpointRouteBuilder portal) => portal.MapPage("/alerts", Show).Needs(Permission.SeeEstate, Reach.CallersTenants);

    private static async Task<IResult> Show(EstateReader reader, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var needs = await reader.NeedsAsync(await reader.TenantsAsync(cancellation), cancellation);
        var incidents = (await grains.CheckDiary().ListIncidents(cancellation)).SeenBy(portal.Caller);
        return PageResults.Show<AlertsPage, AlertsModel>(new AlertsModel(needs, [.. incidents.Take(MostIncidents)]));
    }
}
