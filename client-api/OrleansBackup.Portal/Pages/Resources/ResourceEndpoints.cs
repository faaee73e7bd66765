using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Tenants;

namespace OrleansBackup.Portal.Pages.Resources;

/// <summary>The page of a resource, and the acts on it.</summary>
internal static class ResourceEndpoints
{
    private const string Address = "/tenants/{tenant}/resources/{resource}";

    public static void MapResourcePages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/run", Run).Needs(Permission.OperateBackups).Audited(AuditActs.StartRun);
        portal.MapPost($"{Address}/stop", Stop).Needs(Permission.OperateBackups).Audited(AuditActs.CancelRun);
    }

    private static async Task<IResult> Show(string tenant, string resource, ResourceReader reader, CancellationToken cancellation, int skip = 0, string? done = null) =>
        PageResults.Show<ResourcePage, ResourceModel>(await reader.ReadAsync(AddressParts.Resource(tenant, resource), skip, done is "run" or "stop" or "hold" ? done : null, cancellation));

    private static async Task<IResult> Run(string tenant, string resource, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Resource(tenant, resource);
        await grains.Resource(id).StartRun(RunReason.Requested, compareListing: false, cancellation);
        return PageResults.SeeOther($"{TenantReader.AddressOf(id)}?done=run");
    }

    private static async Task<IResult> Stop(string tenant, string resource, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Resource(tenant, resource);
        await grains.Resource(id).CancelRun(cancellation); // one that ended meanwhile is stopped too
        return PageResults.SeeOther($"{TenantReader.AddressOf(id)}?done=stop");
    }
}
