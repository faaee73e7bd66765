using System.Net;
using System.Text.Json;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Http;

/// <summary>From a refusal of the server (RFC 9457) to the end of the command.</summary>
internal static class ProblemAnswer
{
    private const int MostRead = 1 << 20;

    public static async Task<CommandFailedException> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var problem = await BodyAsync(response, cancellation);
        if ((int)response.StatusCode is >= 300 and < 400)
            return new(ExitCode.WrongCall, $"The server sends elsewhere: {response.Headers.Location}.", "Give that address as --server if you trust it; the key is not sent along by itself.");
        return Of((int)response.StatusCode, problem, Path(response));
    }

    /// <param name="status">The HTTP status.</param>
    public static CommandFailedException Of(int status, JsonElement problem, string path)
    {
        var (title, detail, field) = (problem.Text("title"), problem.Text("detail"), problem.Text("field"));
        var message = (title, detail) switch
        {
            ("", "") => $"The server answered {status} to {path} and gave no reason.",
            (_, "") => title,
            _ => $"{title}: {detail}",
        };
        return new(CodeOf(status), field.Length > 0 && !message.Contains(field, StringComparison.Ordinal) ? $"{message} ({field})" : message, Cure(status, problem))
        {
            Reference = string.Join(", ", new[] { problem.Text("type").Split('/')[^1], problem.Text("traceId") is { Length: > 0 } trace ? $"trace {trace}" : "" }.Where(part => part.Length > 0)),
        };
    }

    /// <summary>The contract with scripts, by what the server said.</summary>
    public static ExitCode CodeOf(int status) => (HttpStatusCode)status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NotAllowed,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => ExitCode.NotFound,
        HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => ExitCode.Conflict,
        HttpStatusCode.UnprocessableEntity => ExitCode.Failed, // understood, and Microsoft 365 or a rule of the work refused it
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => ExitCode.Unreachable,
        >= HttpStatusCode.InternalServerError => ExitCode.Failed,
        _ => ExitCode.WrongCall,
    };

    private static string? Cure(int status, JsonElement problem) => problem.Text("cure") is { Length: > 0 } cure ? cure : (HttpStatusCode)status switch
    {
        HttpStatusCode.Unauthorized => "Sign in again with 'orleansbackup sign-in', with a key that the server knows and that has not expired.",
        HttpStatusCode.Forbidden => "Ask for a key whose role and tenants allow this.",
        HttpStatusCode.PreconditionFailed => "Somebody has changed it meanwhile: look at it again, and then repeat.",
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => "Try again later.",
        _ => null,
    };

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) != true || response.Content.Headers.ContentLength > MostRead)
            return default;
        try
        {
            await response.Content.LoadIntoBufferAsync(MostRead, cancellation);
            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation));
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or HttpRequestException)
        {
            return default; // the status alone says what there is to say
        }
    }

    private static string Path(HttpResponseMessage response) => response.RequestMessage?.RequestUri?.AbsolutePath ?? "";
}
