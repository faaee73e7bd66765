using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace OrleansBackup.Silo.Telemetry;

/// <summary>Writes metrics in the text format that Prometheus reads.</summary>
/// <remarks>
/// Format: Prometheus, "Exposition formats", text version 0.0.4. Names: OpenTelemetry, "Prometheus and OpenMetrics Compatibility": dots become underscores, the
/// unit and, for counters, <c>_total</c> are appended; a unit in braces says what is counted and is left out.
/// </remarks>
internal sealed class PrometheusText(StringBuilder text)
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds", ["ms"] = "milliseconds", ["By"] = "bytes", ["1"] = "ratio", ["%"] = "percent",
    };

    public static string NameOf(string name, string? unit, bool isCounter)
    {
        var plain = Plain(name);
        if (unit is { Length: > 0 } && unit[0] != '{' && (Units.GetValueOrDefault(unit) ?? Plain(unit)) is var word && !plain.EndsWith(word, StringComparison.Ordinal)
            && !(unit == "1" && isCounter))
            plain = $"{plain}_{word}";
        return isCounter && !plain.EndsWith("_total", StringComparison.Ordinal) ? plain + "_total" : plain;
    }

    public void Write(Metric metric)
    {
        var isCounter = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        var isHistogram = metric.MetricType is MetricType.Histogram;
        if (!isCounter && !isHistogram && !IsGauge(metric.MetricType))
            return; // exponential histograms have no form here, and nothing in this process makes one
        var name = NameOf(metric.Name, metric.Unit, isCounter);
        text.Append("# HELP ").Append(name).Append(' ').Append(Escaped(metric.Description, quoted: false)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(isCounter ? " counter" : isHistogram ? " histogram" : " gauge").Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
            if (isHistogram)
                WriteHistogram(name, point);
            else if (metric.MetricType != MetricType.DoubleGauge || !double.IsNaN(point.GetGaugeLastValueDouble())) // who measured it has no number any more
                Line(name, point.Tags, null, metric.MetricType switch
                {
                    MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
                    MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
                    MetricType.LongGauge => point.GetGaugeLastValueLong(),
                    _ => point.GetGaugeLastValueDouble(),
                });
    }

    private static bool IsGauge(MetricType type) =>
        type is MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic;

    private void WriteHistogram(string name, in MetricPoint point)
    {
        long upTo = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            upTo += bucket.BucketCount;
            Line(name + "_bucket", point.Tags, Number(bucket.ExplicitBound), upTo);
        }
        Line(name + "_sum", point.Tags, null, point.GetHistogramSum());
        Line(name + "_count", point.Tags, null, point.GetHistogramCount());
    }

    private void Line(string name, ReadOnlyTagCollection tags, string? upTo, double value)
    {
        text.Append(name);
        var separator = '{';
        foreach (var tag in tags)
        {
            Label(Plain(tag.Key), tag.Value is bool yes ? (yes ? "true" : "false") : Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "", separator);
            separator = ',';
        }
        if (upTo is not null)
        {
            Label("le", upTo, separator);
            separator = ',';
        }
        text.Append(separator == ',' ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private void Label(string name, string value, char separator) =>
        text.Append(separator).Append(name).Append("=\"").Append(Escaped(value, quoted: true)).Append('"');

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Plain(string name) =>
        string.Create(name.Length, name, (plain, from) =>
        {
            for (var at = 0; at < from.Length; at++)
                plain[at] = char.IsAsciiLetterOrDigit(from[at]) ? from[at] : '_';
        });

    private static string Escaped(string value, bool quoted)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quoted ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
