using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using OrleansBackup.GrainInterfaces;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>Every error that the API gives, one factory each, so that the list of them is this file.</summary>
/// <remarks>
/// Form: RFC 9457. <c>type</c> is contract and never changes once used; <c>detail</c> says what to do; <c>field</c> names the part of the
/// request that is wrong, written as in the JSON body (<c>settings.retention</c>) or as the parameter is called.
/// </remarks>
public static class Problem
{
    private const string TypeBase = "https://orleansbackup.dev/problems/";

    public static ProblemDetails SignInRequired() => Of(StatusCodes.Status401Unauthorized, "sign-in-required", "Sign-in required",
        "Send an API key of this server in the header 'Authorization: Bearer <key>' or 'X-Api-Key: <key>'.");

    public static ProblemDetails NotAllowed(string detail) => Of(StatusCodes.Status403Forbidden, "not-allowed", "Not allowed", detail);

    public static ProblemDetails NoSuchAddress(string method, string path) => Of(StatusCodes.Status404NotFound, "no-such-address", "No such address",
        $"Nothing answers {method} {path}. The addresses of this API are listed in /openapi/v1.json and shown at /docs.");

    public static ProblemDetails MethodNotAllowed(string method, string path) => Of(StatusCodes.Status405MethodNotAllowed, "method-not-allowed",
        "Method not allowed", $"{path} does not take {method}; the header 'Allow' lists what it takes.");

    public static ProblemDetails UnsupportedContentType() => Of(StatusCodes.Status415UnsupportedMediaType, "unsupported-content-type",
        "Unsupported content type", "Send the body as 'Content-Type: application/json'.");

    public static ProblemDetails BodyTooLarge() => Of(StatusCodes.Status413PayloadTooLarge, "body-too-large", "Body too large",
        "The body is larger than this server takes; split the request.");

    public static ProblemDetails NotFound(string detail) => Of(StatusCodes.Status404NotFound, "not-found", "Not found", detail);

    public static ProblemDetails NoSuchPoint(string address) => NotFound(
        $"The resource has no restore point '{address}': it expired or never was. List its points to see what can be put back.");

    public static ProblemDetails NoSuchFolder(string folderId) => NotFound(
        $"The restore point has no folder '{folderId}'. List the folders of the point to see what it holds.");

    public static ProblemDetails NoSuchAttachment(string index) => NotFound(
        $"The item has no attachment {index}: they are counted from 0, in the order in which the item lists them.");

    public static ProblemDetails NoSuchPlan(string plan) => NotFound($"No plan '{plan}' is sold. List the plans to see those that are.");

    public static ProblemDetails NoSuchRun(string run) => NotFound($"The resource has no run '{run}'. List its runs to see those that are kept.");

    public static ProblemDetails ClockNotAdjustable() => NotFound(
        "The clock of this server is the machine's. Only a server for demonstration or tests, started with Clock:Adjustable=true, can shift it.");

    public static ProblemDetails InvalidField(string field, string detail) => Of(StatusCodes.Status400BadRequest, "invalid-request", "Invalid request", detail, field);

    public static ProblemDetails FieldMissing(string field) => InvalidField(field, $"'{field}' is missing or empty; it is required.");

    public static ProblemDetails MalformedJson(string field, string detail) => Of(StatusCodes.Status400BadRequest, "malformed-json",
        "The body cannot be read", detail, field);

    public static ProblemDetails NotPossibleNow(string detail) => Of(StatusCodes.Status409Conflict, "not-possible-now", "Not possible now", detail);

    public static ProblemDetails TenantAccessRefused(string detail) => Of(StatusCodes.Status422UnprocessableEntity, "tenant-access-refused",
        "The tenant refused access", detail);

    public static ProblemDetails VaultUnavailable(string detail) => Of(StatusCodes.Status503ServiceUnavailable, "vault-unavailable",
        "The vault cannot serve", detail);

    public static ProblemDetails NotReady(string detail) => Of(StatusCodes.Status503ServiceUnavailable, "not-ready", "Not ready", detail);

    public static ProblemDetails TookTooLong() => Of(StatusCodes.Status504GatewayTimeout, "took-too-long", "Took too long",
        "The service did not answer in time. What was asked may still happen: look at the state before asking again.");

    public static ProblemDetails Unexpected() => Of(StatusCodes.Status500InternalServerError, "unexpected", "Unexpected error",
        "The server met an error that it does not know. Its log has the details under the traceId of this answer.");

    /// <summary>A status that the server gave without a body.</summary>
    public static ProblemDetails OfStatus(int status, string method, string path) => status switch
    {
        StatusCodes.Status401Unauthorized => SignInRequired(),
        StatusCodes.Status404NotFound => NoSuchAddress(method, path),
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed(method, path),
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge(),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedContentType(),
        < 500 => Of(status, "refused", "The request was refused", "The server could not take this request as it stands."),
        _ => Unexpected(),
    };

    /// <summary>What the service itself refused.</summary>
    public static ProblemDetails Of(ServiceException error) => error switch
    {
        NotFoundException => NotFound(error.Message),
        InvalidRequestException invalid => InvalidField(invalid.Field, invalid.Message),
        NotPossibleNowException => NotPossibleNow(error.Message),
        TenantAccessRefusedException => TenantAccessRefused(error.Message),
        VaultUnavailableException => VaultUnavailable(error.Message),
        _ => Unexpected(),
    };

    private static ProblemDetails Of(int status, string slug, string title, string detail, string? field = null)
    {
        var problem = new ProblemDetails { Type = TypeBase + slug, Title = title, Status = status, Detail = detail };
        if (field is not null)
            problem.Extensions["field"] = field;
        return problem;
    }
}
