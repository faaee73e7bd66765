using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace OrleansBackup.Silo.Telemetry;

/// <summary>All metrics of the process as a page of text, collected anew at each request.</summary>
internal sealed class MetricsPage : IDisposable
{
    /// <summary>What a scraper of the text exposition format expects to be told.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _lock = new();
    private readonly PageExporter _exporter = new();

    public MetricsPage() => Reader = new BaseExportingMetricReader(_exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };

    public MetricReader Reader { get; }

    public string Read()
    {
        lock (_lock) // one collection at a time writes into the text
        {
            _exporter.Text.Clear();
            // Set by the reader; its own Collect only serves those who push.
            if (!_exporter.Collect!(Timeout.Infinite))
                throw new InvalidOperationException("The metrics of this process could not be collected.");
            return _exporter.Text.ToString();
        }
    }

    public void Dispose() => Reader.Dispose();

    // On demand only: the page is asked for, nothing is pushed.
    [ExportModes(ExportModes.Pull)]
    private sealed class PageExporter : BaseExporter<Metric>, IPullMetricExporter
    {
        public StringBuilder Text { get; } = new();

        public Func<int, bool>? Collect { get; set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var writer = new PrometheusText(Text);
            foreach (var metric in batch)
                writer.Write(metric);
            return ExportResult.Success;
        }
    }
}
