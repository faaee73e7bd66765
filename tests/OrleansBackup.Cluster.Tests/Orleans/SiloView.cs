using System.Globalization;
using System.Text.RegularExpressions;
using OrleansBackup.Demo.Processes;
using OrleansBackup.TestCluster;

namespace OrleansBackup.Cluster.Tests.Orleans;

/// <summary>What a silo shows of itself and of the others: the operators' page, and its log.</summary>
internal sealed partial class SiloView(ClusterUnderTest cluster) : IDisposable
{
    /// <summary>Numbers of events in the log.</summary>
    public const int PointSealed = 2101, RunFailed = 2102, RunBrokenOff = 2114;

    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false });

    public void Dispose() => _client.Dispose();

    /// <summary>What is under way in a silo and waits at its gate, as another (or itself) shows it; null while it is not shown.</summary>
    public async Task<(int Running, int Waiting)?> GateAsync(DemoServer through, DemoServer of, CancellationToken cancellation)
    {
        var page = await PageAsync(through, "/operations", cancellation);
        foreach (Match row in ProcessRow().Matches(page))
            if (row.Groups["port"].Value == cluster.SiloPortOf(of.Name))
                return (Number(row.Groups["running"]), Number(row.Groups["waiting"]));
        return null;
    }

    public async Task<string> PageAsync(DemoServer silo, string path, CancellationToken cancellation)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(silo.Api.Address, path))
        {
            Headers = { Authorization = new("Bearer", (await File.ReadAllTextAsync(silo.ApiKeyFile, cancellation)).Trim()) },
        };
        using var answer = await _client.SendAsync(question, cancellation);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancellation);
    }

    public static async Task<int> EventsAsync(DemoServer silo, int number, CancellationToken cancellation) =>
        (await LogAsync(silo, cancellation)).Split(string.Create(CultureInfo.InvariantCulture, $"\"EventId\":{number},")).Length - 1;

    public static async Task<string> LogAsync(DemoServer silo, CancellationToken cancellation)
    {
        using var log = new StreamReader(new FileStream(silo.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await log.ReadToEndAsync(cancellation);
    }

    private static int Number(Group figure) => int.Parse(figure.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex("""<code>[^<]* S127\.0\.0\.1:(?<port>\d+):\d+</code></td><td class="good">up</td>.*?<td class="n">(?<running>[\d,]+) of [\d,]+</td><td class="n">(?<waiting>[\d,]+)</td>""")]
    private static partial Regex ProcessRow();
}
