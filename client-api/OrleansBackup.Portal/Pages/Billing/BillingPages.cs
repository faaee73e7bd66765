using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Billing;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Billing;

/// <summary>What a customer is charged for: the users of each day with the names behind every count, and the documents.</summary>
internal static class BillingPages
{
    public static void MapBillingPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage("/tenants/{tenant}/usage", ShowUsage).Needs(Permission.SeeBilling);
        portal.MapPage("/tenants/{tenant}/invoices", ShowInvoices).Needs(Permission.SeeBilling);
        portal.MapPost("/tenants/{tenant}/work-orders/{order}/close", CloseWork).Needs(Permission.ManageWork).Audited(AuditActs.ChangeWork);
    }

    private static async Task<IResult> ShowUsage(string tenant, IGrainFactory grains, TimeProvider time, CancellationToken cancellation, string? month = null, int day = 0)
    {
        var id = AddressParts.Tenant(tenant);
        var name = await grains.Tenant(id).GetName(cancellation);
        var usage = (await InvoiceEndpoints.GetUsage(tenant, grains, time, cancellation, month)).Value!;
        return PageResults.Show<UsagePage, UsageModel>(new UsageModel(id, name, usage, usage.Days.FirstOrDefault(one => one.Day.Day == day) ?? usage.Days.LastOrDefault(one => one.Observed)));
    }

    private static Task<IResult> ShowInvoices(string tenant, IGrainFactory grains, CancellationToken cancellation) => InvoicesAsync(tenant, null, grains, cancellation);

    private static async Task<IResult> CloseWork(string tenant, string order, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        int? minutes = int.TryParse(input["minutes"], NumberStyles.None, CultureInfo.InvariantCulture, out var spent) ? spent : null;
        try
        {
            await WorkAndPriceEndpoints.CloseWork(tenant, order, new WorkClosingBody(minutes, input["delivered"] == "yes"), grains, cancellation);
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/invoices#work");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await InvoicesAsync(tenant, Refusals.TextOf(refused), grains, cancellation);
        }
    }

    private static async Task<IResult> InvoicesAsync(string tenant, string? refused, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var (name, invoices) = (await grains.Tenant(id).GetName(cancellation), (await InvoiceEndpoints.List(tenant, grains, cancellation)).Value!);
        var work = (await WorkAndPriceEndpoints.ListWork(tenant, grains, cancellation)).Value!.WorkOrders;
        return PageResults.Show<InvoicesPage, InvoicesModel>(new InvoicesModel(id, name, invoices, work, refused), refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <param name="Day">The day whose names are shown; null: nobody looked on any.</param>
public sealed record UsageModel(TenantId Tenant, string TenantName, UsageBody Usage, DayUsageBody? Day)
{
    public DateOnly First => Usage.Days[0].Day;

    /// <summary>Of the plot: days that nobody looked at are left out.</summary>
    public ImmutableArray<Components.PlotPoint> Counts => [.. Usage.Days.Where(day => day.Observed).Select(day => new Components.PlotPoint(day.Day, day.Count))];
}

/// <param name="Work">Newest first; the first of them, if there are many.</param>
/// <param name="Refused">What the service said of an act, if it refused.</param>
public sealed record InvoicesModel(TenantId Tenant, string TenantName, InvoiceListBody List, ImmutableArray<WorkOrder> Work, string? Refused);
