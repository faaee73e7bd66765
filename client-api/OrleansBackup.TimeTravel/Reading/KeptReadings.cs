using Microsoft.Extensions.Options;

namespace OrleansBackup.TimeTravel.Reading;

/// <summary>What was read of restore points and may be asked for again: folders and lists, the least recently used forgotten first.</summary>
/// <remarks>A sealed point never changes, so nothing here is ever out of date. Who may see it is asked before, each time. What two ask for at once is read once.</remarks>
internal sealed class KeptReadings(IOptions<TimeTravelOptions> options)
{
    private sealed record Kept(Task<object> Reading, LinkedListNode<string> Place)
    {
        public int Entries { get; set; }
    }

    private readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _byUse = new();
    private readonly Lock _lock = new();
    private long _entries;

    /// <param name="read">Not ended with the first who asks: others may wait for it as well.</param>
    public async Task<T> GetAsync<T>(string name, Func<Task<T>> read, Func<T, int> entries, CancellationToken cancellation)
        where T : class
    {
        Kept kept;
        var isFirst = false;
        lock (_lock)
        {
            if (_kept.TryGetValue(name, out var known))
            {
                kept = known;
                _byUse.Remove(kept.Place);
                _byUse.AddFirst(kept.Place);
            }
            else
            {
                isFirst = true;
                kept = _kept[name] = new Kept(Task.Run(async () => (object)await read(), CancellationToken.None), _byUse.AddFirst(name));
            }
        }
        if (isFirst)
            _ = kept.Reading.ContinueWith(ended => Settle(name, kept, ended.IsCompletedSuccessfully ? entries((T)ended.Result) : null), TaskScheduler.Default);
        return (T)await kept.Reading.WaitAsync(cancellation);
    }

    /// <param name="entries">Null: it could not be read, and is tried again by the next who asks.</param>
    private void Settle(string name, Kept kept, int? entries)
    {
        lock (_lock)
        {
            if (!_kept.TryGetValue(name, out var present) || present != kept)
                return;
            if (entries is null)
            {
                Forget(name, kept);
                return;
            }
            _entries += kept.Entries = entries.Value + 1;
            while (_entries > options.Value.KeptEntries && _byUse.Last is { } oldest)
                Forget(oldest.Value, _kept[oldest.Value]);
        }
    }

    private void Forget(string name, Kept kept)
    {
        _entries -= kept.Entries;
        _byUse.Remove(kept.Place);
        _kept.Remove(name);
    }
}
