using System.Runtime.CompilerServices;
using OrleansBackup.Domain.Forecast;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Resources;

/// <summary>Where a run writes how far it is, and anybody may read it: many writers, many readers, no waiting.</summary>
internal sealed class RunBoard(RunId run, RunReason reason, DateTimeOffset startedAt, TimeProvider time)
{
    // Watchers see a change at most this often; a run can make thousands of steps a second.
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);

    // Nothing is foretold before so much is done: the first requests tell little of the rest.
    private const double LeastShare = 0.05;
    private static readonly TimeSpan ForecastInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly WorkForecast _forecast = new();
    private DateTimeOffset _foretoldAt;
    private DateTimeOffset? _expectedEnd, _admittedAt;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunProgress _current = new(run, reason, RunOutcome.Running, startedAt, null, RunCounts.Zero, 0, "Starting", null, FaultCause.None);
    private WaitingReason _waiting = new("The run is starting.", startedAt, null);
    private TimeSpan _waited;
    private long _steps;

    public RunProgress Current
    {
        get { lock (_lock) return _current; }
    }

    /// <summary>The run has got its place: what it is foretold from now on leaves out how long it waited for that.</summary>
    public void Admitted()
    {
        lock (_lock)
            _admittedAt = time.GetUtcNow();
    }

    public WaitingReason Waiting
    {
        get { lock (_lock) return _waiting; }
    }

    /// <summary>Grows with every sign of life; a watchdog compares two readings.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    public void Update(Func<RunProgress, RunProgress> change)
    {
        Interlocked.Increment(ref _steps);
        TaskCompletionSource changed;
        lock (_lock)
        {
            _current = Foretold(change(_current));
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.TrySetResult();
    }

    /// <summary>Only what is expected at all is foretold: a first backup, whose size Microsoft 365 tells roughly.</summary>
    private RunProgress Foretold(RunProgress progress)
    {
        if (progress is { ItemsExpected: <= 0, BytesExpected: <= 0 } || progress.Outcome != RunOutcome.Running)
            return progress with { ExpectedEnd = null };
        var now = time.GetUtcNow();
        if (now - _foretoldAt < ForecastInterval)
            return progress with { ExpectedEnd = _expectedEnd };
        _foretoldAt = now;
        var (items, bytes) = (progress.Counts.Added + progress.Counts.Changed, progress.Counts.DownloadedBytes);
        _forecast.Observe(Worked, items, bytes);
        var share = progress.ItemsExpected > 0 ? (double)items / progress.ItemsExpected : (double)bytes / progress.BytesExpected;
        _expectedEnd = share < LeastShare ? null
            : now + _forecast.Left(progress.ItemsExpected > 0 ? progress.ItemsExpected : null, progress.BytesExpected > 0 ? progress.BytesExpected : null);
        return progress with { ExpectedEnd = _expectedEnd };
    }

    /// <summary>How long the run has worked since it got its place.</summary>
    public TimeSpan Worked
    {
        get { lock (_lock) return (_current.EndedAt ?? time.GetUtcNow()) - (_admittedAt ?? startedAt); } // who has no gate began to work at once
    }

    /// <summary>For how much of that some of its requests waited for the tenant's budget.</summary>
    public TimeSpan Waited
    {
        get { lock (_lock) return _waited; }
        set { lock (_lock) _waited = value; }
    }

    public void Count(Func<RunCounts, RunCounts> change) => Update(progress => progress with { Counts = change(progress.Counts) });

    /// <summary>Says in plain words what the run does or waits for now.</summary>
    public void Step(string what, DateTimeOffset? until = null)
    {
        lock (_lock)
            _waiting = new WaitingReason(what, time.GetUtcNow(), until);
        Update(progress => progress with { Step = what });
    }

    /// <summary>Every state from now to the end, the newest if several came at once.</summary>
    public async IAsyncEnumerable<RunProgress> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            RunProgress current;
            Task changed;
            lock (_lock)
                (current, changed) = (_current, _changed.Task);
            yield return current;
            if (current.Outcome != RunOutcome.Running)
                yield break;
            await changed.WaitAsync(cancellation);
            await Task.Delay(WatchInterval, time, cancellation);
        }
    }
}
