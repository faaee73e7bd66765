using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>A store whose objects a test can look at, change and take away.</summary>
internal sealed class MemoryBlobStore : IBlobStore
{
    private readonly ConcurrentDictionary<BlobName, byte[]> _objects = new();

    public IReadOnlyDictionary<BlobName, byte[]> Objects => _objects;
    public long StoredBytes => _objects.Values.Sum(o => (long)o.Length);

    public void Replace(BlobName name, byte[] bytes) => _objects[name] = bytes;

    public void Remove(BlobName name) => _objects.TryRemove(name, out _);

    public MemoryBlobStore Copy()
    {
        var copy = new MemoryBlobStore();
        foreach (var (name, bytes) in _objects)
            copy._objects[name] = bytes;
        return copy;
    }

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        name.EnsureValid();
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(_objects.TryAdd(name, bytes.ToArray()));
    }

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) =>
        Task.FromResult(_objects.TryGetValue(name, out var bytes) ? bytes.AsMemory() : (ReadOnlyMemory<byte>?)null);

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (!_objects.TryGetValue(name, out var bytes))
            return Task.FromResult((ReadOnlyMemory<byte>?)null);
        var start = (int)Math.Min(offset, bytes.Length);
        return Task.FromResult<ReadOnlyMemory<byte>?>(bytes.AsMemory(start, Math.Min(length, bytes.Length - start)));
    }

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) =>
        Task.FromResult(_objects.TryGetValue(name, out var bytes) ? bytes.Length : (long?)null);

    public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        foreach (var name in _objects.Keys.Where(n => n.Value.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(n => n.Value, StringComparer.Ordinal))
            yield return name;
    }

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => Task.FromResult(_objects.TryRemove(name, out _));
}
