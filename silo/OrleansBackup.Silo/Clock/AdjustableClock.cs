using OrleansBackup.ClientApi.Operations;

namespace OrleansBackup.Silo.Clock;

/// <summary>Real time plus an offset that can grow: a demonstration lives through days in minutes, and timers fire as they would have.</summary>
/// <remarks>
/// Thread-safe. Time never goes back. Timestamps do not shift: a call in flight has not taken a day because the
/// date moved on, and would time out. A shift over
/// several periods of a timer lets it fire once, as a computer does that was asleep, and its next period begins then.
/// </remarks>
public sealed class AdjustableClock : TimeProvider, IAdjustableClock
{
    private static readonly DateTimeOffset LastMoment = new(2900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly TimeProvider _real;
    private readonly HashSet<AdjustableTimer> _armed = [];
    private TimeSpan _offset;

    /// <param name="real">The time that passes by itself.</param>
    /// <param name="offset">How far ahead of it this clock starts.</param>
    public AdjustableClock(TimeProvider real, TimeSpan offset) => (_real, _offset) = (real, offset);

    /// <summary>Raised after each shift with the new offset, in the order of the shifts.</summary>
    public event Action<TimeSpan>? Shifted;

    public override TimeZoneInfo LocalTimeZone => _real.LocalTimeZone;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan Offset
    {
        get
        {
            lock (_lock)
                return _offset;
        }
    }

    public override DateTimeOffset GetUtcNow() => _real.GetUtcNow() + Offset;

    public override long GetTimestamp() => Elapsed.Ticks;

    private TimeSpan Elapsed => _real.GetElapsedTime(0, _real.GetTimestamp());

    /// <inheritdoc/>
    public void Advance(TimeSpan shift)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shift, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shift, LastMoment - GetUtcNow());
        lock (_lock)
        {
            _offset += shift;
            foreach (var timer in _armed)
                timer.Rearm(Now);
            Shifted?.Invoke(_offset);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new AdjustableTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    // Only under the lock: offset and timers must agree.
    private TimeSpan Now => Elapsed + _offset;

    /// <summary>A timer of the real clock, set to what remains until its moment on the shifted one.</summary>
    private sealed class AdjustableTimer : ITimer
    {
        private readonly AdjustableClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _real;
        private TimeSpan _due;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public AdjustableTimer(AdjustableClock clock, TimerCallback callback, object? state)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _real = clock._real.CreateTimer(_ => Elapse(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._lock)
            {
                if (_disposed)
                    return false;
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    _clock._armed.Remove(this);
                    return _real.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }
                _due = _clock.Now + dueTime;
                _clock._armed.Add(this);
                return _real.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }

        /// <summary>Called under the clock's lock.</summary>
        public void Rearm(TimeSpan now) => _real.Change(_due > now ? WholeMilliseconds(_due - now) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        // Timers cut to milliseconds; cut down, they would elapse too early and be set again and again.
        private static TimeSpan WholeMilliseconds(TimeSpan span) => TimeSpan.FromMilliseconds((long)Math.Ceiling(span.TotalMilliseconds));

        public void Dispose()
        {
            lock (_clock._lock)
            {
                _disposed = true;
                _clock._armed.Remove(this);
            }
            _real.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            Dispose();
            await _real.DisposeAsync();
        }

        private void Elapse()
        {
            lock (_clock._lock)
            {
                if (!_clock._armed.Contains(this))
                    return; // changed or disposed in this moment
                var now = _clock.Now;
                if (_due > now)
                {
                    Rearm(now); // it was given a later moment just when it fell due
                    return;
                }
                if (_period > TimeSpan.Zero)
                {
                    _due = _due + _period > now ? _due + _period : now + _period;
                    Rearm(now);
                }
                else
                {
                    _clock._armed.Remove(this);
                }
            }
            _callback(_state); // outside the lock: it may set timers
        }
    }
}
