namespace OrleansBackup.Microsoft365;

/// <summary>Anything the connector reports. The type says what happened and what to do; <see cref="IsTransient"/>, whether a later run may succeed as it is.</summary>
/// <remarks>Messages hold ids and codes only: never a secret, a token, an address with a token in it, or content.</remarks>
public abstract class GraphException(string message, string code, string? requestId, bool isTransient, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The service's own code, or one of ours where the service gave none.</summary>
    public string Code { get; } = code;

    /// <summary>Microsoft's id of the request, to give to their support.</summary>
    public string? RequestId { get; } = requestId;

    public bool IsTransient { get; } = isTransient;
}

/// <summary>A passing failure that outlasted our attempts: try again on the next tick.</summary>
public sealed class GraphTransientException(string message, string code, string? requestId, int? status, Exception? inner = null)
    : GraphException(message, code, requestId, isTransient: true, inner)
{
    /// <summary>HTTP status of the last attempt; null when no answer came.</summary>
    public int? Status { get; } = status;
}

/// <summary>The service kept refusing for longer than <see cref="GraphClientOptions.MaxThrottledTime"/>: leave it alone until the next tick.</summary>
public sealed class ThrottledTooLongException(string message, string code, string? requestId)
    : GraphException(message, code, requestId, isTransient: true);

/// <summary>The service refuses this request for good: our fault, or something this service does not do. Trying again changes nothing.</summary>
public sealed class GraphRefusedException(string message, string code, string? requestId, int status)
    : GraphException(message, code, requestId, isTransient: false)
{
    public int Status { get; } = status;
}

/// <summary>The mailbox is full: reading falls back by itself, writing must be reported.</summary>
public sealed class QuotaExceededException(string message, string code, string? requestId)
    : GraphException(message, code, requestId, isTransient: false);

/// <summary>A delta token died. Never leaves the connector: readers answer it with a full round.</summary>
internal sealed class DeltaTokenExpiredException(string message, string code, string? requestId, Uri? restart)
    : GraphException(message, code, requestId, isTransient: true)
{
    /// <summary>Where the service says a fresh enumeration starts.</summary>
    public Uri? Restart { get; } = restart;
}
