namespace OrleansBackup.Microsoft365;

/// <summary>What a client has asked of Graph so far: a run takes one before and one after and reports the difference.</summary>
/// <param name="Requests">HTTP requests sent, repeats and parts of batches included, sign-in not.</param>
/// <param name="Repeats">Those of them that repeated a failed attempt.</param>
/// <param name="Throttles">Answers that refused for a limit.</param>
/// <param name="BytesReceived">Bytes of bodies received, after decompression.</param>
/// <param name="BytesSent">Bytes of bodies sent.</param>
public sealed record GraphStatistics(long Requests, long Repeats, long Throttles, long BytesReceived, long BytesSent)
{
    public GraphStatistics Since(GraphStatistics earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return new(Requests - earlier.Requests, Repeats - earlier.Repeats, Throttles - earlier.Throttles,
            BytesReceived - earlier.BytesReceived, BytesSent - earlier.BytesSent);
    }
}

/// <summary>The counters behind <see cref="GraphStatistics"/>.</summary>
internal sealed class GraphCounters
{
    private long _requests;
    private long _repeats;
    private long _throttles;
    private long _received;
    private long _sent;

    public void CountRequests(int requests, bool isRepeat)
    {
        Interlocked.Add(ref _requests, requests);
        if (isRepeat) Interlocked.Add(ref _repeats, requests);
        GraphTelemetry.CountRequests(requests, isRepeat);
    }

    public void CountThrottle(bool ofMailbox)
    {
        Interlocked.Increment(ref _throttles);
        GraphTelemetry.CountThrottle(ofMailbox);
    }

    public void CountReceived(long bytes)
    {
        Interlocked.Add(ref _received, bytes);
        GraphTelemetry.CountReceived(bytes);
    }

    public void CountSent(long bytes)
    {
        Interlocked.Add(ref _sent, bytes);
        GraphTelemetry.CountSent(bytes);
    }

    public GraphStatistics Snapshot() => new(Interlocked.Read(ref _requests), Interlocked.Read(ref _repeats),
        Interlocked.Read(ref _throttles), Interlocked.Read(ref _received), Interlocked.Read(ref _sent));
}
