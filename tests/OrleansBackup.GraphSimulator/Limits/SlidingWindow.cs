namespace OrleansBackup.GraphSimulator.Limits;

/// <summary>How much was taken in the last window, in sixty slices.</summary>
internal sealed class SlidingWindow
{
    private const int Slices = 60;
    private readonly Lock _lock = new();
    private readonly long[] _taken = new long[Slices];
    private readonly long[] _slice = new long[Slices];

    /// <returns>Null when there was room; else how long until there is again. What is refused counts too.</returns>
    public TimeSpan? Take(DateTimeOffset now, long amount, long limit, TimeSpan window)
    {
        var width = Math.Max(1, window.Ticks / Slices);
        var current = now.UtcTicks / width;
        lock (_lock)
        {
            var used = 0L;
            var oldest = current;
            for (var i = 0; i < Slices; i++)
            {
                if (_slice[i] <= current - Slices || _taken[i] == 0)
                    continue;
                used += _taken[i];
                oldest = Math.Min(oldest, _slice[i]);
            }
            var at = (int)(current % Slices);
            if (_slice[at] != current)
                (_slice[at], _taken[at]) = (current, 0);
            _taken[at] += amount;
            return used + amount <= limit ? null : TimeSpan.FromTicks((oldest + Slices) * width - now.UtcTicks);
        }
    }

    /// <summary>What was taken in the window that ends now.</summary>
    public long Used(DateTimeOffset now, TimeSpan window)
    {
        var current = now.UtcTicks / Math.Max(1, window.Ticks / Slices);
        lock (_lock)
        {
            var used = 0L;
            for (var i = 0; i < Slices; i++)
                used += _slice[i] > current - Slices ? _taken[i] : 0;
            return used;
        }
    }
}
