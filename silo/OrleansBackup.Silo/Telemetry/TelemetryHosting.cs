using OpenTelemetry.Logs;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.Silo.Telemetry;

/// <summary>Adds telemetry to the server.</summary>
internal static class TelemetryHosting
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<MetricsPage>();
        builder.Services.AddHostedService<TelemetryService>();
        // A line of the log names the trace in which it was written.
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (builder.Configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() is { OtlpEndpoint: { } endpoint } options
            && Uri.TryCreate(endpoint, UriKind.Absolute, out _)) // what is wrong with it is told with all other settings
            builder.Logging.AddOpenTelemetry(logging =>
            {
                logging.SetResourceBuilder(TelemetryService.Process(options));
                logging.IncludeFormattedMessage = true;
                logging.AddOtlpExporter(exporter => TelemetryService.Export(exporter, options, "logs"));
            });
    }

    /// <summary>For Prometheus, signed in with an API key as everybody else: how many runs fail is nobody else's business.</summary>
    public static void MapMetrics(this WebApplication app) =>
        app.MapGet("/metrics", (MetricsPage page) => TypedResults.Text(page.Read(), MetricsPage.ContentType)).Needs(Permission.OperateService).ExcludeFromDescription();
}
