using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Exports;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.SecondPersons;

namespace OrleansBackup.Portal.Pages.Ending;

/// <summary>The end of a tenant, step by step: notice, his data, the agreed day, destruction by two persons, and the signed record of it.</summary>
internal static class EndingPages
{
    private const string Address = "/tenants/{tenant}/ending";

    public static void MapEndingPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/destroy", Destroy).Needs(Permission.ProposeDestructive); // written down where the proposal is kept
        portal.MapGet($"{Address}/live", (Delegate)Watch).Needs(Permission.SeeTenant);
    }

    private static Task<IResult> Show(string tenant, IGrainFactory grains, [FromServices] WorkingCalendar working, CancellationToken cancellation) => PageAsync(tenant, FormInput.Empty, null, grains, working, cancellation);

    private static async Task<IResult> Destroy(string tenant, ActForm form, IGrainFactory grains, [FromServices] WorkingCalendar working, DestructiveActs acts, PortalRequest portal, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        try
        {
            await acts.ProposeAsync(portal.Caller, id, AuditActs.Destroy, $"/api/v1/tenants/{id}/destruction", new DestructionRequestBody(form["confirmation"], form["why"]), cancellation);
            return PageResults.SeeOther(ProposalPages.AddressOf(id, "proposed"));
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, form.Input, Refusals.TextOf(refused), grains, working, cancellation);
        }
    }

    private static Task Watch(HttpContext context, string tenant, IGrainFactory grains, TimeProvider time)
    {
        var grain = grains.Tenant(AddressParts.Tenant(tenant));
        return ProgressEvents.StreamAsync(context, JobEvents.WatchAsync(grain.GetDestruction, status => !status.IsOpen, time, context.RequestAborted), NewsOf);
    }

    internal static ProgressEvents.News NewsOf(TenantDestructionStatus status) => new(status.Objects - status.ObjectsLeft, status.Objects, status.Step);

    private static async Task<IResult> PageAsync(string tenant, FormInput input, string? refused, IGrainFactory grains, WorkingCalendar working, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var name = await grains.Tenant(id).GetName(cancellation);
        var destruction = await FoundAsync(() => grains.Tenant(id).GetDestruction(cancellation));
        var contract = await FoundAsync(async () => (await ContractEndpoints.Get(tenant, grains, working, cancellation)).Value!);
        var overview = destruction is { State: not DestructionState.Failed } ? null : await FoundAsync(() => grains.Tenant(id).GetOverview(cancellation));
        return PageResults.Show<EndingPage, EndingModel>(
            new EndingModel(id, name, overview, contract, [.. await grains.Exports(id).List(cancellation)], destruction, input, refused), refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<T?> FoundAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
