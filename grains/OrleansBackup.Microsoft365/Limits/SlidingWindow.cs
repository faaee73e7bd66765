namespace OrleansBackup.Microsoft365.Limits;

/// <summary>Counts what was spent in the last stretch of time, so that no window, wherever it starts, holds more than the limit.</summary>
/// <remarks>Counts in slices of a sixtieth of the window and frees a slice only when all of it has aged: errs on the safe side. Not thread-safe.</remarks>
internal sealed class SlidingWindow(long limit, TimeSpan window)
{
    private readonly LinkedList<(long Slice, long Amount)> _slices = new();
    private readonly long _sliceTicks = Math.Max(1, window.Ticks / 60);
    private long _spent;

    /// <summary>How long to wait until <paramref name="amount"/> fits. More than the whole limit fits only into an empty window.</summary>
    public TimeSpan WaitFor(long amount, DateTimeOffset now)
    {
        while (_slices.First is { } oldest && FreeAt(oldest.Value.Slice) <= now.UtcTicks)
        {
            _spent -= oldest.Value.Amount;
            _slices.RemoveFirst();
        }

        if (_spent == 0 || _spent + amount <= limit) return TimeSpan.Zero;
        var remaining = _spent;
        foreach (var (slice, spent) in _slices)
        {
            remaining -= spent;
            if (remaining == 0 || remaining + amount <= limit) return new TimeSpan(FreeAt(slice) - now.UtcTicks);
        }

        return window;
    }

    public void Spend(long amount, DateTimeOffset now)
    {
        var slice = now.UtcTicks / _sliceTicks;
        _spent += amount;
        // A clock set back counts into the newest slice, which frees it later rather than earlier.
        if (_slices.Last is { } newest && newest.Value.Slice >= slice) newest.Value = (newest.Value.Slice, newest.Value.Amount + amount);
        else _slices.AddLast((slice, amount));
    }

    private long FreeAt(long slice) => ((slice + 1) * _sliceTicks) + window.Ticks;
}
