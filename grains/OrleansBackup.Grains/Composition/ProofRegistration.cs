using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Grains.Rehearsals;

namespace OrleansBackup.Grains.Composition;

/// <summary>What proves that the backup does what it promises.</summary>
internal static class ProofRegistration
{
    public static IServiceCollection AddProof(this IServiceCollection services, IConfiguration configuration) =>
        services.AddChecked<RehearsalOptions>(configuration, RehearsalOptions.Section);
}
