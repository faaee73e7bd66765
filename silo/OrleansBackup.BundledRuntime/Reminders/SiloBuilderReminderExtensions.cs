using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>Turns reminders on. Here they are on as soon as there is an <see cref="IReminderTable"/>, so this only makes hosts compile for both engines.</summary>
public static class SiloBuilderReminderExtensions
{
    public static ISiloBuilder AddReminders(this ISiloBuilder builder) => builder;

    public static void AddReminders(this IServiceCollection services) => ArgumentNullException.ThrowIfNull(services);
}
