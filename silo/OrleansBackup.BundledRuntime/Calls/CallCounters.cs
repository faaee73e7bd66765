namespace Orleans.Runtime;

/// <summary>How often one method was run, how it ended and how long it took, from start of the run to its end.</summary>
internal sealed class CallCounters
{
    private long _calls;
    private long _errors;
    private long _timestamps;
    private long _slowest;

    internal long Calls => Interlocked.Read(ref _calls);
    internal long Errors => Interlocked.Read(ref _errors);

    /// <summary>Sum over all calls, in timestamps of the silo's clock.</summary>
    internal long Timestamps => Interlocked.Read(ref _timestamps);
    internal long Slowest => Interlocked.Read(ref _slowest);

    internal void Count(long timestamps, bool failed)
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _timestamps, timestamps);
        if (failed)
            Interlocked.Increment(ref _errors);
        // Two threads may race here and the smaller win; the figure is for an operator's eye.
        if (timestamps > Volatile.Read(ref _slowest))
            Volatile.Write(ref _slowest, timestamps);
    }
}
