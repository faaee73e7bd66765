namespace OrleansBackup.Benchmarks.Limits;

/// <summary>Time that passes only when nothing else can happen, so that hours of waiting take moments and come out the same every time.</summary>
/// <remarks>Everything runs on the thread that calls <see cref="Run"/>, in the order in which it became possible. For code that waits by its <see cref="TimeProvider"/> and without a cancellation token.</remarks>
internal sealed class VirtualTime : TimeProvider
{
    private readonly PriorityQueue<VirtualTimer, (long At, long Order)> _timers = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly DateTimeOffset _start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private long _now;
    private long _order;

    public TimeSpan Elapsed => TimeSpan.FromTicks(_now);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs work until it has ended.</summary>
    /// <exception cref="InvalidOperationException">The work waits for something that no timer will bring.</exception>
    public void Run(Func<Task> work)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new OneThread(_ready));
        try
        {
            var task = work();
            while (!task.IsCompleted)
            {
                if (_ready.TryDequeue(out var next))
                    next.Callback(next.State);
                else if (_timers.TryDequeue(out var timer, out var due))
                    Fire(timer, due.At);
                else
                    throw new InvalidOperationException("The simulated work waits for ever.");
            }
            task.GetAwaiter().GetResult(); // completed: only hands on what it threw
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Fire(VirtualTimer timer, long at)
    {
        if (timer.DueAt != at)
            return; // changed or disposed since
        _now = at;
        timer.Fire();
    }

    private sealed class OneThread(Queue<(SendOrPostCallback, object?)> ready) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => ready.Enqueue((d, state));

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        public long? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + Math.Max(0, dueTime.Ticks);
            if (DueAt is { } at)
                time._timers.Enqueue(this, (at, time._order++));
            return true;
        }

        public void Fire()
        {
            DueAt = null;
            callback(state);
        }

        public void Dispose() => DueAt = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
