using System.Collections.Concurrent;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>Remembers what was read, so that a test can say what something costs.</summary>
internal sealed class CountingBlobStore(IBlobStore inner) : IBlobStore
{
    private readonly ConcurrentQueue<BlobName> _reads = new();

    /// <summary>How many reads were of objects with this in their name.</summary>
    public int Reads(string part) => _reads.Count(n => n.Value.Contains(part, StringComparison.Ordinal));

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation)
    {
        _reads.Enqueue(name);
        return inner.GetAsync(name, cancellation);
    }

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
    {
        _reads.Enqueue(name);
        return inner.GetRangeAsync(name, offset, length, cancellation);
    }

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => inner.PutIfAbsentAsync(name, bytes, cancellation);

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => inner.GetLengthAsync(name, cancellation);

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => inner.DeleteAsync(name, cancellation);
}
