namespace OrleansBackup.Grains.Budget;

/// <summary>Counts what one run asks of Graph, although all runs of a tenant share one client.</summary>
/// <remarks>Follows the run's own flow of calls: whatever a run starts counts for it, on whichever thread.</remarks>
internal sealed class RequestMeter
{
    private static readonly AsyncLocal<RequestMeter?> Ambient = new();

    private long _requests;
    private long _throttled;

    public long Requests => Interlocked.Read(ref _requests);

    public long Throttled => Interlocked.Read(ref _throttled);

    /// <summary>Everything started after this by the caller's flow counts here.</summary>
    public static RequestMeter Begin() => Ambient.Value = new RequestMeter();

    public static void CountRequests(int cost)
    {
        if (Ambient.Value is { } meter)
            Interlocked.Add(ref meter._requests, cost);
    }

    public static void CountThrottle()
    {
        if (Ambient.Value is { } meter)
            Interlocked.Increment(ref meter._throttled);
    }
}
