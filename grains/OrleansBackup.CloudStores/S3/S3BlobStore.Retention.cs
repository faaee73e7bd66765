using Amazon.S3;
using Amazon.S3.Model;
using OrleansBackup.CloudStores.Transient;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.CloudStores.S3;

/// <summary>Retention by object lock, which the bucket has to be made with; and a check that the service keeps what the vault builds on.</summary>
public sealed partial class S3BlobStore
{
    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, DateTimeOffset retainUntil, CancellationToken cancellation) =>
        PutAsync(name, bytes, ObjectRetention.RoundUp(retainUntil), cancellation);

    public async Task<ObjectRetention?> GetRetentionAsync(BlobName name, CancellationToken cancellation) =>
        await HeadAsync(name, cancellation) is { } present ? RetentionOf(present) : null;

    public async Task<bool> ExtendRetentionAsync(BlobName name, DateTimeOffset retainUntil, CancellationToken cancellation)
    {
        var until = ObjectRetention.RoundUp(retainUntil);
        if (await HeadAsync(name, cancellation) is not { } present)
            return false;
        if (RetentionOf(present).Covers(until))
            return true;
        var request = new PutObjectRetentionRequest
        {
            BucketName = _options.Bucket, Key = name.Value, VersionId = present.VersionId is { Length: > 0 } version ? version : null,
            Retention = new() { Mode = _options.LockRetention ? ObjectLockRetentionMode.Compliance : ObjectLockRetentionMode.Governance, RetainUntilDate = until.UtcDateTime },
        };
        await SendAsync(name, (_, token) => _client.PutObjectRetentionAsync(request, token), cancellation);
        return true;
    }

    /// <summary>Finds out whether the service honours conditional writes, by writing one small object twice and removing it.</summary>
    /// <exception cref="StoreProtocolException">It wrote twice: no vault may be kept there.</exception>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        var name = new BlobName($"check/{Guid.NewGuid():N}");
        await PutIfAbsentAsync(name, "first"u8.ToArray(), cancellation);
        var twice = await PutIfAbsentAsync(name, "second"u8.ToArray(), cancellation);
        await DeleteAsync(name, cancellation);
        if (twice)
            throw new StoreProtocolException(_store, "it ignores If-None-Match, so two writers of one name could both believe that they won; use another service");
    }

    private async Task EnsureBucketAsync(CancellationToken cancellation) => await _client.ListObjectsV2Async(
        new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = "-", MaxKeys = 1 }, cancellation);

    private static ObjectRetention RetentionOf(GetObjectMetadataResponse present)
    {
        if (present.ObjectLockLegalHoldStatus == ObjectLockLegalHoldStatus.On)
            return new(DateTimeOffset.MaxValue, RetentionStrength.ByStoreUnlessLifted);
        if (present.ObjectLockMode is null || present.ObjectLockRetainUntilDate is not { } until)
            return ObjectRetention.None;
        return new(new DateTimeOffset(until.ToUniversalTime(), TimeSpan.Zero),
            present.ObjectLockMode == ObjectLockMode.Compliance ? RetentionStrength.ByStore : RetentionStrength.ByStoreUnlessLifted);
    }
}
