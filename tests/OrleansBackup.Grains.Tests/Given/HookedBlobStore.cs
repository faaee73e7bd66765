using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>A store with which a test does something before or after a call. Everything behind it is the real one.</summary>
internal sealed class HookedBlobStore(IBlobStore inner) : IBlobStore
{
    public Func<BlobName, Task>? BeforePut { get; set; }

    public Func<BlobName, Task>? AfterPut { get; set; }

    public Func<BlobName, Task>? BeforeGet { get; set; }

    public Func<BlobName, Task>? BeforeGetRange { get; set; }

    public Func<BlobName, Task>? BeforeGetLength { get; set; }

    public static bool IsSegment(BlobName name) => name.Value.Contains("/log/", StringComparison.Ordinal);

    public async Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await (BeforePut?.Invoke(name) ?? Task.CompletedTask);
        var created = await inner.PutIfAbsentAsync(name, bytes, cancellation);
        await (AfterPut?.Invoke(name) ?? Task.CompletedTask);
        return created;
    }

    public async Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation)
    {
        await (BeforeGet?.Invoke(name) ?? Task.CompletedTask);
        return await inner.GetAsync(name, cancellation);
    }

    public async Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
    {
        await (BeforeGetRange?.Invoke(name) ?? Task.CompletedTask);
        return await inner.GetRangeAsync(name, offset, length, cancellation);
    }

    public async Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation)
    {
        await (BeforeGetLength?.Invoke(name) ?? Task.CompletedTask);
        return await inner.GetLengthAsync(name, cancellation);
    }

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

    public IAsyncEnumerable<string> ListPartsAsync(string prefix, CancellationToken cancellation) => inner.ListPartsAsync(prefix, cancellation);

    public Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation) => inner.DeleteAsync(name, cancellation);
}
