namespace Orleans.Runtime;

/// <summary>A caller that waits for an answer, as the watch over time-outs sees it.</summary>
internal interface IPendingAnswer
{
    IPendingAnswer? Earlier { get; set; }
    IPendingAnswer? Later { get; set; }
    PendingAnswers.Lane? Lane { get; set; }

    /// <summary>In timestamps of the silo's clock.</summary>
    long Deadline { get; set; }

    void TimeOut(TimeSpan after);

    /// <summary>The silo goes; no answer will come.</summary>
    void Abandon(Exception reason);
}

/// <summary>Every call that waits for its answer, so that none waits for ever.</summary>
/// <remarks>
/// Calls with one time-out fall due in the order in which they were made, so a linked list each, with one clock timer for its head,
/// replaces a timer per call. A list is split into lanes by thread to keep callers from queueing for one lock.
/// </remarks>
internal sealed class PendingAnswers(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private Lane[][] _lanes = [];
    private volatile Exception? _closed;

    internal void Add(IPendingAnswer answer, TimeSpan timeout)
    {
        var lanes = _lanes;
        foreach (var family in lanes)
        {
            if (family[0].Timeout == timeout)
            {
                AddTo(family, answer);
                return;
            }
        }
        AddTo(NewFamily(timeout), answer);
    }

    internal static void Remove(IPendingAnswer answer) => answer.Lane?.Remove(answer);

    /// <summary>Fails everything that waits and whatever comes later.</summary>
    internal void Close(Exception reason)
    {
        _closed = reason;
        foreach (var lane in _lanes.SelectMany(family => family))
            lane.FailAll(reason);
    }

    public void Dispose()
    {
        foreach (var lane in _lanes.SelectMany(family => family))
            lane.Dispose();
    }

    private void AddTo(Lane[] family, IPendingAnswer answer)
    {
        if (_closed is { } reason)
            throw reason;
        family[Environment.CurrentManagedThreadId % family.Length].Add(answer);
    }

    private Lane[] NewFamily(TimeSpan timeout)
    {
        lock (_gate)
        {
            if (Array.Find(_lanes, family => family[0].Timeout == timeout) is { } existing)
                return existing;
            var family = new Lane[Math.Clamp(Environment.ProcessorCount, 1, 16)];
            for (var i = 0; i < family.Length; i++)
                family[i] = new Lane(time, timeout);
            _lanes = [.. _lanes, family];
            return family;
        }
    }

    /// <summary>One list of calls with the same time-out, oldest first.</summary>
    internal sealed class Lane : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly TimeProvider _time;
        private readonly long _span;
        private readonly ITimer _clock;
        private IPendingAnswer? _oldest;
        private IPendingAnswer? _newest;
        private bool _armed;

        internal Lane(TimeProvider time, TimeSpan timeout)
        {
            _time = time;
            Timeout = timeout;
            _span = (long)(timeout.TotalSeconds * time.TimestampFrequency);
            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            {
                _clock = time.CreateTimer(static lane => ((Lane)lane!).Sweep(), this,
                    System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
            }
        }

        internal TimeSpan Timeout { get; }

        internal void Add(IPendingAnswer answer)
        {
            answer.Deadline = _span < 0 ? long.MaxValue : _time.GetTimestamp() + _span;
            answer.Lane = this;
            lock (_gate)
            {
                answer.Earlier = _newest;
                if (_newest is null)
                    _oldest = answer;
                else
                    _newest.Later = answer;
                _newest = answer;
                if (_armed || _span < 0)
                    return;
                _armed = true;
            }
            _clock.Change(Timeout, System.Threading.Timeout.InfiniteTimeSpan);
        }

        internal void Remove(IPendingAnswer answer)
        {
            lock (_gate)
                Unlink(answer);
        }

        internal void FailAll(Exception reason)
        {
            while (TakeOldest(long.MaxValue) is { } answer)
                answer.Abandon(reason);
        }

        public void Dispose() => _clock.Dispose();

        private void Sweep()
        {
            while (TakeOldest(_time.GetTimestamp()) is { } answer)
                answer.TimeOut(Timeout);
            TimeSpan untilNext;
            lock (_gate)
            {
                if (_oldest is null)
                {
                    _armed = false;
                    return;
                }
                untilNext = TimeSpan.FromSeconds((double)(_oldest.Deadline - _time.GetTimestamp()) / _time.TimestampFrequency);
            }
            // Never less than a millisecond, or rounding would make the clock fire in a circle just before the deadline.
            _clock.Change(untilNext < OneMillisecond ? OneMillisecond : untilNext, System.Threading.Timeout.InfiniteTimeSpan);
        }

        private static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);

        private IPendingAnswer? TakeOldest(long dueBefore)
        {
            lock (_gate)
            {
                if (_oldest is not { } oldest || oldest.Deadline > dueBefore)
                    return null;
                Unlink(oldest);
                return oldest;
            }
        }

        private void Unlink(IPendingAnswer answer)
        {
            if (answer.Earlier is null && _oldest != answer)
                return; // out already
            if (answer.Earlier is { } earlier)
                earlier.Later = answer.Later;
            else
                _oldest = answer.Later;
            if (answer.Later is { } later)
                later.Earlier = answer.Earlier;
            else
                _newest = answer.Earlier;
            answer.Earlier = answer.Later = null;
        }
    }
}
