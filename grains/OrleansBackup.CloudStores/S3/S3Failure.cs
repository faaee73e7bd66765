using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using OrleansBackup.CloudStores.Transient;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.CloudStores.S3;

/// <summary>What an error of the S3 client means, in the vault's words.</summary>
/// <remarks>Source: Amazon S3 API reference, "Error responses"; MinIO, Ceph and others add codes for a full store.</remarks>
internal static class S3Failure
{
    public static bool IsAbsent(AmazonS3Exception error) =>
        error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode is "NoSuchKey" or "NotFound" or "NoSuchVersion" or "" or null;

    public static bool IsTaken(AmazonS3Exception error) => error.StatusCode == HttpStatusCode.PreconditionFailed;

    /// <summary>Another conditional write of the same name was under way; who won is not said.</summary>
    public static bool IsContested(AmazonS3Exception error) => error.StatusCode == HttpStatusCode.Conflict && error.ErrorCode is "ConditionalRequestConflict" or "OperationAborted";

    public static Exception Of(Exception error, string store, BlobName? name) => error switch
    {
        AmazonS3Exception s3 => Of(s3, store, name),
        AmazonServiceException or AmazonClientException or HttpRequestException or IOException => // no connection, a broken answer, bytes that changed on the way
            new PassingFailureException(error.Message, null, last => new StoreUnavailableException(store, error.Message, last), error),
        _ => new StoreProtocolException(store, error.Message, error),
    };

    private static Exception Of(AmazonS3Exception error, string store, BlobName? name)
    {
        var what = $"{(int)error.StatusCode} {error.ErrorCode}";
        return (error.StatusCode, error.ErrorCode) switch
        {
            (_, "NoSuchBucket") => new StoreMissingException(store, error),
            (HttpStatusCode.InsufficientStorage, _) or (_, "XMinioStorageFull" or "StorageFull" or "QuotaExceeded" or "InsufficientCapacity") => new StoreFullException(store, error),
            (_, "ObjectLocked" or "InvalidRetentionPeriod") when name is { } kept => new ObjectRetainedException(kept, null, error),
            (_, "RequestTimeTooSkewed") => new StoreAccessRefusedException(store, $"{what}: this machine's clock differs from the store's", error),
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) => new StoreAccessRefusedException(store, what, error),
            (HttpStatusCode.TooManyRequests, _) or (_, "SlowDown" or "ServiceUnavailable" or "RequestLimitExceeded" or "ThrottlingException") =>
                new PassingFailureException(what, null, last => new StoreThrottledException(store, last), error),
            ( >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented, _) or (HttpStatusCode.RequestTimeout, _) or (_, "RequestTimeout" or "BadDigest" or "IncompleteBody") =>
                new PassingFailureException(what, null, last => new StoreUnavailableException(store, what, last), error),
            _ => new StoreProtocolException(store, what, error),
        };
    }
}
