namespace OrleansBackup.Grains.Budget;

/// <summary>Permits that fill up at a rate, and a rate that halves when the service complains and recovers by itself.</summary>
/// <remarks>Additive increase, multiplicative decrease, as congestion control does: many users of one limit settle on fair shares.</remarks>
internal sealed class TokenBucket
{
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromMinutes(5);

    private readonly double _seconds;
    private double _permits;
    private DateTimeOffset _filledAt;

    /// <param name="seconds">So many seconds of the rate may lie ready.</param>
    public TokenBucket(double fullRate, DateTimeOffset now, double seconds = 1)
    {
        (FullRate, _seconds, _filledAt) = (fullRate, seconds, now);
        Rate = fullRate;
        _permits = Capacity;
    }

    public double Rate { get; private set; }

    /// <summary>The rate while the service does not complain.</summary>
    public double FullRate { get; }

    public DateTimeOffset? PausedUntil { get; private set; }

    public long GrantedTotal { get; private set; }

    public long ThrottlesTotal { get; private set; }

    private double Capacity => Math.Max(1, Rate * _seconds); // always room for one

    /// <param name="floor">The share of what may lie ready that is left for others.</param>
    /// <returns>Permits granted, at least one unless the wait is positive.</returns>
    public (int Permits, TimeSpan Wait) Take(int wanted, DateTimeOffset now, double floor = 0)
    {
        if (PausedUntil is { } until && now < until)
            return (0, until - now);
        PausedUntil = null;
        Fill(now);
        var left = Math.Min(Capacity - 1, Capacity * floor); // with room for few permits nobody is kept out for ever
        if (_permits - left < 1)
            return (0, TimeSpan.FromSeconds((1 + left - _permits) / Rate));
        var granted = (int)Math.Min(wanted, Math.Floor(_permits - left));
        _permits -= granted;
        GrantedTotal += granted;
        return (granted, TimeSpan.Zero);
    }

    /// <summary>Gives permits back that could not be used.</summary>
    public void GiveBack(int permits)
    {
        _permits = Math.Min(Capacity, _permits + permits);
        GrantedTotal -= permits;
    }

    /// <summary>Permits that lie ready.</summary>
    public double Ready(DateTimeOffset now)
    {
        Fill(now);
        return _permits;
    }

    public void Throttle(TimeSpan pause, DateTimeOffset now)
    {
        Fill(now);
        ThrottlesTotal++;
        _permits = 0;
        Rate = Math.Max(FullRate / 64, Rate / 2);
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
        Rate = Math.Min(FullRate, Rate + FullRate * (passed / RecoveryTime));
        _permits = Math.Min(Capacity, _permits + Rate * passed.TotalSeconds);
    }
}
