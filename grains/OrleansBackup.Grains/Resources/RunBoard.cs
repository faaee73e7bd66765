using System.Runtime.CompilerServices;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Resources;

/// <summary>Where a run writes how far it is, and anybody may read it: many writers, many readers, no waiting.</summary>
internal sealed class RunBoard(RunId run, RunReason reason, DateTimeOffset startedAt, TimeProvider time)
{
    // Watchers see a change at most this often; a run can make thousands of steps a second.
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunProgress _current = new(run, reason, RunOutcome.Running, startedAt, null, RunCounts.Zero, 0, "Starting", null, FaultCause.None);
    private WaitingReason _waiting = new("The run is starting.", startedAt, null);
    private long _steps;

    public RunProgress Current
    {
        get { lock (_lock) return _current; }
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
            _current = change(_current);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.TrySetResult();
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
