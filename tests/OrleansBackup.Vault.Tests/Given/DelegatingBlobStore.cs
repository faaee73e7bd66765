using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>A store that hands every call on; a test's decorator overrides what it changes.</summary>
internal abstract class DelegatingBlobStore(IBlobStore inner) : IBlobStore
{
    /// <summary>Before each call.</summary>
    protected virtual void Called() { }

    public virtual Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        Called();
        return inner.PutIfAbsentAsync(name, bytes, cancellation);
    }

    public virtual Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation)
    {
        Called();
        return inner.GetAsync(name, cancellation);
    }

    public virtual Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
    {
        Called();
        return inner.GetRangeAsync(name, offset, length, cancellation);
    }

    public virtual Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation)
    {
        Called();
        return inner.GetLengthAsync(name, cancellation);
    }

    public virtual IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation)
    {
        Called();
        return inner.ListAsync(prefix, cancellation);
    }

    public virtual Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation)
    {
        Called();
        return inner.DeleteAsync(name, cancellation);
    }
}
