namespace OrleansBackup.Vault.Stores;

/// <summary>As <see cref="MeteredBlobStore"/>, for a store that can keep objects.</summary>
internal sealed class MeteredRetainingBlobStore(IRetainingBlobStore inner, TimeProvider time) : MeteredBlobStore(inner, time), IRetainingBlobStore
{
    public async Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, DateTimeOffset retainUntil, CancellationToken cancellation)
    {
        var created = await TimedAsync("put", () => inner.PutIfAbsentAsync(name, bytes, retainUntil, cancellation));
        VaultTelemetry.CountWritten(bytes.Length);
        return created;
    }

    public Task<ObjectRetention?> GetRetentionAsync(BlobName name, CancellationToken cancellation) =>
        TimedAsync("get_retention", () => inner.GetRetentionAsync(name, cancellation));

    public Task<bool> ExtendRetentionAsync(BlobName name, DateTimeOffset retainUntil, CancellationToken cancellation) =>
        TimedAsync("extend_retention", () => inner.ExtendRetentionAsync(name, retainUntil, cancellation));
}
