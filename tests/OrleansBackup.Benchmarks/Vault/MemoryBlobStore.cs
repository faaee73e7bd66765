using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>Keeps objects in memory: what the vault costs without what the file system costs.</summary>
internal sealed class MemoryBlobStore : IBlobStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => Task.FromResult(_objects.TryAdd(name.Value, bytes.ToArray()));

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) =>
        Task.FromResult(_objects.TryGetValue(name.Value, out var bytes) ? (ReadOnlyMemory<byte>?)bytes : null);

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation) =>
        Task.FromResult(_objects.TryGetValue(name.Value, out var bytes) ? (ReadOnlyMemory<byte>?)bytes.AsMemory((int)offset, Math.Min(length, bytes.Length - (int)offset)) : null);

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) =>
        Task.FromResult(_objects.TryGetValue(name.Value, out var bytes) ? (long?)bytes.Length : null);

    public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask; // memory answers at once; the signature is the interface's
        foreach (var name in _objects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
            yield return new(name);
    }

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => Task.FromResult(_objects.TryRemove(name.Value, out _));
}
