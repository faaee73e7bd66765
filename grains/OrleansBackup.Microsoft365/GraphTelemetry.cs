using System.Diagnostics.Metrics;

namespace OrleansBackup.Microsoft365;

/// <summary>What the connector lets operators see over all tenants of a process: requests, refusals, bytes, waiting. Collected under <see cref="Name"/>.</summary>
/// <remarks>How long single requests take is measured by the runtime's own meter <c>System.Net.Http</c>, and its spans show each attempt.</remarks>
public static class GraphTelemetry
{
    public const string Name = "OrleansBackup.Microsoft365";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("orleansbackup.graph.requests", "{request}",
        "Requests sent to Microsoft Graph, parts of batches counted one by one");

    private static readonly Counter<long> Throttles = Meter.CreateCounter<long>("orleansbackup.graph.throttles", "{answer}", "Answers of Microsoft Graph that refused for a limit");

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("orleansbackup.graph.io", "By", "Bytes of bodies sent to and received from Microsoft Graph");

    private static readonly Counter<double> Waiting = Meter.CreateCounter<double>("orleansbackup.graph.wait", "s",
        "Time that requests waited for a limit before they were sent");

    internal static void CountRequests(long requests, bool isRepeat) => Requests.Add(requests, new KeyValuePair<string, object?>("repeat", isRepeat));

    internal static void CountThrottle(bool ofMailbox) => Throttles.Add(1, new KeyValuePair<string, object?>("scope", ofMailbox ? "mailbox" : "tenant"));

    internal static void CountReceived(long bytes) => Bytes.Add(bytes, new KeyValuePair<string, object?>("direction", "received"));

    internal static void CountSent(long bytes) => Bytes.Add(bytes, new KeyValuePair<string, object?>("direction", "sent"));

    internal static void Waited(string limit, TimeSpan time) => Waiting.Add(time.TotalSeconds, new KeyValuePair<string, object?>("limit", limit));
}
