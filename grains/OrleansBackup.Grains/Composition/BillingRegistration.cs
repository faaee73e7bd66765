using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansBackup.Grains.Billing;
using OrleansBackup.Grains.Keeping;
using OrleansBackup.Grains.Reports;

namespace OrleansBackup.Grains.Composition;

/// <summary>Who sends invoices, and at what prices.</summary>
internal static class BillingRegistration
{
    public static IServiceCollection AddBilling(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<BillingOptions>(configuration, BillingOptions.Section);
        services.AddChecked<KeepingOptions>(configuration, KeepingOptions.Section);
        services.AddSingleton(PriceCatalog.Read(PriceCatalog.BuiltIn));
        services.TryAddSingleton<IContractTimelines, ContractTimelines>();
        services.AddSingleton<IBillingBasisSource, MeteredBasisSource>();
        return services;
    }
}
