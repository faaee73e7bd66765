namespace Orleans.Timers;

/// <summary>The timers of one activation, so that none outlives it. Most activations have none and this costs them nothing.</summary>
internal struct ActivationTimers
{
    private List<GrainTimer>? _timers;

    internal void Add(GrainTimer timer)
    {
        var timers = _timers ?? Interlocked.CompareExchange(ref _timers, [], null) ?? _timers;
        lock (timers)
            timers.Add(timer);
    }

    internal readonly void Remove(GrainTimer timer)
    {
        if (_timers is not { } timers)
            return;
        lock (timers)
            timers.Remove(timer);
    }

    internal readonly void DisposeAll()
    {
        if (_timers is not { } timers)
            return;
        GrainTimer[] all;
        lock (timers)
            all = [.. timers];
        foreach (var timer in all)
            timer.Dispose();
    }
}
