using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OrleansBackup.Silo.Telemetry;

namespace OrleansBackup.Silo.Tests.Telemetry;

/// <summary>The page of metrics in the form in which Prometheus reads it.</summary>
public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new($"test-{Guid.NewGuid()}");
    private readonly MetricsPage _page = new();
    private readonly MeterProvider _provider;

    public PrometheusTextTests() => _provider = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name).AddReader(_page.Reader).Build();

    public void Dispose()
    {
        _provider.Dispose();
        _page.Dispose();
        _meter.Dispose();
    }

    [Theory]
    [InlineData("orleansbackup.run.duration", "s", false, "orleansbackup_run_duration_seconds")]
    [InlineData("orleansbackup.store.io", "By", true, "orleansbackup_store_io_bytes_total")]
    [InlineData("orleansbackup.run.items", "{item}", true, "orleansbackup_run_items_total")]
    [InlineData("gc.heap.bytes", "By", false, "gc_heap_bytes")]
    [InlineData("share", "1", false, "share_ratio")]
    [InlineData("seen.total", null, true, "seen_total")]
    public void Names_carry_their_unit(string name, string? unit, bool isCounter, string expected) => Assert.Equal(expected, PrometheusText.NameOf(name, unit, isCounter));

    [Fact]
    public void Counters_gauges_and_histograms_are_written_with_all_that_a_scraper_needs()
    {
        _meter.CreateCounter<long>("seen", "{thing}", "Things\nseen \\ here").Add(3, new("kind", "a \"b\"\\c\nd"), new("repeat", true));
        var open = _meter.CreateUpDownCounter<long>("open");
        open.Add(5);
        open.Add(-2);
        var took = _meter.CreateHistogram("took", "s", "", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] });
        took.Record(0.25);
        took.Record(1);
        took.Record(9);

        var lines = _page.Read().Split('\n');

        Assert.Contains("# HELP seen_total Things\\nseen \\\\ here", lines);
        Assert.Contains("# TYPE seen_total counter", lines);
        Assert.Contains("""seen_total{kind="a \"b\"\\c\nd",repeat="true"} 3""", lines);
        Assert.Contains("# TYPE open gauge", lines);
        Assert.Contains("open 3", lines);
        Assert.Contains("# TYPE took_seconds histogram", lines);
        Assert.Equal(
            ["""took_seconds_bucket{le="0.5"} 1""", """took_seconds_bucket{le="2"} 2""", """took_seconds_bucket{le="+Inf"} 3""", "took_seconds_sum 10.25", "took_seconds_count 3"],
            lines.SkipWhile(line => line != "# TYPE took_seconds histogram").Skip(1).Take(5));
    }

    [Fact]
    public void A_gauge_that_has_no_number_any_more_is_left_out()
    {
        var value = 5d;
        _meter.CreateObservableGauge("estate", () => new Measurement<double>(value, new KeyValuePair<string, object?>("state", "overdue")));
        Assert.Contains("estate{state=\"overdue\"} 5\n", _page.Read(), StringComparison.Ordinal);
        value = double.NaN;
        Assert.DoesNotContain("estate{", _page.Read(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_reading_is_whole_and_nothing_is_told_twice()
    {
        var seen = _meter.CreateCounter<long>("seen");
        seen.Add(1);
        _page.Read();
        seen.Add(1);
        Assert.Equal("# HELP seen_total \n# TYPE seen_total counter\nseen_total 2\n", _page.Read());
    }
}
