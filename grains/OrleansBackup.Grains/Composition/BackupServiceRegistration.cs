using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Budget;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Grains.Discovery;
using OrleansBackup.Grains.Erasures;
using OrleansBackup.Grains.Exports;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Grains.Resources;
using OrleansBackup.Grains.Restores;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Tenants;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains;

/// <summary>Puts the service together for a host; the host adds the actor engine and the API.</summary>
public static class BackupServiceRegistration
{
    /// <summary>Grains' collaborators, the vault and the connector, from configuration. Bad settings stop the start and are all named.</summary>
    public static IServiceCollection AddBackupService(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<DataOptions>(configuration, DataOptions.Section);
        services.AddChecked<GraphConnectionOptions>(configuration, GraphConnectionOptions.Section);
        services.AddChecked<AdmissionOptions>(configuration, AdmissionOptions.Section);
        services.AddChecked<RunOptions>(configuration, RunOptions.Section);
        services.AddChecked<BrakeOptions>(configuration, BrakeOptions.Section);
        services.AddChecked<SweepOptions>(configuration, SweepOptions.Section);
        services.AddChecked<GraphBudgetOptions>(configuration, GraphBudgetOptions.Section);
        services.AddChecked<GraphClientOptions>(configuration, GraphClientOptions.Section);
        services.AddChecked<VaultOptions>(configuration, VaultOptions.Section);
        services.AddChecked<DeletionOptions>(configuration, DeletionOptions.Section);
        services.AddChecked<ExportOptions>(configuration, ExportOptions.Section);
        services.AddChecked<ErasureSearchOptions>(configuration, ErasureSearchOptions.Section);
        services.AddSingleton<PersonFinder>();
        services.AddChecked<StoresOptions>(configuration, StoresOptions.Section);
        services.AddSingleton<IValidateOptions<StoresOptions>, StoresCheck>();
        services.AddSingleton<IStoreFactory, FolderStoreFactory>();
        services.AddChecked<ProviderKeyOptions>(configuration, ProviderKeyOptions.Section);
        services.AddSingleton<IValidateOptions<ProviderKeyOptions>, ProviderKeyCheck>();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(ContractCalendar.Amsterdam);
        services.AddSingleton<BackupSchedule>();

        services.AddSingleton(provider => ProviderKeys.Open(
            Value<DataOptions>(provider), Value<ProviderKeyOptions>(provider), provider.GetService<IKeyVaultFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<ProviderKeys>().Ring);
        services.TryAddSingleton<IBlobStore>(provider => new FolderBlobStore(Value<DataOptions>(provider).VaultFolder, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => VaultStores.Open(
            Value<StoresOptions>(provider), provider.GetRequiredService<IBlobStore>, provider.GetServices<IStoreFactory>(),
            provider.GetRequiredService<IKeyEncryption>(), Value<VaultOptions>(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<VaultStores>().Default.Repository);
        services.AddSingleton<VaultAccess>();
        services.AddSingleton<Ledgers>();

        services.AddSingleton(provider => new GraphClientFactory(
            EndpointsOf(Value<GraphConnectionOptions>(provider)), Value<GraphClientOptions>(provider),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<AppCertificates>();
        services.AddSingleton<TenantConnections>();

        services.AddSingleton<AdmissionGate>();
        services.AddSingleton<IAdmissionOverviewSource>(provider => provider.GetRequiredService<AdmissionGate>());
        services.AddSingleton<IServiceDrain>(provider => provider.GetRequiredService<AdmissionGate>());
        services.AddSingleton<IAdmissionRelief>(provider => provider.GetRequiredService<AdmissionGate>());
        services.AddSingleton<ResourceServices>();
        services.AddSingleton<IResourceBackup, ResourceBackup>();
        services.AddSingleton<ResourceRestorer>();
        services.AddSingleton<TenantProspect>();
        services.AddSingleton<ResourceDiscovery>();
        services.AddMailboxes(configuration).AddOneDrives(configuration).AddSites(configuration).AddTeams(configuration);
        services.AddNotices(configuration);
        services.AddChecksAndReports(configuration);
        services.AddProof(configuration);
        services.AddContracts(configuration);
        services.AddBilling(configuration);
        services.AddSingleton<TenantEnds>();
        services.AddSingleton<SweepTurns>();
        return services;
    }

    private static GraphEndpoints EndpointsOf(GraphConnectionOptions options) => new()
    {
        Graph = WithClosingSlash(options.Endpoint),
        Authority = WithClosingSlash(options.Authority),
        TrustedCertificateFile = options.TrustedCertificateFile,
    };

    private static Uri WithClosingSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    private static TOptions Value<TOptions>(IServiceProvider provider)
        where TOptions : class => provider.GetRequiredService<IOptions<TOptions>>().Value;
}
