namespace OrleansBackup.GraphSimulator.Http;

/// <summary>A request that Graph refuses, with its status, code and message.</summary>
public sealed class GraphErrorException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string Code { get; } = code;

    /// <summary>Seconds of <c>Retry-After</c>; null sends none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>A <c>Location</c> header; null sends none.</summary>
    public string? Location { get; init; }
}

/// <summary>The refusals that occur in several places.</summary>
public static class GraphErrors
{
    public static GraphErrorException BadRequest(string message) => new(400, "BadRequest", message);
    public static GraphErrorException ItemNotFound() => new(404, "ErrorItemNotFound", "The specified object was not found in the store.");
    public static GraphErrorException MalformedId() => new(400, "ErrorInvalidIdMalformed", "Id is malformed.");
    public static GraphErrorException DirectoryNotFound(string id) =>
        new(404, "Request_ResourceNotFound", $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
    public static GraphErrorException UnknownProperty(string name, string type) => BadRequest($"Could not find a property named '{name}' on type '{type}'.");
    public static GraphErrorException NotSupported() => new(405, "ErrorInvalidRequest", "The OData request is not supported.");
    public static GraphErrorException InvalidToken(string message) => new(401, "InvalidAuthenticationToken", message);
}
