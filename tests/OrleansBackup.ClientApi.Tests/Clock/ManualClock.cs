namespace OrleansBackup.ClientApi.Tests.Clock;

/// <summary>A real time that only moves when the test says so. Its tick frequency is odd, to catch code that assumes one.</summary>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _passed;

    public override long TimestampFrequency => 3_333_333;

    /// <summary>How many timers are set.</summary>
    public int Armed => _timers.Count(timer => timer.Due is not null);

    public override DateTimeOffset GetUtcNow() => start + _passed;

    public override long GetTimestamp() => (long)Math.Round(_passed.TotalSeconds * TimestampFrequency);

    /// <summary>Lets time pass; every timer that falls due on the way fires at its moment, in this thread.</summary>
    public void Pass(TimeSpan span)
    {
        var end = _passed + span;
        while (_timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due) is { } next)
        {
            _passed = next.Due > _passed ? next.Due.Value : _passed;
            next.Fire();
        }
        _passed = end;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        public TimeSpan? Due { get; private set; }

        public void Fire()
        {
            Due = null; // what is tested here sets each timer for one time
            fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, period);
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._passed + dueTime;
            return true;
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
