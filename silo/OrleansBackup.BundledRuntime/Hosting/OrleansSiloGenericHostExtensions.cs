using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Timers;

namespace Microsoft.Extensions.Hosting;

/// <summary>Puts a silo of this engine into a host.</summary>
public static class OrleansSiloGenericHostExtensions
{
    public static HostApplicationBuilder UseOrleans(this HostApplicationBuilder hostAppBuilder) => hostAppBuilder.UseOrleans(_ => { });

    public static HostApplicationBuilder UseOrleans(this HostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ((IHostApplicationBuilder)hostAppBuilder).UseOrleans(configureDelegate);
        return hostAppBuilder;
    }

    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder) => hostAppBuilder.UseOrleans(_ => { });

    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostAppBuilder);
        Add(hostAppBuilder.Services, hostAppBuilder.Configuration, configureDelegate);
        return hostAppBuilder;
    }

    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<ISiloBuilder> configureDelegate) =>
        hostBuilder.UseOrleans((_, silo) => configureDelegate(silo));

    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<HostBuilderContext, ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostBuilder);
        return hostBuilder.ConfigureServices((context, services) =>
            Add(services, context.Configuration, silo => configureDelegate(context, silo)));
    }

    private static void Add(IServiceCollection services, IConfiguration configuration, Action<ISiloBuilder> configure)
    {
        services.TryAddSingleton(TimeProvider.System);
        // Registered as itself first, so that calling twice adds one silo.
        if (!services.Any(service => service.ServiceType == typeof(SiloRuntime)))
        {
            services.AddOptions();
            services.AddLogging();
            services.AddSingleton<SiloRuntime>();
            services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<SiloRuntime>().References);
            services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<SiloRuntime>().References);
            services.AddSingleton(provider => provider.GetRequiredService<SiloRuntime>().Statistics);
            services.AddSingleton<ReminderService>();
            services.AddSingleton<IReminderRegistry>(provider => provider.GetService<IReminderTable>() is null
                ? throw new InvalidOperationException("The silo has no reminder table, so no reminder can be registered.")
                : provider.GetRequiredService<ReminderService>());
            services.AddHostedService<SiloService>();
        }
        configure(new SiloBuilder(services, configuration));
    }
}
