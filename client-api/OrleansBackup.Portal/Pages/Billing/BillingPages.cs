using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Billing;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;
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
    }

    private static async Task<IResult> ShowUsage(string tenant, IGrainFactory grains, TimeProvider time, CancellationToken cancellation, string? month = null, int day = 0)
    {
        var id = AddressParts.Tenant(tenant);
        var name = await grains.Tenant(id).GetName(cancellation);
        var usage = (await InvoiceEndpoints.GetUsage(tenant, grains, time, cancellation, month)).Value!;
        return PageResults.Show<UsagePage, UsageModel>(new UsageModel(id, name, usage, usage.Days.FirstOrDefault(one => one.Day.Day == day) ?? usage.Days.LastOrDefault(one => one.Observed)));
    }

    private static async Task<IResult> ShowInvoices(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        return PageResults.Show<InvoicesPage, InvoicesModel>(new InvoicesModel(id, await grains.Tenant(id).GetName(cancellation), (await InvoiceEndpoints.List(tenant, grains, cancellation)).Value!));
    }
}

/// <param name="Day">The day whose names are shown; null: nobody looked on any.</param>
public sealed record UsageModel(TenantId Tenant, string TenantName, UsageBody Usage, DayUsageBody? Day)
{
    public DateOnly First => Usage.Days[0].Day;

    /// <summary>Of the plot: days that nobody looked at are left out.</summary>
    public ImmutableArray<Components.PlotPoint> Counts => [.. Usage.Days.Where(day => day.Observed).Select(day => new Components.PlotPoint(day.Day, day.Count))];
}

public sealed record InvoicesModel(TenantId Tenant, string TenantName, InvoiceListBody List);
