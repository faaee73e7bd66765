using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Timers;

/// <summary>Turns the fires of one clock timer into turns of one activation, never two at a time.</summary>
internal sealed partial class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly bool _interleave;
    private readonly bool _keepAlive;
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _clock;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changedInTick;
    private bool _firedInTick;
    private bool _disposed;

    private GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _interleave = options.Interleave;
        _keepAlive = options.KeepAlive;
        _clock = activation.Runtime.Time.CreateTimer(
            static timer => ((GrainTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal static GrainTimer Start(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        // A timer belongs to the activation, not to the call that made it: its ticks carry no request context.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        var timer = new GrainTimer(activation, callback, options);
        activation.Timers.Add(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfNegative(dueTime);
        ThrowIfNegative(period);
        lock (_ended)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _period = period;
            _changedInTick = _ticking;
            _clock.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_ended)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        _clock.Dispose();
        _activation.Timers.Remove(this);
        _ended.Cancel();
    }

    private static void ThrowIfNegative(TimeSpan time)
    {
        if (time != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
    }

    private void Fire()
    {
        lock (_ended)
        {
            _firedInTick = _ticking; // changed from within a tick to something that fell due before the tick's end
            if (_disposed || _ticking)
                return;
            _ticking = true;
            _changedInTick = false;
        }
        if (!_activation.TryEnqueue(new ActivationWork(_activation, "timer", TickAsync, _interleave, _keepAlive)))
            Dispose();
    }

    private async Task TickAsync()
    {
        try
        {
            if (!_disposed)
                await _callback(_ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The timer or its activation ended; nobody waits for this tick.
        }
        catch (Exception exception)
        {
            LogTickFailed(_activation.Runtime.Log, _activation.GrainId, exception);
        }
        lock (_ended)
        {
            _ticking = false;
            if (_disposed)
                return;
            if (_firedInTick)
                _clock.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            else if (!_changedInTick)
                _clock.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(7301, LogLevel.Error, "A timer tick of {Grain} failed; the timer goes on")]
    private static partial void LogTickFailed(ILogger log, GrainId grain, Exception exception);
}
