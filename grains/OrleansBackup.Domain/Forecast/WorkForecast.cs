namespace OrleansBackup.Domain.Forecast;

/// <summary>Says when a long piece of work will end, from how it has gone so far: each item costs time, and each of its bytes.</summary>
/// <remarks>
/// Two costs are fitted to what was seen and then scaled so that they explain the whole time that has passed, so pauses that the service
/// asks for and a slow hour are in them as they come. A mailbox of many small messages and a drive of few large files are told apart by the same two numbers.
/// Not safe for concurrent use.
/// </remarks>
public sealed class WorkForecast
{
    private readonly CostFit _fit = new();
    private (double Seconds, double Items, double Bytes) _last;

    /// <summary>How much is done after so much time; each observation tells the sums since the beginning. What goes backwards is left out.</summary>
    public void Observe(TimeSpan elapsed, long items, long bytes)
    {
        var (time, count, size) = (elapsed.TotalSeconds - _last.Seconds, items - _last.Items, Megabytes(bytes) - _last.Bytes);
        if (time <= 0 || count < 0 || size < 0 || count + size <= 0)
            return;
        _last = (elapsed.TotalSeconds, items, Megabytes(bytes));
        _fit.Add(count, size, time);
    }

    /// <summary>How long the rest takes; null: nothing can be said yet.</summary>
    /// <param name="items">Items in all; null: not known, and then the rest is taken to be like what was seen.</param>
    /// <param name="bytes">Bytes in all, or null in the same way; one of the two is known.</param>
    public TimeSpan? Left(long? items, long? bytes)
    {
        if (_last.Seconds <= 0 || _last.Items + _last.Bytes <= 0 || (items is null && bytes is null))
            return null;
        var itemsLeft = items is { } count ? Math.Max(0, count - _last.Items) : (double?)null;
        var bytesLeft = bytes is { } size ? Math.Max(0, Megabytes(size) - _last.Bytes) : (double?)null;
        bytesLeft ??= _last.Items > 0 ? itemsLeft!.Value * _last.Bytes / _last.Items : 0;
        itemsLeft ??= _last.Bytes > 0 ? bytesLeft.Value * _last.Items / _last.Bytes : 0;
        var (perItem, perByte) = _fit.Costs();
        var explained = (perItem * _last.Items) + (perByte * _last.Bytes);
        return TimeSpan.FromSeconds(((perItem * itemsLeft.Value) + (perByte * bytesLeft.Value)) * _last.Seconds / explained);
    }

    private static double Megabytes(long bytes) => bytes / 1e6;
}
