using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Grains.Rehearsals;
using OrleansBackup.Grains.Reports;

namespace OrleansBackup.Grains.Composition;

/// <summary>What proves that the backup does what it promises.</summary>
internal static class ProofRegistration
{
    public static IServiceCollection AddProof(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IRehearsalSource, RehearsalSource>();
        services.AddSingleton<RehearsalTrial>().AddSingleton<DriveScratch>()
            .AddSingleton<IScratchPlace, MailboxScratch>().AddSingleton<IScratchPlace, OneDriveScratch>().AddSingleton<IScratchPlace, SiteScratch>().AddSingleton<IScratchPlace, TeamScratch>();
        return services.AddChecked<RehearsalOptions>(configuration, RehearsalOptions.Section);
    }
}
