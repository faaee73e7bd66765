namespace OrleansBackup.Benchmarks.Limits;

/// <summary>What Microsoft grants one app in one mailbox: 10,000 requests within 10 minutes, 4 at once. It refuses the rest.</summary>
/// <remarks>Source: Microsoft Graph service-specific throttling limits, "Outlook service limits". Kept apart from the server's limiters: who is judged does not judge.</remarks>
internal sealed class GrantedByMicrosoft(TimeProvider time)
{
    private const int AtOnce = 4;
    private const int InWindow = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Queue<DateTimeOffset> _recent = new();
    private int _running;

    public long RefusedForConcurrency { get; private set; }
    public long RefusedForRate { get; private set; }

    public void Begin()
    {
        var now = time.GetUtcNow();
        while (_recent.TryPeek(out var oldest) && oldest <= now - Window)
            _recent.Dequeue();
        if (++_running > AtOnce)
            RefusedForConcurrency++;
        if (_recent.Count >= InWindow)
            RefusedForRate++;
        _recent.Enqueue(now);
    }

    public void End() => _running--;
}
