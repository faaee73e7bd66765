using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Consequences;

namespace OrleansBackup.Portal.Pages.Settings;

/// <summary>The settings of a tenant. What takes something away is shown point by point before anybody can say yes, and takes two.</summary>
internal static class SettingsPages
{
    private const string Address = "/tenants/{tenant}/settings";

    public static void MapSettingsPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/look", Look).Needs(Permission.ManageContracts);
        portal.MapPost($"{Address}/change", Change).Needs(Permission.ManageTenants).Audited(AuditActs.ChangeSettings, withBody: true);
        portal.MapPost($"{Address}/propose", Propose).Needs(Permission.ManageContracts).Audited(AuditActs.DecideConsequence, withBody: true);
    }

    private static Task<IResult> Show(string tenant, HttpContext context, CancellationToken cancellation, string? done = null) =>
        PageAsync(tenant, null, false, null, null, done is "changed" or "proposed" ? done : null, context, cancellation);

    private static async Task<IResult> Look(string tenant, ActForm form, HttpContext context, IGrainFactory grains, LossReader losses, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        try
        {
            if (await ContractAsync(tenant, context, cancellation) is null)
            {
                SettingsReader.Whole(SettingsForm.Body(form.Input), id, await TenantEndpoints.PresentSettings(grains.Tenant(id), cancellation)); // says what makes no sense
                return await PageAsync(tenant, form.Input, true, null, null, null, context, cancellation);
            }
            var foreseen = (await ConsequenceEndpoints.Foresee(tenant, Order(form), grains, cancellation)).Value!;
            return await PageAsync(tenant, form.Input, true, await losses.OfListAsync(id, foreseen.Csv, cancellation), null, null, context, cancellation);
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, form.Input, false, null, Refusals.TextOf(refused), null, context, cancellation);
        }
    }

    private static async Task<IResult> Change(string tenant, ActForm form, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        try
        {
            await TenantEndpoints.ChangeSettings(tenant, SettingsForm.Body(form.Input), grains, cancellation);
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/settings?done=changed");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, form.Input, false, null, Refusals.TextOf(refused), null, context, cancellation);
        }
    }

    private static async Task<IResult> Propose(string tenant, ActForm form, ClaimsPrincipal caller, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        try
        {
            var proposed = (await ConsequenceEndpoints.Propose(tenant, Order(form), caller, grains, context.RequestServices.GetRequiredService<WorkingCalendar>(), cancellation)).Value!;
            var waits = proposed.Proposals is [.., { Kind: ActKind.Settings, ConfirmedOn: null, DroppedOn: null }]; // what takes nothing away is done already
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/settings?done={(waits ? "proposed" : "changed")}");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, form.Input, false, null, Refusals.TextOf(refused), null, context, cancellation);
        }
    }

    private static ActRequestBody Order(ActForm form) => new(ActKind.Settings, form["why"], SettingsForm.Body(form.Input), null);

    /// <param name="input">Null: as it is.</param>
    private static async Task<IResult> PageAsync(string tenant, FormInput? input, bool looked, Losses? losses, string? refused, string? done, HttpContext context, CancellationToken cancellation)
    {
        var (id, grains) = (AddressParts.Tenant(tenant), context.RequestServices.GetRequiredService<IGrainFactory>());
        var overview = await grains.Tenant(id).GetOverview(cancellation);
        var (present, contract) = (SettingsForm.Of(overview.Settings), await ContractAsync(tenant, context, cancellation));
        var waiting = contract?.Proposals.Where(act => act is { Kind: ActKind.Settings, ConfirmedOn: null, DroppedOn: null }) ?? [];
        return PageResults.Show<SettingsPage, SettingsModel>(
            new SettingsModel(id, overview.Name, present, input ?? present, looked, losses, contract is not null, [.. waiting], refused, done), refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <returns>Null: there is none.</returns>
    private static async Task<ContractBody?> ContractAsync(string tenant, HttpContext context, CancellationToken cancellation)
    {
        try
        {
            var services = context.RequestServices;
            return (await ContractEndpoints.Get(tenant, services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<WorkingCalendar>(), cancellation)).Value!;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
