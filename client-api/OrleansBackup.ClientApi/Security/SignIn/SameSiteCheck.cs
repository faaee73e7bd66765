using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Security.SignIn;

/// <summary>A browser sends its cookie also when another site makes it ask. So a session alone is not enough: the request must show that it comes from a page of this server.</summary>
/// <remarks>
/// Requests to the API carry <c>X-Requested-With</c>, which another site's form or picture cannot set and its script may not; what only reads may instead be a link
/// or address of this site (<c>Sec-Fetch-Site</c>). Forms of pages carry the token of their endpoint, which is checked there.
/// </remarks>
internal static class SameSiteCheck
{
    public const string Header = "X-Requested-With";

    public static Task InvokeAsync(HttpContext context, Func<Task> next, AccessOptions options) =>
        context.CallerOrNull() is { SignedInBy: SignInMethod.Session } && !IsOurs(context, options) ? ProblemWriter.WriteAsync(context, Problem.NotFromThisSite()) : next();

    private static bool IsOurs(HttpContext context, AccessOptions options)
    {
        var request = context.Request;
        if (request.Headers.Origin is [{ Length: > 0 } origin] && !string.Equals(origin, options.BaseOf(request), StringComparison.OrdinalIgnoreCase))
            return false; // a script of another site
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
            return true; // nothing answers there
        // A page checks its form's token itself; showing it changes nothing.
        if (endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true } || (reads && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)))
            return true;
        return request.Headers.ContainsKey(Header) || (reads && request.Headers["Sec-Fetch-Site"].ToString() is ("same-origin" or "none"));
    }
}
