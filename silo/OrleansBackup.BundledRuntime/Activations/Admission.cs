namespace Orleans.Runtime;

/// <summary>Which of the waiting calls may run beside those that run: the rules of reentrancy, and the queue in order.</summary>
/// <remarks>Not safe for threads by itself: the activation calls it under its lock.</remarks>
internal struct Admission
{
    private GrainCall? _first;
    private GrainCall? _last;
    private int _interleavingWaiting;
    private int _exclusiveRunning;
    private int _readOnlyRunning;

    internal int Running { get; private set; }
    internal int Waiting { get; private set; }
    internal readonly bool HasWaiting => _first is not null;

    internal void Add(GrainCall call)
    {
        if (_last is null)
            _first = call;
        else
            _last.Next = call;
        _last = call;
        Waiting++;
        if (call.AlwaysInterleaves || call.IsReadOnly)
            _interleavingWaiting++;
    }

    /// <summary>Takes the first that may run now. Calls keep their order, except that one that may interleave overtakes those that may not.</summary>
    /// <param name="leaving">The activation wants to go: only what a running call itself is waiting for is let in.</param>
    internal bool TryTake(bool reentrant, bool leaving, out GrainCall? call)
    {
        GrainCall? before = null;
        for (call = _first; call is not null; before = call, call = call.Next)
        {
            if (call.IsPointless || (MayRun(call, reentrant) && (!leaving || IsAwaitedHere(call))))
            {
                Unlink(call, before);
                Begin(call);
                return true;
            }
            // No call behind this one could run either, unless it interleaves.
            if (_interleavingWaiting == 0 && !reentrant)
                break;
        }
        call = null;
        return false;
    }

    internal void Ended(GrainCall call)
    {
        Running--;
        if (call.AlwaysInterleaves)
            return;
        if (call.IsReadOnly)
            _readOnlyRunning--;
        else
            _exclusiveRunning--;
    }

    /// <summary>Takes everything that waits, in order, linked by <see cref="GrainCall.Next"/>.</summary>
    internal GrainCall? TakeAll()
    {
        var first = _first;
        _first = _last = null;
        Waiting = _interleavingWaiting = 0;
        return first;
    }

    private readonly bool MayRun(GrainCall call, bool reentrant) =>
        reentrant || call.AlwaysInterleaves || (_exclusiveRunning == 0 && (_readOnlyRunning == 0 || call.IsReadOnly));

    private static bool IsAwaitedHere(GrainCall call)
    {
        for (var frame = call.Parent; frame is not null; frame = frame.Parent)
        {
            if (frame.RunsOn is { } activation && activation.GrainId == call.Target)
                return true;
        }
        return false;
    }

    private void Begin(GrainCall call)
    {
        Running++;
        if (call.AlwaysInterleaves)
            return;
        if (call.IsReadOnly)
            _readOnlyRunning++;
        else
            _exclusiveRunning++;
    }

    private void Unlink(GrainCall call, GrainCall? before)
    {
        if (before is null)
            _first = call.Next;
        else
            before.Next = call.Next;
        if (_last == call)
            _last = before;
        call.Next = null;
        Waiting--;
        if (call.AlwaysInterleaves || call.IsReadOnly)
            _interleavingWaiting--;
    }
}
