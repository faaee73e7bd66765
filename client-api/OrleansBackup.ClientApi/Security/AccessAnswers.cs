using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security.Limits;

namespace OrleansBackup.ClientApi.Security;

/// <summary>What somebody hears who may not: 401 and how to sign in, or 403 and which role it takes. One place for all ways to sign in. A refused act is written down.</summary>
internal sealed class AccessAnswers(SignInJournal journal) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        var (request, response) = (context.Request, context.Response);
        if (authorizeResult.Succeeded)
        {
            await next(context);
        }
        else if (context.CallerOrNull() is { } caller)
        {
            if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
                await journal.RefusedAsync(caller, $"{request.Method} {request.Path}", RequestLimits.AddressOf(context), context.RequestAborted);
            await ProblemWriter.WriteAsync(context, Problem.NotAllowed(DeclaredAccess.Refusal(context, caller) ?? "You may not do this."));
        }
        else if (context.Features.Get<SignInPause>() is { } pause)
        {
            await RequestLimits.RefuseAsync(context, pause.Wait);
        }
        else if (IsBrowserOnPage(context))
        {
            response.Headers.CacheControl = "no-store";
            response.Redirect($"/sign-in?returnTo={Uri.EscapeDataString(request.Path + request.QueryString)}");
        }
        else
        {
            response.Headers.WWWAuthenticate = CallerAuthentication.TakesPassword(request) ? "Basic realm=\"OrleansBackup\", charset=\"UTF-8\"" : "Bearer realm=\"OrleansBackup\"";
            await ProblemWriter.WriteAsync(context, Problem.SignInRequired());
        }
    }

    private static bool IsBrowserOnPage(HttpContext context) => CallerAuthentication.TakesPassword(context.Request)
        && StringValues.IsNullOrEmpty(context.Request.Headers.Authorization) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
