namespace Orleans.Runtime;

/// <summary>What an activation needs only when it goes, or when somebody waits for that: kept apart so that idle ones stay small.</summary>
internal sealed class Departure
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _limit;
    private volatile bool _isOverdue;

    internal Task Done => _done.Task;
    internal DeactivationReason Reason { get; private set; }
    internal bool HasReason { get; private set; }

    /// <summary>Running calls had their time and did not end.</summary>
    internal bool IsOverdue => _isOverdue;

    /// <summary>The first reason counts.</summary>
    internal bool TryGiveReason(DeactivationReason reason)
    {
        if (HasReason)
            return false;
        Reason = reason;
        return HasReason = true;
    }

    internal void LimitWait(TimeProvider time, TimeSpan limit, Action overdue)
    {
        _limit = time.CreateTimer(_ =>
        {
            _isOverdue = true;
            overdue();
        }, null, limit, Timeout.InfiniteTimeSpan);
    }

    internal void Finish()
    {
        _limit?.Dispose();
        _done.TrySetResult();
    }
}
