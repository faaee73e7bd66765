namespace OrleansBackup.ClientApi.Security.Limits;

/// <summary>Buckets that fill evenly, one for each of many names: whose bucket is empty waits. Bounded: names beyond the bound share one.</summary>
/// <remarks>Time only through the clock that is given, so that it can be tested. Safe for many callers at once.</remarks>
internal sealed class Allowance(int perMinute, int mostCounted, TimeProvider time)
{
    private readonly Lock _turn = new();
    private readonly Dictionary<string, (double Left, long At)> _buckets = [];

    /// <summary>Takes one. Null: there was one; otherwise how long until there is.</summary>
    public TimeSpan? Take(string name) => Look(name, take: true);

    /// <summary>The same without taking it.</summary>
    public TimeSpan? Peek(string name) => Look(name, take: false);

    private TimeSpan? Look(string name, bool take)
    {
        lock (_turn)
        {
            var now = time.GetTimestamp();
            if (!_buckets.ContainsKey(name) && _buckets.Count >= mostCounted)
            {
                // Full buckets say nothing: whoever comes back gets a full one.
                foreach (var (idle, _) in _buckets.Where(bucket => Filled(bucket.Value, now) >= perMinute).ToList())
                    _buckets.Remove(idle);
                if (_buckets.Count >= mostCounted)
                    name = "";
            }
            var left = _buckets.TryGetValue(name, out var bucket) ? Filled(bucket, now) : perMinute;
            if (left < 1)
                return TimeSpan.FromSeconds(Math.Ceiling((1 - left) * 60 / perMinute));
            if (take)
                _buckets[name] = (left - 1, now);
            return null;
        }
    }

    private double Filled((double Left, long At) bucket, long now) => Math.Min(perMinute, bucket.Left + (time.GetElapsedTime(bucket.At, now).TotalMinutes * perMinute));
}
