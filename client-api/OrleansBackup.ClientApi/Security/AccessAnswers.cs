using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using OrleansBackup.ClientApi.Problems;

namespace OrleansBackup.ClientApi.Security;

/// <summary>What somebody hears who may not: 401 and how to sign in, or 403 and which role it takes. One place for all ways to sign in.</summary>
internal sealed class AccessAnswers : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
            return next(context);
        if (context.CallerOrNull() is { } caller)
            return ProblemWriter.WriteAsync(context, Problem.NotAllowed(DeclaredAccess.Refusal(context, caller) ?? "You may not do this."));
        var challenge = ApiKeyAuthentication.TakesPassword(context.Request) ? "Basic realm=\"OrleansBackup\", charset=\"UTF-8\"" : "Bearer realm=\"OrleansBackup\"";
        context.Response.Headers.WWWAuthenticate = challenge;
        return ProblemWriter.WriteAsync(context, Problem.SignInRequired());
    }
}
