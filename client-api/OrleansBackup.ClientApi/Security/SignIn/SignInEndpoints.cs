using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security.Keys;
using OrleansBackup.ClientApi.Security.Limits;
using OrleansBackup.ClientApi.Security.OpenId;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Access;

namespace OrleansBackup.ClientApi.Security.SignIn;

/// <summary>Where a browser signs in and out: with an API key, or at the organisation's sign-in. What it gets is a session.</summary>
internal static class SignInEndpoints
{
    private const string Begin = "/sign-in/provider";
    private const long LargestForm = 16 * 1024;

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        pages.MapGet("/sign-in", ShowSignIn);
        pages.MapPost("/sign-in", WithKey).WithMetadata(new RequireAntiforgeryTokenAttribute());
        pages.MapGet(Begin, AtProvider);
        pages.MapGet(CodeFlow.Callback, FromProvider);
        pages.MapGet("/sign-out", ShowSignOut);
        pages.MapPost("/sign-out", SignOut).WithMetadata(new RequireAntiforgeryTokenAttribute());
    }

    /// <summary>An address of this server, or its first page: a sign-in must not end at somebody else's.</summary>
    internal static string LocalOnly(string? returnTo) =>
        returnTo is ['/', ..] and not ['/', '/' or '\\', ..] && !returnTo.Any(char.IsControl) && Uri.IsWellFormedUriString(returnTo, UriKind.Relative) ? returnTo : "/";

    private static Task<IResult> ShowSignIn(HttpContext context, ISignInPages pages, IAntiforgery antiforgery, IOptions<OpenIdOptions> openId, string? returnTo = null) =>
        pages.SignInAsync(context, View(context, antiforgery, openId.Value, LocalOnly(returnTo), failed: false));

    private static Task<IResult> ShowSignOut(HttpContext context, ISignInPages pages, IAntiforgery antiforgery, IOptions<OpenIdOptions> openId) =>
        pages.SignOutAsync(context, View(context, antiforgery, openId.Value, "/", failed: false));

    private static async Task<IResult> WithKey(
        HttpContext context, ISignInPages pages, IAntiforgery antiforgery, CallerResolver resolver, RequestLimits limits, SignInJournal journal,
        IGrainFactory grains, IOptions<AccessOptions> access, IOptions<OpenIdOptions> openId, TimeProvider time)
    {
        var (form, cancellation) = (await FormAsync(context), context.RequestAborted);
        var (key, returnTo, address) = (form["key"].ToString().Trim(), LocalOnly(form["returnTo"]), RequestLimits.AddressOf(context));
        if (limits.WaitAfterFailures(context) is { } wait)
        {
            await RequestLimits.RefuseAsync(context, wait);
            return TypedResults.Empty;
        }
        if (await resolver.OfKeyAsync(key, cancellation) is not { } caller)
        {
            limits.CountFailure(context);
            await journal.FailedAsync("session", address, "unknown, expired or revoked", cancellation);
            return await pages.SignInAsync(context, View(context, antiforgery, openId.Value, returnTo, failed: true));
        }
        await journal.SignedInAsync(Of(caller), address, cancellation);
        await BeginAsync(context, grains, access.Value, time, expires => new BrowserSession(KeySecret.Hash(key), null, expires));
        return TypedResults.LocalRedirect(returnTo);
    }

    private static async Task<IResult> AtProvider(HttpContext context, CodeFlow flow, IOptions<OpenIdOptions> openId, string? returnTo = null) =>
        openId.Value.SignsInBrowsers
            ? TypedResults.Redirect(await flow.BeginAsync(context, LocalOnly(returnTo), context.RequestAborted))
            : throw new ProblemException(Problem.NoSuchAddress(context.Request.Method, context.Request.Path));

    private static async Task<IResult> FromProvider(
        HttpContext context, CodeFlow flow, RequestLimits limits, SignInJournal journal, IGrainFactory grains, IOptions<AccessOptions> access, IOptions<OpenIdOptions> openId, TimeProvider time)
    {
        var (address, cancellation) = (RequestLimits.AddressOf(context), context.RequestAborted);
        if (!openId.Value.SignsInBrowsers)
            throw new ProblemException(Problem.NoSuchAddress(context.Request.Method, context.Request.Path));
        if (limits.WaitAfterFailures(context) is { } wait)
        {
            await RequestLimits.RefuseAsync(context, wait);
            return TypedResults.Empty;
        }
        try
        {
            var (account, caller, returnTo) = await flow.EndAsync(context, cancellation);
            await journal.SignedInAsync(caller, address, cancellation);
            await BeginAsync(context, grains, access.Value, time, expires => new BrowserSession(null, account, expires));
            return TypedResults.LocalRedirect(returnTo);
        }
        catch (TokenRefusedException refused)
        {
            limits.CountFailure(context);
            await journal.FailedAsync("session", address, refused.Message, cancellation);
            throw new ProblemException(Problem.SignInRefused(refused.Message));
        }
    }

    private static async Task<IResult> SignOut(
        HttpContext context, SignInJournal journal, IGrainFactory grains, IOptions<AccessOptions> access)
    {
        await FormAsync(context);
        await EndAsync(context, grains, access.Value);
        if (context.CallerOrNull() is { } caller)
            await journal.SignedOutAsync(caller, context.RequestAborted);
        SessionCookie.Remove(context, access.Value);
        return TypedResults.LocalRedirect("/sign-in");
    }

    /// <summary>Always a new cookie: one that somebody slipped into a browser never becomes a session.</summary>
    private static async Task BeginAsync(HttpContext context, IGrainFactory grains, AccessOptions access, TimeProvider time, Func<DateTimeOffset, BrowserSession> session)
    {
        await EndAsync(context, grains, access);
        var expires = time.GetUtcNow() + access.SessionLife;
        await grains.Sessions().Begin(SessionCookie.Issue(context, access), session(expires), context.RequestAborted);
    }

    private static Task EndAsync(HttpContext context, IGrainFactory grains, AccessOptions access) =>
        SessionCookie.HashIn(context.Request, access) is { } before ? grains.Sessions().End(before, context.RequestAborted) : Task.CompletedTask;

    private static async Task<IFormCollection> FormAsync(HttpContext context)
    {
        // The server has looked at the form's token already, and would not let a form without one be read.
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true })
            throw new ProblemException(Problem.NotFromThisSite());
        return context.Request.ContentLength > LargestForm
            ? throw new ProblemException(Problem.BodyTooLarge())
            : await context.Request.ReadFormAsync(context.RequestAborted);
    }

    private static SignInView View(HttpContext context, IAntiforgery antiforgery, OpenIdOptions openId, string returnTo, bool failed)
    {
        return new SignInView(returnTo, openId.SignsInBrowsers ? $"{Begin}?returnTo={Uri.EscapeDataString(returnTo)}" : null, failed, context.CallerOrNull(), antiforgery.GetAndStoreTokens(context));
    }

    private static Caller Of(Caller holder) => new(holder.Name, holder.Person, holder.Roles, holder.Tenants, SignInMethod.Session, holder.Key);
}
