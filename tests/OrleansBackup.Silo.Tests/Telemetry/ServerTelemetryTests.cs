using System.Net;
using System.Net.Http.Headers;
using OrleansBackup.Demo;
using OrleansBackup.Demo.Output;
using OrleansBackup.Demo.Processes;
using OrleansBackup.Demo.Story;
using OrleansBackup.Silo.Telemetry;
using OrleansBackup.Silo.Tests.Deploy;

namespace OrleansBackup.Silo.Tests.Telemetry;

/// <summary>The whole server, in its own process, after a small life with backups and restores: what it tells of that.</summary>
public sealed class ServerTelemetryTests
{
    [Fact]
    public async Task A_server_tells_a_scraper_and_a_collector_what_it_did_and_no_secret()
    {
        await using var collector = await CollectorStub.StartAsync();
        using var folder = DemoFolder.Open(Directory.CreateTempSubdirectory("orleansbackup-telemetry-").FullName);
        await using var simulator = new DemoSimulator(folder);
        var server = new DemoServer(folder, simulator,
            "--Telemetry:OtlpEndpoint", collector.Address, "--Telemetry:OtlpProtocol", "HttpProtobuf", "--Telemetry:TraceShare", "1");
        string page, key;
        await using (server)
        {
            await simulator.StartAsync(Timeline.FirstEvening, limits: false, CancellationToken.None);
            await server.StartAsync(Timeline.FirstEvening, CancellationToken.None);
            var options = DemoOptions.Default with { Users = 1, Days = 1, Messages = 10, Exit = true };
            var result = await new DemoStory(new DemoWorld(options, new PlainOutput(TextWriter.Null), server, simulator), folder.Server).TellAsync(CancellationToken.None);
            Assert.True(result.IsGood, result.Reason);
            key = (await File.ReadAllTextAsync(server.ApiKeyFile)).Trim();
            page = await ReadPageAsync(server.Api.Address, key);
        }

        Assert.Contains("# TYPE orleansbackup_run_duration_seconds histogram", page, StringComparison.Ordinal);
        foreach (var sample in new[]
        {
            """orleansbackup_run_duration_seconds_count{cause="None",outcome="Succeeded",resource_kind="Mailbox"} """, """orleansbackup_run_items_total{change="added",resource_kind="Mailbox"} """,
            """orleansbackup_restore_items_total{outcome="restored"} """, """orleansbackup_graph_requests_total{repeat="false"} """, """orleansbackup_store_io_bytes_total{direction="written"} """,
            """orleansbackup_store_operation_duration_seconds_count{operation="put",outcome="succeeded"} """,
        })
            Assert.True(Value(page, sample) > 0, sample);
        Assert.Equal(0, Value(page, "orleansbackup_admission_admitted "));

        if (Tools.Promtool.WhyNot is null)
        {
            var (status, output) = await Tools.Promtool.RunAsync(folder.Root, string.Concat(page.Split('\n').Where(line => line.Contains("orleansbackup", StringComparison.Ordinal)).Select(line => line + "\n")), "check", "metrics");
            Assert.True(status == 0, output);
        }

        foreach (var expected in new[] { "backup.run", "vault.seal", "restore.job", "service.instance.id" })
            Assert.Contains(expected, collector.Of("traces"), StringComparison.Ordinal);
        Assert.Contains("orleansbackup.run.duration", collector.Of("metrics"), StringComparison.Ordinal);
        Assert.Contains("sealed", collector.Of("logs"), StringComparison.Ordinal);
        foreach (var secret in new[] { key, "client_secret", "Bearer ", "eyJ" })
            Assert.DoesNotContain(secret, page + collector.Of("traces") + collector.Of("metrics") + collector.Of("logs"), StringComparison.Ordinal);
    }

    private static async Task<string> ReadPageAsync(Uri server, string key)
    {
        using var http = new HttpClient { BaseAddress = server };
        using (var refused = await http.GetAsync(new Uri("/metrics", UriKind.Relative)))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await http.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(MetricsPage.ContentType, answer.Content.Headers.ContentType?.ToString());
        return await answer.Content.ReadAsStringAsync();
    }

    private static double Value(string page, string sample) =>
        page.Split('\n').FirstOrDefault(line => line.StartsWith(sample, StringComparison.Ordinal)) is { } line
            ? double.Parse(line[sample.Length..], System.Globalization.CultureInfo.InvariantCulture) : double.NaN;
}
