using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Reports;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Reports;

/// <summary>The monthly reports of a customer, and his word that he has checked the list of what is protected.</summary>
internal static class ReportPages
{
    public static void MapReportPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage("/tenants/{tenant}/reports", Show).Needs(Permission.SeeTenant);
        portal.MapPost("/tenants/{tenant}/reports/{month}/confirm", Confirm).Needs(Permission.ConfirmReport).Audited(AuditActs.ConfirmReport);
    }

    private static Task<IResult> Show(string tenant, IGrainFactory grains, CancellationToken cancellation, string? done = null) => PageAsync(tenant, grains, FormInput.Empty, null, done == "confirmed", cancellation);

    private static async Task<IResult> Confirm(string tenant, string month, HttpContext context, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        try
        {
            await ReportEndpoints.Confirm(tenant, month, new ConfirmationRequestBody(input["who"], input["remarks"]), caller, grains, cancellation);
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/reports?done=confirmed");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, grains, input, Refusals.TextOf(refused), false, cancellation);
        }
    }

    private static async Task<IResult> PageAsync(string tenant, IGrainFactory grains, FormInput input, string? refused, bool isConfirmed, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var name = await grains.Tenant(id).GetName(cancellation);
        var reports = (await ReportEndpoints.List(tenant, grains, cancellation)).Value!.Reports;
        return PageResults.Show<ReportsPage, ReportsModel>(new ReportsModel(id, name, reports, input, refused, isConfirmed), refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <param name="Refused">What the service said of a confirmation, if it refused.</param>
public sealed record ReportsModel(TenantId Tenant, string TenantName, ImmutableArray<ReportSummaryBody> Reports, FormInput Input, string? Refused, bool IsConfirmed);
