namespace OrleansBackup.Grains.Budget;

/// <summary>Counts what one run asks of Graph, although all runs of a tenant share one client.</summary>
/// <remarks>Follows the run's own flow of calls: whatever a run starts counts for it, on whichever thread.</remarks>
internal sealed class RequestMeter
{
    private static readonly AsyncLocal<RequestMeter?> Ambient = new();

    private long _requests;
    private long _throttled;
    private readonly Lock _lock = new();
    private int _waiting;
    private long _waitsSince;
    private TimeSpan _waited;

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>How long some request waited until it was granted; what several wait at once counts once.</summary>
    public TimeSpan Waited
    {
        get { lock (_lock) return _waited; }
    }

    public long Throttled => Interlocked.Read(ref _throttled);

    /// <summary>Everything started after this by the caller's flow counts here.</summary>
    public static RequestMeter Begin() => Ambient.Value = new RequestMeter();

    public static void CountRequests(int cost)
    {
        if (Ambient.Value is { } meter)
            Interlocked.Add(ref meter._requests, cost);
    }

    /// <summary>A request waits from now on, until what is returned is disposed.</summary>
    public static IDisposable? BeginWait(TimeProvider time)
    {
        if (Ambient.Value is not { } meter)
            return null;
        lock (meter._lock)
            if (meter._waiting++ == 0)
                meter._waitsSince = time.GetTimestamp();
        return new Wait(meter, time);
    }

    public static void CountThrottle()
    {
        if (Ambient.Value is { } meter)
            Interlocked.Increment(ref meter._throttled);
    }

    private sealed class Wait(RequestMeter meter, TimeProvider time) : IDisposable
    {
        public void Dispose()
        {
            lock (meter._lock)
                if (--meter._waiting == 0)
                    meter._waited += time.GetElapsedTime(meter._waitsSince);
        }
    }
}
