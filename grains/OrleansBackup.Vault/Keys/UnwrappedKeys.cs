using System.Security.Cryptography;

namespace OrleansBackup.Vault.Keys;

/// <summary>Unwraps data keys, and keeps for a while what it unwrapped, so that not each opening of a vault asks a key vault over the network.</summary>
/// <remarks>
/// What is kept belongs to the exact wrapped bytes, which are read from the store at each opening all the same. So a key whose wrapped copies are destroyed opens nothing
/// from that moment on, in any process of a cluster, and a rotated one is unwrapped anew, without anybody telling. Beyond that a key is zeroed here when its time is over,
/// when another takes its place, when its copies are found gone, and when this process destroys or rotates it.
/// </remarks>
internal sealed class UnwrappedKeys(IKeyEncryption keys, TimeSpan keepFor, int most, TimeProvider time) : IKeyEncryption
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _byWrapped = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> _oldestFirst = new();
    private long _forgotten;

    /// <summary>How many keys lie in memory now.</summary>
    public int Count
    {
        get { lock (_lock) return _byWrapped.Count; }
    }

    /// <summary>What lies in memory now; not copies. For tests that look whether it is zeroed.</summary>
    internal IReadOnlyList<byte[]> Peek()
    {
        lock (_lock)
            return [.. _oldestFirst.Select(kept => kept.DataKey)];
    }

    /// <returns>The caller's own copy, to be zeroed when it is no longer needed.</returns>
    public async Task<byte[]> UnwrapAsync(ReadOnlyMemory<byte> wrapped, string tenant, CancellationToken cancellation)
    {
        var name = $"{tenant}/{Convert.ToHexStringLower(SHA256.HashData(wrapped.Span))}";
        long before;
        lock (_lock)
        {
            if (_byWrapped.TryGetValue(name, out var kept))
                return [.. kept.Value.DataKey];
            before = _forgotten;
        }
        var dataKey = await keys.UnwrapAsync(wrapped, tenant, cancellation);
        if (keepFor > TimeSpan.Zero && most > 0)
            Keep(name, tenant, [.. dataKey], before);
        return dataKey;
    }

    public Task<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string tenant, CancellationToken cancellation) => keys.WrapAsync(dataKey, tenant, cancellation);

    public Task<string> IdentifyAsync(CancellationToken cancellation) => keys.IdentifyAsync(cancellation);

    /// <summary>Zeroes what is kept of a tenant, and keeps nothing that is being unwrapped in this moment.</summary>
    public void Forget(string tenant)
    {
        lock (_lock)
        {
            _forgotten++;
            foreach (var kept in _oldestFirst.Where(kept => kept.Tenant == tenant).ToList())
                LetGo(kept);
        }
    }

    private void Keep(string name, string tenant, byte[] dataKey, long before)
    {
        lock (_lock)
        {
            if (_forgotten != before || _byWrapped.ContainsKey(name))
            {
                CryptographicOperations.ZeroMemory(dataKey);
                return;
            }
            if (_byWrapped.Count >= most)
                LetGo(_oldestFirst.First!.Value);
            var kept = new Kept(name, tenant, dataKey);
            _byWrapped.Add(name, _oldestFirst.AddLast(kept));
            kept.End = time.CreateTimer(_ => Expire(kept), null, keepFor, Timeout.InfiniteTimeSpan); // also if nobody asks again
        }
    }

    private void Expire(Kept kept)
    {
        lock (_lock)
            LetGo(kept);
    }

    /// <summary>Call under the lock.</summary>
    private void LetGo(Kept kept)
    {
        kept.End?.Dispose();
        CryptographicOperations.ZeroMemory(kept.DataKey);
        if (_byWrapped.TryGetValue(kept.Name, out var place) && place.Value == kept)
        {
            _byWrapped.Remove(kept.Name);
            _oldestFirst.Remove(place);
        }
    }

    private sealed class Kept(string name, string tenant, byte[] dataKey)
    {
        public string Name => name;

        public string Tenant => tenant;

        public byte[] DataKey => dataKey;

        public ITimer? End { get; set; }
    }
}
