using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>A store whose disk is full, or does not answer, when a test says so. Everything behind it is the real one.</summary>
internal sealed class FullableBlobStore(IBlobStore inner) : IBlobStore
{
    public volatile bool IsFull;

    public volatile bool IsUnreadable;

    public int Refused;

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!IsFull)
            return inner.PutIfAbsentAsync(name, bytes, cancellation);
        Interlocked.Increment(ref Refused);
        throw new StoreFullException("test");
    }

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) =>
        IsUnreadable ? throw new IOException("test") : inner.GetAsync(name, cancellation);

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation) =>
        inner.GetRangeAsync(name, offset, length, cancellation);

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => inner.GetLengthAsync(name, cancellation);

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

    public IAsyncEnumerable<string> ListPartsAsync(string prefix, CancellationToken cancellation) => inner.ListPartsAsync(prefix, cancellation);

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => inner.DeleteAsync(name, cancellation);
}
