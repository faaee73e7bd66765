using System.Collections.Concurrent;

namespace OrleansBackup.GraphSimulator.Limits;

/// <summary>What was asked of the service, so that a test or benchmark can state a cost.</summary>
public sealed class RequestStatistics
{
    private ConcurrentDictionary<(string Method, string Template, int Status), Counter> _counters = new();
    private ConcurrentDictionary<string, int> _concurrency = new();
    private long _throttled;

    public void Count(string method, string template, int status, long bytes)
    {
        var counter = _counters.GetOrAdd((method, template, status), _ => new Counter());
        Interlocked.Increment(ref counter.Requests);
        Interlocked.Add(ref counter.Bytes, bytes);
        if (status == 429)
            Interlocked.Increment(ref _throttled);
    }

    /// <summary>Notes that so many requests are under way against a mailbox.</summary>
    public void Concurrent(string mailbox, int now) => _concurrency.AddOrUpdate(mailbox, now, (_, most) => Math.Max(most, now));

    public void Reset()
    {
        _counters = new();
        _concurrency = new();
        Interlocked.Exchange(ref _throttled, 0);
    }

    public StatisticsView View() => new(
        [.. _counters.Select(pair => new EndpointCount(pair.Key.Method, pair.Key.Template, pair.Key.Status, pair.Value.Requests, pair.Value.Bytes))
            .OrderBy(count => count.Template, StringComparer.Ordinal).ThenBy(count => count.Method, StringComparer.Ordinal).ThenBy(count => count.Status)],
        _counters.Values.Sum(counter => counter.Requests), _counters.Values.Sum(counter => counter.Bytes), Interlocked.Read(ref _throttled),
        new Dictionary<string, int>(_concurrency));

    private sealed class Counter
    {
        public long Requests;
        public long Bytes;
    }
}

/// <summary>Requests of one operation that ended with one status. <paramref name="Bytes"/>: length of the answers' bodies.</summary>
public sealed record EndpointCount(string Method, string Template, int Status, long Requests, long Bytes);

/// <summary>Everything counted since the last reset. <paramref name="MostConcurrent"/>: per mailbox, the most requests at once.</summary>
public sealed record StatisticsView(IReadOnlyList<EndpointCount> Endpoints, long Requests, long Bytes, long Throttled, IReadOnlyDictionary<string, int> MostConcurrent);
