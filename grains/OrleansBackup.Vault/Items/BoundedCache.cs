namespace OrleansBackup.Vault.Items;

/// <summary>Keeps what was read last, up to a number of bytes. The stored objects never change, so nothing in it grows stale.</summary>
internal sealed class BoundedCache(long mostBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Object, int Part), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _bytes;

    private sealed record Entry((string, int) Key, object Value, long Bytes);

    public T? Find<T>(string name, int part) where T : class
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue((name, part), out var node))
                return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return (T)node.Value.Value;
        }
    }

    /// <param name="bytes">About what the value takes in memory.</param>
    public void Keep(string name, int part, object value, long bytes)
    {
        if (bytes > mostBytes)
            return;
        lock (_lock)
        {
            if (_entries.ContainsKey((name, part)))
                return;
            _entries[(name, part)] = _byUse.AddFirst(new Entry((name, part), value, bytes));
            _bytes += bytes;
            while (_bytes > mostBytes && _byUse.Last is { } oldest)
            {
                _byUse.RemoveLast();
                _entries.Remove(oldest.Value.Key);
                _bytes -= oldest.Value.Bytes;
            }
        }
    }
}
