using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;

namespace OrleansBackup.SqliteStorage;

/// <summary>Gives a silo, of either engine, the state file for its grain state and reminders.</summary>
public static class SqliteSiloBuilderExtensions
{
    /// <summary>Keeps reminders in the state file, and the state of the storage providers that are named.</summary>
    /// <param name="storageNames">Names that <c>[PersistentState]</c> uses; "Default" also serves states that name none.</param>
    public static ISiloBuilder AddSqliteState(this ISiloBuilder builder, Action<SqliteStateOptions> configure, params string[] storageNames)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(storageNames);
        var services = builder.Services;
        services.AddOptions<SqliteStateOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<SqliteStateFile>();
        services.TryAddSingleton<SqliteGrainStorage>();
        foreach (var name in storageNames)
            services.AddGrainStorage(name, (provider, _) => provider.GetRequiredService<SqliteGrainStorage>());
        services.AddSingleton<IReminderTable, SqliteReminderTable>();
        return builder.AddReminders();
    }
}
