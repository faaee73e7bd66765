using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Portal.Pages.Billing;
using OrleansBackup.Portal.Pages.Contacts;
using OrleansBackup.Portal.Pages.Contracts;
using OrleansBackup.Portal.Pages.Keys;
using OrleansBackup.Portal.Pages.Points;
using OrleansBackup.Portal.Pages.Reports;
using OrleansBackup.Portal.Pages.Resources;
using OrleansBackup.Portal.Pages.Restores;
using OrleansBackup.Portal.Pages.Storage;
using OrleansBackup.Portal.Previews;

namespace OrleansBackup.Portal.Hosting;

/// <summary>Pages about what is in the backup of a tenant, and about what was agreed with it: what both the provider and the customer read.</summary>
internal static class ContentHosting
{
    public static IServiceCollection AddContentPages(this IServiceCollection services) => services.AddScoped<ResourceReader>().AddScoped<PointReader>().AddScoped<ContractPageReader>();

    public static void MapContentPages(this IEndpointRouteBuilder portal)
    {
        portal.MapResourcePages();
        portal.MapPointPages();
        portal.MapPreviews();
        portal.MapRestorePages();
        portal.MapRestoreRequestPages();
        portal.MapContractPages();
        portal.MapBillingPages();
        portal.MapReportPages();
        portal.MapContactPages();
        portal.MapStoragePages();
        portal.MapKeyPages();
    }
}
