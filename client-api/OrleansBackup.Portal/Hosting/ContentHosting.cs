using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Portal.Pages.Billing;
using OrleansBackup.Portal.Pages.Consequences;
using OrleansBackup.Portal.Pages.Contacts;
using OrleansBackup.Portal.Pages.Contracts;
using OrleansBackup.Portal.Pages.Contracts.Deeds;
using OrleansBackup.Portal.Pages.Ending;
using OrleansBackup.Portal.Pages.Erasures;
using OrleansBackup.Portal.Pages.Exports;
using OrleansBackup.Portal.Pages.Holds;
using OrleansBackup.Portal.Pages.Incidents;
using OrleansBackup.Portal.Pages.Keys;
using OrleansBackup.Portal.Pages.Points;
using OrleansBackup.Portal.Pages.Reports;
using OrleansBackup.Portal.Pages.Resources;
using OrleansBackup.Portal.Pages.Restores;
using OrleansBackup.Portal.Pages.SecondPersons;
using OrleansBackup.Portal.Pages.Settings;
using OrleansBackup.Portal.Pages.Storage;
using OrleansBackup.Portal.Previews;

namespace OrleansBackup.Portal.Hosting;

/// <summary>Pages about what is in the backup of a tenant, and about what was agreed with it: what both the provider and the customer read.</summary>
internal static class ContentHosting
{
    public static IServiceCollection AddContentPages(this IServiceCollection services) => services.AddScoped<ResourceReader>().AddScoped<PointReader>().AddScoped<ContractPageReader>()
        .AddScoped<LossReader>().AddScoped<ProposalsReader>().AddScoped<DeedReader>();

    public static void MapContentPages(this IEndpointRouteBuilder portal)
    {
        portal.MapResourcePages();
        portal.MapPointPages();
        portal.MapPreviews();
        portal.MapRestorePages();
        portal.MapRestoreRequestPages();
        portal.MapContractPages();
        portal.MapDeedPages();
        portal.MapBillingPages();
        portal.MapReportPages();
        portal.MapContactPages();
        portal.MapStoragePages();
        portal.MapKeyPages();
        portal.MapProposalPages();
        portal.MapHoldPages();
        portal.MapSettingsPages();
        portal.MapIncidentPages();
        portal.MapExportPages();
        portal.MapEndingPages();
        portal.MapErasurePages();
    }
}
