using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Microsoft365;
using OrleansBackup.Silo.Telemetry;
using OrleansBackup.Silo.Tests.Deploy;
using OrleansBackup.Vault;

namespace OrleansBackup.Silo.Tests.Telemetry;

/// <summary>The dashboard and the alert rules in deploy/telemetry speak of metrics that exist, in words that Prometheus understands.</summary>
public sealed partial class TelemetryFilesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "telemetry");

    [Theory]
    [InlineData("grafana-dashboard.json")]
    [InlineData("alerts.yml")]
    [InlineData("alerts.test.yml")]
    public async Task Every_metric_that_a_file_names_exists(string file)
    {
        var known = KnownMetrics();
        var named = MetricName().Matches(await File.ReadAllTextAsync(Path.Combine(Folder, file))).Select(match => match.Value).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, name => !known.Contains(name));
    }

    [Fact]
    public async Task Every_metric_of_ours_is_on_the_dashboard()
    {
        var dashboard = await File.ReadAllTextAsync(Path.Combine(Folder, "grafana-dashboard.json"));
        Assert.DoesNotContain(KnownInstruments(), instrument => !dashboard.Contains(instrument, StringComparison.Ordinal));
    }

    [PromtoolFact]
    public async Task The_alert_rules_are_seen_firing_and_staying_quiet()
    {
        var (status, output) = await Tools.Promtool.RunAsync(Folder, "", "test", "rules", "alerts.test.yml");
        Assert.True(status == 0, output);
    }

    [PromtoolFact]
    public async Task Prometheus_understands_every_expression_of_the_dashboard()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "grafana-dashboard.json")));
        var expressions = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!.Replace("$instance", ".*", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(expressions);
        var rules = string.Concat(expressions.Select((expression, number) => $"  - record: panel_{number}\n    expr: {JsonSerializer.Serialize(expression)}\n"));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"groups:\n- name: dashboard\n  rules:\n{rules}");
        var (status, output) = await Tools.Promtool.RunAsync(Folder, "", "check", "rules", file);
        File.Delete(file);
        Assert.True(status == 0, output);
    }

    private static List<string> KnownInstruments()
    {
        var names = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is ServiceTelemetry.Name or VaultTelemetry.Name or GraphTelemetry.Name)
                    lock (names)
                        names.Add(PrometheusText.NameOf(instrument.Name, instrument.Unit, instrument.GetType().GetGenericTypeDefinition() == typeof(Counter<>)));
            },
        };
        foreach (var telemetry in new[] { typeof(ServiceTelemetry), typeof(VaultTelemetry), typeof(GraphTelemetry) })
            RuntimeHelpers.RunClassConstructor(telemetry.TypeHandle);
        listener.Start();
        return names;
    }

    private static HashSet<string> KnownMetrics() =>
        [.. KnownInstruments().SelectMany(name => name.EndsWith("_seconds", StringComparison.Ordinal) ? [name + "_bucket", name + "_sum", name + "_count"] : new[] { name })];

    [GeneratedRegex("orleansbackup_[a-z_]+")]
    private static partial Regex MetricName();
}
