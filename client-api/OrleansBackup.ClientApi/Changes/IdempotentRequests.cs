using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Orleans;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.GrainInterfaces.Changes;

namespace OrleansBackup.ClientApi.Changes;

/// <summary>The answer of a route holds a secret that is shown once, so it is never kept.</summary>
internal sealed record AnswerHoldsSecret;

/// <summary>Idempotency-Key on every POST: the same key and request give the same answer for 24 hours, and what was asked is done once.</summary>
/// <remarks>
/// The key is noted before the request is carried out. A refusal (4xx) did nothing, so the key is free again. An error of the server, or a
/// process that died, leaves it unknown whether it happened: the key is then refused until it lapses, because doing it twice would be worse.
/// </remarks>
internal sealed class IdempotentRequests(RequestDelegate next)
{
    public const string HeaderName = "Idempotency-Key";
    public const int LongestKey = 200;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.GetEndpoint() is not RouteEndpoint endpoint || !context.Request.Headers.TryGetValue(HeaderName, out var given)
            || context.User.Identity is not { IsAuthenticated: true })
        {
            await next(context);
            return;
        }
        var (key, hash) = (Key(given), await HashAsync(context.Request, context.RequestAborted));
        var (book, name) = (context.RequestServices.GetRequiredService<IGrainFactory>().KeptAnswers(context.User.Identity.Name ?? "", key), KeptAnswers.NameOf(key));
        var standing = await book.Begin(name, hash, context.RequestAborted);
        switch (standing.State)
        {
            case KeptAnswerState.Begun:
                await AnswerAsync(context, book, name, endpoint.Metadata.GetMetadata<AnswerHoldsSecret>() is null);
                break;
            case KeptAnswerState.Answered when standing.Answer is { Body: not null } answer:
                await GiveAgainAsync(context.Response, answer, context.RequestAborted);
                break;
            default:
                throw new ProblemException(standing.State switch
                {
                    KeptAnswerState.Answered => Problem.AnswerNotKept(),
                    KeptAnswerState.OtherRequest => Problem.IdempotencyKeyReused(),
                    KeptAnswerState.Full => Problem.TooManyIdempotencyKeys(),
                    _ => Problem.IdempotentRequestUnsettled(),
                });
        }
    }

    private async Task AnswerAsync(HttpContext context, IKeptAnswersGrain book, string name, bool keepBody)
    {
        var (response, body) = (context.Response.Body, new MemoryStream());
        context.Response.Body = body;
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            context.Response.Body = response;
            if (ProblemExceptionHandler.DidNothing(exception))
                await book.Abandon(name, CancellationToken.None); // also when the caller has gone
            throw;
        }
        context.Response.Body = response;
        if (context.Response.StatusCode is >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError)
            await book.Abandon(name, CancellationToken.None);
        else if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
            await book.Complete(name, new KeptAnswer(context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.Location,
                keepBody ? Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length) : null), CancellationToken.None);
        body.Position = 0;
        await body.CopyToAsync(response, context.RequestAborted);
    }

    private static async Task GiveAgainAsync(HttpResponse response, KeptAnswer answer, CancellationToken cancellation)
    {
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        if (answer.Location is not null)
            response.Headers.Location = answer.Location;
        response.Headers["Idempotent-Replay"] = "true";
        if (answer.Body is { Length: > 0 } body)
            await response.WriteAsync(body, cancellation);
    }

    private static string Key(StringValues given) => given is [{ Length: > 0 and <= LongestKey } key] && key.All(character => character is > ' ' and <= '~') ? key
        : throw new ProblemException(Problem.InvalidField(HeaderName, $"'{HeaderName}' is one value of at most {LongestKey} visible characters, such as a random UUID."));

    // What is asked is its address and its body; other headers do not make it another request.
    private static async Task<string> HashAsync(HttpRequest request, CancellationToken cancellation)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellation) is var read and > 0)
            hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
