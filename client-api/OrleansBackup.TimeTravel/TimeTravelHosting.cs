using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.ClientApi.Openings;
using OrleansBackup.TimeTravel.Imap;
using OrleansBackup.TimeTravel.Reading;
using OrleansBackup.TimeTravel.Visits;
using OrleansBackup.TimeTravel.WebDav;

namespace OrleansBackup.TimeTravel;

/// <summary>Puts opened restore points into a web server, beside the REST API that opens them.</summary>
public static class TimeTravelHosting
{
    public static IServiceCollection AddTimeTravel(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TimeTravelOptions>().Bind(configuration.GetSection(TimeTravelOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ImapOptions>().Bind(configuration.GetSection(ImapOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SignInGuard>().AddSingleton<KeptReadings>().AddSingleton<Visitors>();
        services.AddHostedService(provider => provider.GetRequiredService<Visitors>());
        services.AddSingleton<ImapServer>();
        services.AddHostedService(provider => provider.GetRequiredService<ImapServer>());
        services.AddSingleton<IOpeningAddresses, OpeningAddresses>();
        return services;
    }

    /// <summary>After the API, whose sign-in these addresses do not take.</summary>
    public static WebApplication MapTimeTravel(this WebApplication app)
    {
        app.MapWebDav();
        return app;
    }
}
