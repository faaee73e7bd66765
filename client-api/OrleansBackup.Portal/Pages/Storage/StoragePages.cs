using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Results;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Storage;

/// <summary>Where a tenant's backups lie, what keeps them there, how they were moved, and moving them to another store.</summary>
internal static class StoragePages
{
    private const string Address = "/tenants/{tenant}/storage";

    public static void MapStoragePages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/move", Move).Needs(Permission.ManageTenants).Audited(AuditActs.Move);
    }

    private static Task<IResult> Show(string tenant, IGrainFactory grains, CancellationToken cancellation, string? done = null) => PageAsync(tenant, FormInput.Empty, done == "move", grains, cancellation);

    private static async Task<IResult> Move(string tenant, HttpContext context, ClaimsPrincipal caller, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        if (input["why"].Length == 0)
            input = input.WithProblem("why", portal.Texts["storage.why-missing"]);
        if (input.HasProblems)
            return await PageAsync(tenant, input, false, grains, cancellation);
        try
        {
            await TenantPlaceEndpoints.StartMove(tenant, new MoveRequestBody(input["store"], input["why"]), caller, grains, cancellation);
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/storage?done=move#moves");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is { } why)
        {
            return await PageAsync(tenant, input.WithProblem(Refusals.FieldOf(refused) is "store" or "why" ? Refusals.FieldOf(refused)! : "", why), false, grains, cancellation);
        }
    }

    private static async Task<IResult> PageAsync(string tenant, FormInput input, bool isMoving, IGrainFactory grains, CancellationToken cancellation)
    {
        var grain = grains.Tenant(AddressParts.Tenant(tenant));
        var (overview, place, moves, measures) = (await grain.GetOverview(cancellation), await grain.GetPlace(cancellation), await grain.ListMoves(cancellation), await grain.GetMeasures(cancellation));
        return PageResults.Show<StoragePage, StorageModel>(
            new StorageModel(overview, place, moves, measures, await grains.Provider().ListStores(cancellation), input, isMoving), input.HasProblems ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}

/// <param name="Stores">That are configured; where there is one only, nothing can be moved.</param>
/// <param name="IsMoving">A move was begun just now.</param>
public sealed record StorageModel(
    TenantOverview Overview, TenantPlace Place, ImmutableArray<TenantMoveStatus> Moves, ImmutableArray<DayMeasure> Measures, ImmutableArray<StoreListing> Stores, FormInput Input, bool IsMoving)
{
    /// <summary>Where it could go from here.</summary>
    public ImmutableArray<StoreListing> Others => [.. Stores.Where(store => store.Name != Place.Store)];

    public bool HasOpenMove => Moves is [{ IsOpen: true }, ..];
}
