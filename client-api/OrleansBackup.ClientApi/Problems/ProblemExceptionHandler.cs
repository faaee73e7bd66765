using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansBackup.GrainInterfaces;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>The one place where an exception becomes an answer: the type says which problem it is, anything unknown is logged and hidden.</summary>
internal sealed partial class ProblemExceptionHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
            return false; // nobody is left to answer
        await ProblemWriter.WriteAsync(httpContext, Report(exception, httpContext));
        return true;
    }

    /// <summary>Names the problem, and logs it if it is the server's. Also for errors that come after an answer has begun, as in a stream of events.</summary>
    public static ProblemDetails Report(Exception exception, HttpContext context)
    {
        var problem = Translate(exception);
        if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            var log = context.RequestServices.GetRequiredService<ILogger<ProblemExceptionHandler>>();
            LogFailed(log, context.Request.Method, EndpointOf(context)?.DisplayName ?? "no endpoint", ProblemWriter.TraceId(context), exception);
        }
        return problem;
    }

    /// <summary>Whether it is certain that what was asked did not happen: the request was refused before anything was done.</summary>
    public static bool DidNothing(Exception exception) =>
        exception is BadHttpRequestException or ProblemException { Problem.Status: < StatusCodes.Status500InternalServerError } or NotFoundException or InvalidRequestException or NotPossibleNowException;

    private static ProblemDetails Translate(Exception exception) => exception switch
    {
        ProblemException refused => refused.Problem,
        ServiceException refused => Problem.Of(refused),
        BadHttpRequestException bad => OfBadRequest(bad),
        TimeoutException => Problem.TookTooLong(),
        // A silo is gone and its grains are not yet at another, or the database is away: a moment later the same succeeds.
        OrleansException and not InconsistentStateException or DbException => Problem.NotReady("A part of the service is coming back from a failure. Ask again in a moment."),
        _ => Problem.Unexpected(),
    };

    private static ProblemDetails OfBadRequest(BadHttpRequestException bad) => bad switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problem.BodyTooLarge(),
        { StatusCode: StatusCodes.Status408RequestTimeout } => Problem.RequestTooSlow(),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Problem.UnsupportedContentType(),
        { InnerException: JsonException json } => Problem.MalformedJson(FieldOf(json), DetailOf(json)),
        _ => Problem.InvalidField("body", "The body is missing or cannot be read; see /docs for what it must hold."),
    };

    // "$.settings.scope.mode" is settings.scope.mode to the caller; an error of the whole text is the body's.
    private static string FieldOf(JsonException json) => json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "body";

    // Only texts of our own converters are meant for callers; the serializer's speak of types.
    private static string DetailOf(JsonException json) => json.Data.Contains(Json.ApiJson.MeantForCallers)
        ? json.Message
        : string.Create(CultureInfo.InvariantCulture,
            $"The JSON cannot be read at '{FieldOf(json)}', line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}: malformed, of the wrong type, or a name that is not known here.");

    // Once an error is being handled the request has lost its endpoint; the feature remembers it.
    private static Endpoint? EndpointOf(HttpContext context) => context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();

    [LoggerMessage(4001, LogLevel.Error, "{Method} {Endpoint} failed (trace {TraceId})")]
    private static partial void LogFailed(ILogger log, string method, string endpoint, string traceId, Exception exception);
}
