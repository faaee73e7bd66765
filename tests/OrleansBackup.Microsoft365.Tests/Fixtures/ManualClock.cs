namespace OrleansBackup.Microsoft365.Tests.Fixtures;

/// <summary>Time as the test says. It moves by <see cref="Advance"/> alone, or, when it skips waits, straight to the end of each wait.</summary>
/// <remarks>The tick frequency is odd on purpose, to catch code that assumes one.</remarks>
internal sealed class ManualClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly List<TimeSpan> _waits = [];
    private DateTimeOffset _now = Start;

    /// <summary>Each wait ends at once, having moved the time by its length.</summary>
    public bool SkipsWaits { get; init; }

    /// <summary>Every wait that was begun, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get { lock (_lock) return [.. _waits]; }
    }

    public override long TimestampFrequency => 3_333_333;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => (long)((GetUtcNow() - Start).TotalSeconds * TimestampFrequency);

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers.Where(t => t.Due <= _now).OrderBy(t => t.Due)];
            _timers.RemoveAll(due.Contains);
        }

        foreach (var timer in due) timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => ThreadPool.QueueUserWorkItem(_ => callback(state));

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                clock._waits.Add(dueTime);
                Due = clock._now + dueTime;
                if (!clock.SkipsWaits)
                {
                    clock._timers.Add(this);
                    return true;
                }

                if (Due > clock._now) clock._now = Due;
            }

            Fire();
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
