using System.Globalization;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tenants;

/// <summary>A store that tells how much was written to it and read back, for whoever watches a copy. Everything behind it is the real one.</summary>
internal sealed class CopyProgress(IBlobStore inner, Action<string> tell) : IBlobStore
{
    private long _objects, _bytes, _compared;

    public async Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        Written(await inner.PutIfAbsentAsync(name, bytes, cancellation), bytes.Length);

    public async Task<bool> PutIfAbsentAsync(BlobName name, Stream content, long length, CancellationToken cancellation) =>
        Written(await inner.PutIfAbsentAsync(name, content, length, cancellation), length);

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) => inner.GetAsync(name, cancellation);

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation) => inner.GetRangeAsync(name, offset, length, cancellation);

    public Task<Stream?> OpenReadAsync(BlobName name, CancellationToken cancellation)
    {
        tell(string.Create(CultureInfo.InvariantCulture, $"Comparing every byte: {++_compared} objects"));
        return inner.OpenReadAsync(name, cancellation);
    }

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => inner.GetLengthAsync(name, cancellation);

    public Task<string?> ReportRegionAsync(CancellationToken cancellation) => inner.ReportRegionAsync(cancellation);

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

    public IAsyncEnumerable<string> ListPartsAsync(string prefix, CancellationToken cancellation) => inner.ListPartsAsync(prefix, cancellation);

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => inner.DeleteAsync(name, cancellation);

    private bool Written(bool created, long length)
    {
        (_objects, _bytes) = (_objects + 1, _bytes + length);
        tell(string.Create(CultureInfo.InvariantCulture, $"Copying: {_objects} objects, {_bytes} bytes"));
        return created;
    }
}
