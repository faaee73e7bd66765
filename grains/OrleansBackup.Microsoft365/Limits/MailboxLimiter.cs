namespace OrleansBackup.Microsoft365.Limits;

/// <summary>Keeps the traffic to one mailbox within what Microsoft grants an application there, and stops all of it when told to wait.</summary>
/// <remarks>
/// Callers pass in the order of their coming. The number at once narrows to half on a refusal, down to one, and widens by one after a
/// run of good answers: others may use the same mailbox, and slow calls are counted although they have ended for us.
/// </remarks>
internal sealed class MailboxLimiter(GraphClientOptions options, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turnstile = new(1, 1);
    private readonly SlidingWindow _requests = new(options.RequestsPerWindow, options.RequestWindow);
    private readonly SlidingWindow _uploads = new(options.UploadBytesPerWindow, options.UploadWindow);
    private TaskCompletionSource? _released;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;
    private int _granted = options.RequestsPerMailbox;
    private int _running;
    private int _waiting;
    private int _successes;

    /// <summary>Requests allowed at once just now.</summary>
    public int Granted
    {
        get { lock (_lock) return _granted; }
    }

    public bool IsIdle
    {
        get { lock (_lock) return _running == 0 && _waiting == 0; }
    }

    /// <summary>Waits for a place. The slot must be disposed when the answer, body included, has come.</summary>
    /// <exception cref="GraphTransientException">More callers wait already than the options allow.</exception>
    public async ValueTask<Slot> EnterAsync(int slots, int requests, long uploadBytes, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_waiting >= options.MaxWaitingPerMailbox)
            {
                throw new GraphTransientException("Too many requests wait for this mailbox already.", "TooManyWaiting", requestId: null, status: null);
            }

            _waiting++;
        }

        try
        {
            await _turnstile.WaitAsync(cancellation);
            try
            {
                while (true)
                {
                    TimeSpan wait;
                    Task? release = null;
                    lock (_lock)
                    {
                        var now = time.GetUtcNow();
                        wait = Longest(_pausedUntil - now, _requests.WaitFor(requests, now), uploadBytes == 0 ? TimeSpan.Zero : _uploads.WaitFor(uploadBytes, now));
                        var taken = Math.Min(slots, _granted);
                        if (wait <= TimeSpan.Zero && (_running == 0 || _running + taken <= _granted))
                        {
                            _running += taken;
                            _requests.Spend(requests, now);
                            if (uploadBytes > 0) _uploads.Spend(uploadBytes, now);
                            return new Slot(this, taken);
                        }

                        if (wait <= TimeSpan.Zero)
                        {
                            _released ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                            release = _released.Task;
                        }
                    }

                    if (release is not null) await release.WaitAsync(cancellation);
                    else await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellation); // timers cut to milliseconds; none would be left
                }
            }
            finally
            {
                _turnstile.Release();
            }
        }
        finally
        {
            lock (_lock) _waiting--;
        }
    }

    /// <summary>No request starts before this much time has passed; a pause never shortens an earlier one.</summary>
    public void Pause(TimeSpan wait)
    {
        lock (_lock)
        {
            var until = time.GetUtcNow() + wait;
            if (until > _pausedUntil) _pausedUntil = until;
        }
    }

    /// <summary>The service refused: fewer at once from now on. Refusals of one burst, that is during a pause, count once.</summary>
    public void Refused(TimeSpan wait)
    {
        lock (_lock)
        {
            if (_pausedUntil <= time.GetUtcNow()) _granted = Math.Max(1, _granted / 2);
            _successes = 0;
        }

        Pause(wait);
    }

    public void Dispose() => _turnstile.Dispose();

    private void Succeeded()
    {
        lock (_lock)
        {
            if (_granted == options.RequestsPerMailbox || ++_successes < options.SuccessesToWiden) return;
            _granted++;
            _successes = 0;
        }
    }

    private void Leave(int slots)
    {
        lock (_lock)
        {
            _running -= slots;
            _released?.TrySetResult();
            _released = null;
        }
    }

    private static TimeSpan Longest(TimeSpan a, TimeSpan b, TimeSpan c) => a > b ? (a > c ? a : c) : (b > c ? b : c);

    /// <summary>A place in the traffic; leaving it lets the next one in.</summary>
    public readonly struct Slot(MailboxLimiter limiter, int slots) : IDisposable
    {
        public void Succeeded() => limiter.Succeeded();

        public void Dispose() => limiter.Leave(slots);
    }
}
