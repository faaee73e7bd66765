using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using OrleansBackup.GrainInterfaces;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>Every error that the API gives, one factory each. What its kind means stands in <see cref="ProblemCatalogue"/>.</summary>
/// <remarks>
/// Form: RFC 9457. <c>type</c> is contract and never changes once used; <c>detail</c> says what to do; <c>field</c> names the part of the
/// request that is wrong, written as in the JSON body (<c>settings.retention</c>) or as the parameter is called.
/// </remarks>
public static class Problem
{
    /// <summary>The member with the ETag of the present state; the header says it too.</summary>
    internal const string CurrentTag = "currentTag";

    public static ProblemDetails SignInRequired() => Of("sign-in-required", "Send an API key of this server in the header 'Authorization: Bearer <key>' or 'X-Api-Key: <key>'.");

    public static ProblemDetails NotAllowed(string detail) => Of("not-allowed", detail);

    public static ProblemDetails TooManyRequests(int seconds) => Of("too-many-requests",
        $"More was asked than one caller or address may ask, or sign-in failed too often. Ask again in {seconds} s, as the header 'Retry-After' says.");

    public static ProblemDetails SignInRefused(string why) => Of("sign-in-refused",
        $"Nobody was signed in: {why}. Begin again at /sign-in; if it stays so, an administrator has to give the account a role or name its address among a customer's contacts.");

    public static ProblemDetails SignInUnavailable() => Of("sign-in-unavailable", "The organisation's sign-in does not answer this server. API keys work meanwhile; ask again in a minute.");

    public static ProblemDetails NotFromThisSite() => Of("not-from-this-site",
        "A browser's session is taken from this server's own pages only: send the header 'X-Requested-With', or sign in with a key or token instead of a cookie.");

    public static ProblemDetails NoSuchAddress(string method, string path) => Of("no-such-address", $"Nothing answers {method} {path}. The addresses of this API are listed in /openapi/v1.json and shown at /docs.");

    public static ProblemDetails MethodNotAllowed(string method, string path) => Of("method-not-allowed", $"{path} does not take {method}; the header 'Allow' lists what it takes.");

    public static ProblemDetails UnsupportedContentType() => Of("unsupported-content-type", "Send the body as 'Content-Type: application/json'.");

    public static ProblemDetails BodyTooLarge() => Of("body-too-large", "The body is larger than this server takes; split the request.");

    public static ProblemDetails RequestTooSlow() => Of("request-too-slow", "The body came in more slowly than this server waits for; send it again over a better connection.");

    /// <param name="status">What the server said before anything of the API was asked.</param>
    public static ProblemDetails Refused(int status)
    {
        var problem = Of("refused", "The server cannot take this request as it stands: look for characters in the address or a header that may not stand there.");
        problem.Status = status;
        return problem;
    }

    /// <param name="currentTag">The ETag of the present state; null: there is no such thing now.</param>
    public static ProblemDetails ChangedMeanwhile(string? currentTag)
    {
        var problem = Of("changed-meanwhile", "This was changed since you read it, and nothing was changed now. Read it again, and send your change with the ETag that it then has.");
        if (currentTag is not null)
            problem.Extensions[CurrentTag] = currentTag;
        return problem;
    }

    public static ProblemDetails IdempotencyKeyReused() => Of("idempotency-key-reused",
        "This Idempotency-Key was sent with another request in the last 24 hours. Make a new key for a new request.", "Idempotency-Key");

    public static ProblemDetails IdempotentRequestUnsettled() => Of("idempotent-request-unsettled",
        "A request with this Idempotency-Key is still under way, or broke off without it being certain whether it happened. Ask again in a moment; if this stays, look whether it happened.", "Idempotency-Key");

    public static ProblemDetails AnswerNotKept() => Of("answer-not-kept",
        "The request with this Idempotency-Key was carried out, but its answer is not shown again: it held a secret, or was too large. Look in the list at what was made.", "Idempotency-Key");

    public static ProblemDetails TooManyIdempotencyKeys() => Of("too-many-idempotency-keys",
        "More requests with an Idempotency-Key came in 24 hours than this server remembers; nothing was done. Wait, or send the request without the header.", "Idempotency-Key");

    public static ProblemDetails NotFound(string detail) => Of("not-found", detail);

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

    public static ProblemDetails InvalidField(string field, string detail) => Of("invalid-request", detail, field);

    public static ProblemDetails FieldMissing(string field) => InvalidField(field, $"'{field}' is missing or empty; it is required.");

    public static ProblemDetails MalformedJson(string field, string detail) => Of("malformed-json", detail, field);

    public static ProblemDetails NotPossibleNow(string detail) => Of("not-possible-now", detail);

    public static ProblemDetails TenantAccessRefused(string detail) => Of("tenant-access-refused", detail);

    public static ProblemDetails VaultUnavailable(string detail) => Of("vault-unavailable", detail);

    public static ProblemDetails NotReady(string detail) => Of("not-ready", detail);

    public static ProblemDetails TookTooLong() => Of("took-too-long", "The service did not answer in time. What was asked may still happen: look at the state before asking again.");

    public static ProblemDetails Unexpected() => Of("unexpected", "The server met an error that it does not know. Its log has the details under the traceId of this answer.");

    /// <summary>A status that the server gave without a body.</summary>
    public static ProblemDetails OfStatus(int status, string method, string path) => status switch
    {
        StatusCodes.Status401Unauthorized => SignInRequired(),
        StatusCodes.Status404NotFound => NoSuchAddress(method, path),
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed(method, path),
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge(),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedContentType(),
        StatusCodes.Status408RequestTimeout => RequestTooSlow(),
        < 500 => Refused(status),
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

    private static ProblemDetails Of(string slug, string detail, string? field = null)
    {
        var type = ProblemCatalogue.Find(slug) ?? throw new InvalidOperationException($"The catalogue of problems lacks '{slug}'.");
        var problem = new ProblemDetails { Type = type.Uri, Title = type.Title.En, Status = type.Status, Detail = detail };
        if (field is not null)
            problem.Extensions["field"] = field;
        return problem;
    }
}
