using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Vault;

namespace OrleansBackup.Benchmarks.Cluster;

/// <summary>Listens to what the service tells operators: runs that have ended, operations of the object store.</summary>
internal sealed class ServiceMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private long _any;

    public ServiceMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name is ServiceTelemetry.Name or VaultTelemetry.Name && instrument.Name is "orleansbackup.run.duration" or "orleansbackup.store.operation.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            Interlocked.Increment(ref _any);
            var isRun = instrument.Name == "orleansbackup.run.duration";
            foreach (var tag in tags)
                if (tag.Key == (isRun ? "outcome" : "operation"))
                    _counts.AddOrUpdate($"{(isRun ? "run" : "store")} {tag.Value}", 1, (_, count) => count + 1);
        });
        _listener.Start();
    }

    /// <summary>Grows whenever anything is told.</summary>
    public long Any => Interlocked.Read(ref _any);

    public long RunsEnded => Sum("run ");

    public long RunsSucceeded => _counts.GetValueOrDefault("run Succeeded");

    public long StoreOperations => Sum("store ");

    /// <summary>By kind, a name each.</summary>
    public IReadOnlyDictionary<string, long> Snapshot() => new Dictionary<string, long>(_counts, StringComparer.Ordinal);

    public void Dispose() => _listener.Dispose();

    private long Sum(string prefix) => _counts.Where(count => count.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(count => count.Value);
}
