using System.Net;
using OrleansBackup.CloudStores.Transient;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.CloudStores.Azure;

/// <summary>What an answer that is no success means, in the vault's words.</summary>
/// <remarks>Source: Azure Storage REST, "Status and error codes" and "Blob service error codes".</remarks>
internal static class AzureFailure
{
    public static string? CodeOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-ms-error-code", out var codes) ? codes.First() : null;

    /// <param name="name">The object it was about; null: the container.</param>
    public static Exception Of(HttpResponseMessage response, string store, BlobName? name)
    {
        var code = CodeOf(response) ?? response.ReasonPhrase ?? "no error code";
        var what = $"{(int)response.StatusCode} {code}";
        return (response.StatusCode, code) switch
        {
            (_, "ContainerNotFound" or "ContainerBeingDeleted" or "ContainerDisabled") => new StoreMissingException(store),
            (_, "BlobImmutableDueToPolicy" or "BlobImmutableDueToLegalHold") when name is { } retained => new ObjectRetainedException(retained, null),
            (HttpStatusCode.InsufficientStorage, _) or (_, "AccountLimitExceeded" or "QuotaExceeded") => new StoreFullException(store),
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) => new StoreAccessRefusedException(store, what),
            (HttpStatusCode.TooManyRequests, _) or (_, "ServerBusy") =>
                new PassingFailureException(what, RetryAfterOf(response), e => new StoreThrottledException(store, e)),
            (>= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented or HttpStatusCode.RequestTimeout, _) =>
                new PassingFailureException(what, RetryAfterOf(response), e => new StoreUnavailableException(store, what, e)),
            _ => new StoreProtocolException(store, what),
        };
    }

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;
}
