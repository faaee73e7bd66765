namespace OrleansBackup.Grains.Budget;

/// <summary>Permits that fill up at a rate, and a rate that halves when the service complains and recovers by itself.</summary>
/// <remarks>Additive increase, multiplicative decrease, as congestion control does: many users of one limit settle on fair shares.</remarks>
internal sealed class TokenBucket
{
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromMinutes(5);

    private readonly double _fullRate;
    private double _permits;
    private DateTimeOffset _filledAt;

    public TokenBucket(double fullRate, DateTimeOffset now)
    {
        (_fullRate, _filledAt) = (fullRate, now);
        _permits = Rate = fullRate;
    }

    public double Rate { get; private set; }

    public DateTimeOffset? PausedUntil { get; private set; }

    public long GrantedTotal { get; private set; }

    public long ThrottlesTotal { get; private set; }

    /// <returns>Permits granted, at least one unless the wait is positive.</returns>
    public (int Permits, TimeSpan Wait) Take(int wanted, DateTimeOffset now)
    {
        if (PausedUntil is { } until && now < until)
            return (0, until - now);
        PausedUntil = null;
        Fill(now);
        if (_permits < 1)
            return (0, TimeSpan.FromSeconds((1 - _permits) / Rate));
        var granted = (int)Math.Min(wanted, Math.Floor(_permits));
        _permits -= granted;
        GrantedTotal += granted;
        return (granted, TimeSpan.Zero);
    }

    public void Throttle(TimeSpan pause, DateTimeOffset now)
    {
        Fill(now);
        ThrottlesTotal++;
        _permits = 0;
        Rate = Math.Max(_fullRate / 64, Rate / 2);
        var until = now + pause;
        if (PausedUntil is null || until > PausedUntil)
            PausedUntil = until;
    }

    private void Fill(DateTimeOffset now)
    {
        var passed = now - _filledAt;
        if (passed <= TimeSpan.Zero)
            return; // a clock set back fills nothing
        _filledAt = now;
        Rate = Math.Min(_fullRate, Rate + _fullRate * (passed / RecoveryTime));
        _permits = Math.Min(Math.Max(1, Rate), _permits + Rate * passed.TotalSeconds); // at most one second's worth lies ready, but always room for one
    }
}
