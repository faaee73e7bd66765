using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;

namespace OrleansBackup.Silo.Telemetry;

/// <summary>Collects what the layers of the process measure and trace, for the page at <c>/metrics</c> and for a collector if one is named.</summary>
/// <remarks>Whatever becomes of a collector, backups go on: the exporters drop what they cannot deliver.</remarks>
internal sealed class TelemetryService(IOptions<TelemetryOptions> options, MetricsPage page) : IHostedService, IDisposable
{
    private static readonly string[] Meters =
    [
        ServiceTelemetry.Name, VaultTelemetry.Name, GraphTelemetry.Name, "Microsoft.Orleans", "System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Hosting", "Npgsql",
    ];

    /// <summary>Of the requests that come in, of grain calls between processes, of a backup, of the vault, of each request to Microsoft Graph and the stores.</summary>
    private static readonly string[] Sources =
    [
        "Microsoft.AspNetCore", "Microsoft.Orleans.Application", ServiceTelemetry.Name, VaultTelemetry.Name, "System.Net.Http", "Npgsql",
    ];

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public static ResourceBuilder Process(TelemetryOptions options) => ResourceBuilder.CreateDefault()
        .AddService("orleansbackup", serviceVersion: typeof(TelemetryService).Assembly.GetName().Version?.ToString(), serviceInstanceId: options.InstanceId);

    public static void Export(OtlpExporterOptions exporter, TelemetryOptions options, string signal)
    {
        exporter.Protocol = options.OtlpProtocol;
        exporter.Endpoint = options.OtlpProtocol == OtlpExportProtocol.HttpProtobuf
            ? new Uri($"{options.OtlpEndpoint!.TrimEnd('/')}/v1/{signal}") : new Uri(options.OtlpEndpoint!);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Process(settings)).AddMeter(Meters).AddView(WithoutHosts).AddReader(page.Reader);
        if (settings.OtlpEndpoint is not null)
        {
            metrics.AddOtlpExporter(exporter => Export(exporter, settings, "metrics"));
            _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Process(settings)).AddSource(Sources)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TraceShare)))
                .AddOtlpExporter(exporter => Export(exporter, settings, "traces")).Build();
        }
        _metrics = metrics.Build();
        ServiceTelemetry.Begin();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // What is still in memory leaves with the process; a collector that does not answer must not hold up the stop.
        const int patienceMilliseconds = 2_000;
        _traces?.ForceFlush(patienceMilliseconds);
        _metrics?.ForceFlush(patienceMilliseconds);
        return Task.CompletedTask;
    }

    /// <summary>The hosts that files are downloaded from differ per tenant: with them each tenant would be a series of its own.</summary>
    private static MetricStreamConfiguration? WithoutHosts(Instrument instrument) => instrument.Meter.Name != "System.Net.Http" ? null
        : new MetricStreamConfiguration { TagKeys = ["http.request.method", "http.response.status_code", "http.connection.state", "error.type"] };

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
