namespace OrleansBackup.Grains.Resources;

/// <summary>Ends a run that gives no sign of life, so that a stuck run never looks alive.</summary>
/// <remarks>
/// Counts ticks of a timer, not the time between two readings: a machine that slept, or a clock that jumped, is one tick and
/// not a reason to end anything. A wait that has an announced end (Microsoft's Retry-After) is a sign of life of its own.
/// </remarks>
internal sealed class RunWatchdog : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _looking = new();
    private readonly RunBoard _board;
    private readonly int _patience;
    private readonly CancellationTokenSource _end;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _seen = -1;
    private int _silentTicks;
    private bool _disposed;

    public RunWatchdog(RunBoard board, int patienceMinutes, CancellationTokenSource end, TimeProvider time)
    {
        (_board, _patience, _end, _time) = (board, patienceMinutes, end, time);
        _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    /// <summary>Set when this watchdog ended the run.</summary>
    public RunStuckException? Verdict { get; private set; }

    public void Dispose()
    {
        lock (_looking)
        {
            _disposed = true;
            _timer.Dispose();
        }
    }

    private void Look()
    {
        RunStuckException? verdict;
        lock (_looking)
            verdict = _disposed ? null : Judge();
        if (verdict is null)
            return;
        try
        {
            _end.Cancel(); // outside the lock: what is cancelled may dispose this watchdog
        }
        catch (ObjectDisposedException)
        {
            // The run ended by itself between the verdict and now; there is nothing left to cancel.
        }
    }

    private RunStuckException? Judge()
    {
        var steps = _board.Steps;
        var waiting = _board.Waiting;
        if (steps != _seen || waiting.Until > _time.GetUtcNow())
        {
            _seen = steps;
            _silentTicks = 0;
            return null;
        }
        if (++_silentTicks < _patience || Verdict is not null)
            return null;
        return Verdict = new RunStuckException(waiting.For, TimeSpan.FromMinutes(_silentTicks));
    }
}
