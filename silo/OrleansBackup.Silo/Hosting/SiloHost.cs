using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Operations;
using OrleansBackup.Grains;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Silo.Clock;
using OrleansBackup.Silo.Cluster;
using OrleansBackup.Silo.Operations;
using OrleansBackup.Silo.Startup;
using OrleansBackup.Silo.Stopping;
using OrleansBackup.Silo.Stores;
using OrleansBackup.Silo.Telemetry;
using OrleansBackup.TimeTravel;
using OrleansBackup.Vault.Keys;

namespace OrleansBackup.Silo.Hosting;

/// <summary>Puts the server together: data folder, clock, actor engine, service and API; runs it until it is told to stop.</summary>
public static partial class SiloHost
{
    /// <returns>0 after an orderly stop; 1 when it could not start, with one line on standard error that says what to do.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, async app =>
    {
        await app.WaitForShutdownAsync();
        return 0;
    });

    /// <param name="whileUp">What this process is for, once grains can be called; its answer is the exit status.</param>
    /// <param name="adjust">Puts something else in the place of a service: a measurement has no Microsoft 365.</param>
    internal static async Task<int> RunAsync(string[] args, Func<WebApplication, Task<int>> whileUp, Action<IServiceCollection>? adjust = null)
    {
        var started = false;
        try
        {
            var builder = SettingsFile.CreateBuilder(args);
            using var folder = DataFolder.Open(builder.Configuration[DataFolderSetting]);
            // Until it runs, the reason for which it does not is told below, in one line and without a trace.
            builder.Logging.ClearProviders().AddConsole().AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Information);
            await using var app = Build(builder, folder, adjust);
            if (app.Services.GetService<ClusterDatabase>() is { } database)
                await database.RequireSchemaAsync(CancellationToken.None);
            await StoresAtStart.CheckAsync(app.Services, CancellationToken.None);
            if (app.Services.GetService<IInstallationRecord>() is { } record)
                await InstallationCheck.CheckAsync(app.Services, record, CancellationToken.None);
            await app.StartAsync();
            started = true;
            var address = app.Urls.Single();
            folder.WriteAddress(address);
            LogReady(app.Logger, address, folder.Path);
            return await whileUp(app);
        }
        catch (Exception error) when (StartupProblem.Explain(error) is { } line)
        {
            await Console.Error.WriteLineAsync($"OrleansBackup cannot run: {line}");
            return 1;
        }
    }

    private const string DataFolderSetting = "Data:Folder";

    private static WebApplication Build(WebApplicationBuilder builder, DataFolder folder, Action<IServiceCollection>? adjust)
    {
        builder.Configuration[DataFolderSetting] = folder.Path;
        builder.AddStopping();
        builder.Services.AddOptions<ApiAddressOptions>().BindConfiguration(ApiAddressOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddTelemetry(); // before the engine, so that its stop is the last thing told
        builder.AddClock(folder);
        builder.AddActorEngine(folder.Path, builder.AddCluster());
        builder.Services.AddBackupService(builder.Configuration);
        builder.Services.AddSingleton<IStoreFactory, AzureStoreFactory>().AddSingleton<IStoreFactory, S3StoreFactory>();
        builder.Services.AddSingleton<IKeyVaultFactory, AzureKeyVaultFactory>();
        builder.Services.AddSingleton<IValidateOptions<GraphConnectionOptions>, GraphConnectionCheck>();
        builder.Services.AddClientApi(builder.Configuration);
        builder.Services.AddPortal();
        builder.Services.AddTimeTravel(builder.Configuration);
        builder.Services.AddSingleton<ServerStart>().AddSingleton<ReminderCensus>();
        builder.Services.AddHostedService<SystemdNotice>();
        builder.Services.AddHostedService<ProcessReporter>();
        builder.Services.AddHostedService<WakeService>(); // after the engine, so that grains can be called
        adjust?.Invoke(builder.Services);
        var app = builder.Build();
        app.Services.GetRequiredService<IStartupValidator>().Validate(); // before anything opens a file or a port
        app.Urls.Add(app.Services.GetRequiredService<IOptions<ApiAddressOptions>>().Value.Url);
        app.Services.GetRequiredService<IKeyEncryption>(); // a key file that is missing or refused stops the start, not the first backup
        app.Services.GetRequiredService<ServerStart>();
        app.MapClientApi();
        app.MapPortal();
        app.MapTimeTravel();
        app.MapMetrics();
        app.MapActorEngine();
        return app;
    }

    private static void AddStopping(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<StopOptions>().BindConfiguration(StopOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<StopOptions>>((host, stop) => host.ShutdownTimeout = stop.Value.InAll);
        builder.Services.AddSingleton<DrainService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DrainService>());
        builder.Services.AddSingleton<IReadinessCondition>(services => services.GetRequiredService<DrainService>());
    }

    private static ClusterSettings AddCluster(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ClusterSettings>().BindConfiguration(ClusterSettings.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ClusterSettings>, ClusterCheck>();
        var settings = builder.Configuration.GetSection(ClusterSettings.Section).Get<ClusterSettings>() ?? new();
        if (settings.IsCluster)
        {
            builder.Services.AddSingleton<ClusterDatabase>();
            builder.Services.AddSingleton<IInstallationRecord, InstallationRecord>();
            builder.Services.AddSingleton<IReadinessCondition, DatabaseReadiness>();
        }
        return settings;
    }

    private static void AddClock(this WebApplicationBuilder builder, DataFolder folder)
    {
        builder.Services.AddOptions<ClockOptions>().BindConfiguration(ClockOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        if (builder.Configuration.GetSection(ClockOptions.Section).Get<ClockOptions>() is not { Adjustable: true } options)
        {
            builder.Services.AddSingleton(TimeProvider.System);
            return;
        }
        builder.Services.AddSingleton(_ => ClockKeeper.Open(Path.Combine(folder.Path, "clock"), options));
        builder.Services.AddSingleton<TimeProvider>(services => services.GetRequiredService<AdjustableClock>());
        builder.Services.AddSingleton<IAdjustableClock>(services => services.GetRequiredService<AdjustableClock>());
    }

    [LoggerMessage(1001, LogLevel.Information, "The API answers at {Address}; data is in {Folder}")]
    private static partial void LogReady(ILogger log, string address, string folder);
}
