namespace Orleans.Runtime;

/// <summary>A timer of one activation. Disposing it ends it; a tick that runs is told through its token.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>The next tick after <paramref name="dueTime"/>, then every <paramref name="period"/> after a tick has ended.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>When a grain timer ticks, and how its ticks sit among calls.</summary>
public readonly struct GrainTimerCreationOptions
{
    public GrainTimerCreationOptions() { }

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>From now to the first tick. <see cref="Timeout.InfiniteTimeSpan"/>: not until changed.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>From the end of a tick to the next. <see cref="Timeout.InfiniteTimeSpan"/>: one tick only.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Ticks may run in the pauses of calls. Otherwise a tick waits for its turn like a call.</summary>
    public bool Interleave { get; init; }

    /// <summary>A tick counts as use, so it puts off the idle collection.</summary>
    public bool KeepAlive { get; init; }
}
