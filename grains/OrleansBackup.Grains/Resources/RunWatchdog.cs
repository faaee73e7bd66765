namespace OrleansBackup.Grains.Resources;

/// <summary>Ends a run that gives no sign of life, so that a stuck run never looks alive.</summary>
/// <remarks>
/// Counts ticks of a timer, not the time between two readings: a machine that slept, or a clock that jumped, is one tick and
/// not a reason to end anything. A wait that has an announced end (Microsoft's Retry-After) is a sign of life of its own.
/// </remarks>
internal sealed class RunWatchdog : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly RunBoard _board;
    private readonly int _patience;
    private readonly CancellationTokenSource _end;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _seen = -1;
    private int _silentTicks;

    public RunWatchdog(RunBoard board, int patienceMinutes, CancellationTokenSource end, TimeProvider time)
    {
        (_board, _patience, _end, _time) = (board, patienceMinutes, end, time);
        _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    /// <summary>Set when this watchdog ended the run.</summary>
    public RunStuckException? Verdict { get; private set; }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var steps = _board.Steps;
        var waiting = _board.Waiting;
        if (steps != _seen || waiting.Until > _time.GetUtcNow())
        {
            _seen = steps;
            _silentTicks = 0;
            return;
        }
        if (++_silentTicks < _patience || Verdict is not null)
            return;
        Verdict = new RunStuckException(waiting.For, TimeSpan.FromMinutes(_silentTicks));
        _end.Cancel();
    }
}
