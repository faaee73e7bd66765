using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Grains.Contracts;

namespace OrleansBackup.Grains.Composition;

/// <summary>What contracts go by: the plans that are sold and the provider's working days.</summary>
internal static class ContractRegistration
{
    public static IServiceCollection AddContracts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddChecked<PlanOptions>(configuration, PlanOptions.Section);
        services.AddSingleton<IValidateOptions<PlanOptions>, PlanCheck>();
        services.AddSingleton(provider => PlanCatalog.Read(provider.GetRequiredService<IOptions<PlanOptions>>().Value.Folders(), out _));
        services.AddSingleton(provider => Working(provider.GetRequiredService<IOptions<PlanOptions>>().Value));
        services.AddSingleton<ConsequenceReader>();
        return services;
    }
    private static WorkingCalendar Working(PlanOptions options) => new(new(options.GoodFriday, options.LiberationDay));
}
