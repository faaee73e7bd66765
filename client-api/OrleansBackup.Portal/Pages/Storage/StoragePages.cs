using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Results;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Storage;

/// <summary>Where a tenant's backups lie, what keeps them there, and how they were moved.</summary>
internal static class StoragePages
{
    public static void MapStoragePages(this IEndpointRouteBuilder portal) => portal.MapPage("/tenants/{tenant}/storage", Show).Needs(Permission.SeeTenant);

    private static async Task<IResult> Show(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var grain = grains.Tenant(AddressParts.Tenant(tenant));
        var (overview, place, moves, measures) = (await grain.GetOverview(cancellation), await grain.GetPlace(cancellation), await grain.ListMoves(cancellation), await grain.GetMeasures(cancellation));
        return PageResults.Show<StoragePage, StorageModel>(new StorageModel(overview, place, moves, measures));
    }
}

public sealed record StorageModel(TenantOverview Overview, TenantPlace Place, ImmutableArray<TenantMoveStatus> Moves, ImmutableArray<DayMeasure> Measures);
