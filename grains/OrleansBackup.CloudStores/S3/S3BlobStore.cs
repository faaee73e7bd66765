using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using OrleansBackup.CloudStores.Transient;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.CloudStores.S3;

/// <summary>Keeps objects in one bucket of Amazon S3 or a service that speaks its protocol and knows conditional writes.</summary>
/// <remarks>
/// S3 confirms a put when it is durable. Uploads are signed with the hash of their bytes and carry their MD5, so that damage on the way is
/// refused. A put whose answer was lost is sent again; a mark of its own in the object's metadata tells then whether the object is this call's.
/// <para>The service must honour <c>If-None-Match: *</c>: without it two writers could both win. <see cref="CheckAsync"/> finds out.</para>
/// </remarks>
public sealed partial class S3BlobStore : IRetainingBlobStore, IDisposable
{
    private const string WriterKey = "x-amz-meta-putby";

    private readonly AmazonS3Client _client;
    private readonly S3BlobOptions _options;
    private readonly Retrying _retrying;
    private readonly string _store;

    public S3BlobStore(S3BlobOptions options, AWSCredentials credentials, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(credentials);
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            MaxErrorRetry = 0, // ours, so that a repeated put knows that it is one
            Timeout = options.Retry.AttemptTimeout,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { } endpoint)
            (config.ServiceURL, config.AuthenticationRegion) = (endpoint.AbsoluteUri, options.Region);
        else
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        (_client, _options, _retrying) = (new(credentials, config), options, new(options.Retry, time));
        _store = options.Endpoint is null ? $"s3://{options.Bucket} ({options.Region})" : $"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/{options.Bucket}";
    }

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => PutAsync(name, bytes, null, cancellation);

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) => GetAsync(name, null, cancellation);

    public async Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > 0)
            return await GetAsync(name, new ByteRange(offset, offset + length - 1), cancellation);
        return await GetLengthAsync(name, cancellation) is null ? (ReadOnlyMemory<byte>?)null : ReadOnlyMemory<byte>.Empty;
    }

    public async Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) => (await HeadAsync(name, cancellation))?.ContentLength;

    public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync(prefix, null, cancellation))
            foreach (var found in page.S3Objects ?? [])
                yield return new(found.Key);
    }

    public async IAsyncEnumerable<string> ListPartsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync(prefix, "/", cancellation))
            foreach (var part in page.CommonPrefixes ?? [])
                yield return part[prefix.Length..].TrimEnd('/');
    }

    public async Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation)
    {
        if (await HeadAsync(name, cancellation) is not { } present)
            return false;
        // By its version: a delete without one is never refused in a bucket with versions, and only hides an object that goes on taking space.
        var request = new DeleteObjectRequest { BucketName = _options.Bucket, Key = name.Value, VersionId = present.VersionId is { Length: > 0 } version ? version : null };
        try { await SendAsync(name, (_, token) => _client.DeleteObjectAsync(request, token), cancellation); }
        catch (StoreAccessRefusedException e)
        {
            // S3 says "access denied" for both; an object under retention is the likelier reason.
            if (RetentionOf(present).Until is { } until)
                throw new ObjectRetainedException(name, until, e);
            throw;
        }
        return true;
    }

    /// <summary>Asks S3 in which region the bucket is.</summary>
    public Task<string?> ReportRegionAsync(CancellationToken cancellation) => SendAsync<string?>(null, async (_, token) =>
    {
        var location = (await _client.GetBucketLocationAsync(new GetBucketLocationRequest { BucketName = _options.Bucket }, token)).Location?.Value;
        return location switch
        {
            null or "" => "us-east-1", // S3 has no name for its first region in this answer
            "EU" => "eu-west-1",
            _ => location,
        };
    }, cancellation);

    public void Dispose() => _client.Dispose();

    private async Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> bytes, DateTimeOffset? retainUntil, CancellationToken cancellation)
    {
        name.EnsureValid();
        var writer = Guid.NewGuid().ToString("N");
        return await CreateAsync(name, writer, async token =>
        {
            using var body = ReadingStream.Of(bytes);
            var request = new PutObjectRequest
            {
                BucketName = _options.Bucket, Key = name.Value, InputStream = body, AutoCloseStream = false, IfNoneMatch = "*", UseChunkEncoding = false, MD5Digest = Md5(bytes.Span),
            };
            request.Metadata.Add(WriterKey, writer);
            if (retainUntil is { } until)
                (request.ObjectLockMode, request.ObjectLockRetainUntilDate) = (_options.LockRetention ? ObjectLockMode.Compliance : ObjectLockMode.Governance, until.UtcDateTime);
            await _client.PutObjectAsync(request, token);
        }, cancellation);
    }

    /// <summary>Runs a request that makes the object unless its name is taken.</summary>
    private async Task<bool> CreateAsync(BlobName name, string writer, Func<CancellationToken, Task> create, CancellationToken cancellation)
    {
        var created = await SendAsync(name, async (_, token) =>
        {
            try
            {
                await create(token);
                return true;
            }
            catch (AmazonS3Exception e) when (S3Failure.IsTaken(e)) { return false; }
            catch (AmazonS3Exception e) when (S3Failure.IsContested(e))
            {
                throw new PassingFailureException(e.ErrorCode, null, last => new StoreUnavailableException(_store, e.ErrorCode, last), e);
            }
        }, cancellation);
        // The name may be taken by this very call: by an attempt whose answer was lost, here or in a layer below that tries again by itself.
        return created || (await HeadAsync(name, cancellation))?.Metadata[WriterKey] == writer;
    }

    private Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, ByteRange? range, CancellationToken cancellation)
    {
        name.EnsureValid();
        return SendAsync<ReadOnlyMemory<byte>?>(name, async (_, token) =>
        {
            try
            {
                using var answer = await _client.GetObjectAsync(new GetObjectRequest { BucketName = _options.Bucket, Key = name.Value, ByteRange = range }, token);
                var bytes = GC.AllocateUninitializedArray<byte>(checked((int)answer.ContentLength));
                await answer.ResponseStream.ReadExactlyAsync(bytes, token);
                return bytes;
            }
            catch (AmazonS3Exception e) when (S3Failure.IsAbsent(e)) { return (ReadOnlyMemory<byte>?)null; } // a bare null would become empty bytes
            catch (AmazonS3Exception e) when (e.StatusCode == System.Net.HttpStatusCode.RequestedRangeNotSatisfiable) { return ReadOnlyMemory<byte>.Empty; }
        }, cancellation);
    }

    private Task<GetObjectMetadataResponse?> HeadAsync(BlobName name, CancellationToken cancellation)
    {
        name.EnsureValid();
        return SendAsync<GetObjectMetadataResponse?>(name, async (_, token) =>
        {
            try { return await _client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _options.Bucket, Key = name.Value }, token); }
            catch (AmazonS3Exception e) when (S3Failure.IsAbsent(e))
            {
                await EnsureBucketAsync(token); // an answer to HEAD has no body that could say which of the two is missing
                return null;
            }
        }, cancellation);
    }

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(string prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (prefix.Length > 0)
            new BlobName(prefix.TrimEnd('/')).EnsureValid();
        for (string? next = null; ;)
        {
            var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = prefix, Delimiter = delimiter, ContinuationToken = next, MaxKeys = _options.ListPage };
            var page = await SendAsync(null, (_, token) => _client.ListObjectsV2Async(request, token), cancellation);
            yield return page;
            if (page.IsTruncated != true)
                yield break;
            next = page.NextContinuationToken;
        }
    }

    private async Task<T> SendAsync<T>(BlobName? name, Func<int, CancellationToken, Task<T>> attempt, CancellationToken cancellation) => await _retrying.RunAsync(
        async (number, token) =>
        {
            try { return await attempt(number, token); }
            catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
            {
                throw S3Failure.Of(e, _store, name);
            }
        },
        last => new StoreUnavailableException(_store, "it does not answer in time", last), cancellation);

    private static string Md5(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(TransferChecksum.Of(bytes));
}
