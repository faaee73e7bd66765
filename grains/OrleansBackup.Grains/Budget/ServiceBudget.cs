using OrleansBackup.GrainInterfaces.Budget;

namespace OrleansBackup.Grains.Budget;

/// <summary>The permits of one service of Graph in one tenant. Work of a lower priority leaves some of what lies ready to that of a higher one.</summary>
/// <remarks>
/// No queue: who finds too few comes back later. Since backups never take the last fifth, a restore finds permits at once, and the rate is its own as long as it wants all of it;
/// rehearsals leave half, so they go on only while backups do not want everything. Kept in memory only: after a restart a full bucket is at worst that much too generous.
/// </remarks>
internal sealed class ServiceBudget
{
    private readonly TokenBucket _bucket;
    private readonly TokenBucket? _day;

    private ServiceBudget(TokenBucket bucket, TokenBucket? day) => (_bucket, _day) = (bucket, day);

    public double Rate => Math.Min(_bucket.Rate, _day?.Rate ?? double.MaxValue);

    public long GrantedTotal => _bucket.GrantedTotal;

    public long ThrottlesTotal => _bucket.ThrottlesTotal;

    public DateTimeOffset? PausedUntil => _bucket.PausedUntil;

    /// <summary>So many requests a second.</summary>
    public static ServiceBudget OfRate(double perSecond, DateTimeOffset now) => new(new TokenBucket(perSecond, now), null);

    /// <summary>So many resource units a minute, and so many in 24 hours: what lies ready and what flows in never exceed either within one window.</summary>
    public static ServiceBudget OfFiles(int licences, DateTimeOffset now)
    {
        const double ready = 0.25; // the share of a window's units that may lie ready; the rest is the rate
        var (minute, day) = FileLimits.Of(licences);
        return new(Window(minute, 60), Window(day, 86_400));

        TokenBucket Window(double units, double seconds) => new(units * (1 - ready) / seconds, now, seconds * ready / (1 - ready));
    }

    public (int Permits, TimeSpan Wait) Take(WorkPriority priority, int wanted, DateTimeOffset now)
    {
        var floor = priority switch { WorkPriority.Restore => 0, WorkPriority.Backup => 0.2, _ => 0.5 };
        var (granted, wait) = _bucket.Take(wanted, now, floor);
        if (granted == 0 || _day is null)
            return (granted, wait);
        var (ofDay, waitOfDay) = _day.Take(granted, now, floor);
        if (ofDay < granted)
            _bucket.GiveBack(granted - ofDay);
        return (ofDay, waitOfDay);
    }

    public void Throttle(TimeSpan pause, DateTimeOffset now) => _bucket.Throttle(pause, now);

    /// <summary>What flows in and what lies ready, window by window: none of them gives more than its own.</summary>
    public IEnumerable<(double PerSecond, double Ready)> Flows(DateTimeOffset now)
    {
        yield return (_bucket.FullRate, _bucket.Ready(now));
        if (_day is not null)
            yield return (_day.FullRate, _day.Ready(now));
    }
}
