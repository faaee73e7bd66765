using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrleansBackup.Vault;

/// <summary>What the vault lets operators see of itself: spans of commits and seals, and how its stores answer. Collected under <see cref="Name"/>.</summary>
/// <remarks>Names and units follow the semantic conventions of OpenTelemetry: base units, dots between parts. No name of a customer or object is ever a tag of a metric.</remarks>
public static class VaultTelemetry
{
    /// <summary>Of the meter and of the source of spans.</summary>
    public const string Name = "OrleansBackup.Vault";

    internal const string Succeeded = "succeeded";
    internal const string Failed = "failed";
    internal const string Cancelled = "cancelled";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Operations = Meter.CreateHistogram("orleansbackup.store.operation.duration", "s",
        "How long an object store took for one operation", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
        });

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("orleansbackup.store.io", "By", "Bytes written to and read from object stores");

    internal static ActivitySource Spans { get; } = new(Name);

    internal static void Took(string operation, string outcome, TimeSpan time) =>
        Operations.Record(time.TotalSeconds, new("operation", operation), new("outcome", outcome));

    internal static void CountWritten(long bytes) => Bytes.Add(bytes, new KeyValuePair<string, object?>("direction", "written"));

    internal static void CountRead(long bytes) => Bytes.Add(bytes, new KeyValuePair<string, object?>("direction", "read"));
}
