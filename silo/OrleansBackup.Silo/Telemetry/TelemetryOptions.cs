using System.ComponentModel.DataAnnotations;
using OpenTelemetry.Exporter;

namespace OrleansBackup.Silo.Telemetry;

/// <summary>Where traces, metrics and logs go. Configuration section <c>Telemetry</c>. Metrics can be fetched at <c>/metrics</c> in any case.</summary>
public sealed record TelemetryOptions : IValidatableObject
{
    public const string Section = "Telemetry";

    /// <summary>An OpenTelemetry collector, such as <c>http://collector:4317</c>; none: nothing is sent.</summary>
    /// <remarks>Headers, which may be secret, are taken from the environment: <c>OTEL_EXPORTER_OTLP_HEADERS</c>, as the OpenTelemetry specification says.</remarks>
    public string? OtlpEndpoint { get; init; }

    /// <summary><see cref="OtlpExportProtocol.Grpc"/> (port 4317 as a rule) or <see cref="OtlpExportProtocol.HttpProtobuf"/> (4318, with the path of each signal appended).</summary>
    public OtlpExportProtocol OtlpProtocol { get; init; } = OtlpExportProtocol.Grpc;

    /// <summary>The share of traces that are sent, 0 to 1; a backup is sent whole or not at all. A first backup of a large mailbox has thousands of spans.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; init; } = 0.1;

    /// <summary>How this process is told from the others, as <c>service.instance.id</c>. Default: machine name and process id.</summary>
    public string InstanceId { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint is not null && (!Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.UserInfo.Length > 0))
            yield return new ValidationResult($"{Section}:OtlpEndpoint must be an address such as http://collector:4317, without user or password; it is '{OtlpEndpoint}'.");
    }
}
