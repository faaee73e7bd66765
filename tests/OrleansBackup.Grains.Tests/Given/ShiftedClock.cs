namespace OrleansBackup.Grains.Tests.Given;

/// <summary>Real time plus an offset: days pass when a test says so, waits of milliseconds stay waits of milliseconds.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan Due, Action Fire)> _set = [];
    private long _offsetTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    public void Shift(TimeSpan by) => Interlocked.Add(ref _offsetTicks, by.Ticks);

    /// <summary>Lets every timer that was ever set to just this time fire now.</summary>
    public void FireTimersOf(TimeSpan due)
    {
        Action[] timers;
        lock (_lock)
            timers = [.. _set.Where(timer => timer.Due == due).Select(timer => timer.Fire)];
        foreach (var fire in timers)
            fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, base.CreateTimer(callback, state, dueTime, period), () => callback(state));
        timer.Remember(dueTime);
        return timer;
    }

    private sealed class Timer(ShiftedClock clock, ITimer inner, Action fire) : ITimer
    {
        public void Remember(TimeSpan due)
        {
            lock (clock._lock)
                if (due >= TimeSpan.FromSeconds(10)) // the many short ones nobody waits for
                    clock._set.Add((due, fire));
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Remember(dueTime);
            return inner.Change(dueTime, period);
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
