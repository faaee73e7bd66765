using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Security.Limits;
using OrleansBackup.ClientApi.Security.OpenId;
using OrleansBackup.ClientApi.Security.SignIn;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Security;

/// <summary>The one way in: an API key (as bearer token, in <c>X-Api-Key</c>, or, for pages that a person opens, as the password of HTTP Basic), a token of the organisation's sign-in, or a browser's session.</summary>
/// <remarks>What is sent with the call goes before a cookie, and is never mixed with one. Failures are counted by address and written down, bounded.</remarks>
internal sealed partial class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder,
    CallerResolver resolver, RequestLimits limits, SignInJournal journal, IOptions<OpenIdOptions> openId, IOptions<AccessOptions> access)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string SchemeName = "Caller";
    public const string HeaderName = "X-Api-Key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var cancellation = Context.RequestAborted;
        if (SentIn(Request) is not { Length: > 0 } sent)
        {
            // A cookie that has ended is no failed sign-in: every browser has one in the evening.
            return SessionCookie.HashIn(Request, access.Value) is { } session && await resolver.OfSessionAsync(session, cancellation) is { } visitor ? Success(visitor) : AuthenticateResult.NoResult();
        }
        if (limits.WaitAfterFailures(Context) is { } wait)
        {
            Context.Features.Set(new SignInPause(wait));
            return AuthenticateResult.Fail("Too many failed sign-ins.");
        }
        var (way, caller, why) = openId.Value.IsOn && TokenReader.HasForm(sent) ? await OfTokenAsync(sent, cancellation) : ("api-key", await resolver.OfKeyAsync(sent, cancellation), "unknown, expired or revoked");
        if (caller is null)
        {
            limits.CountFailure(Context);
            LogFailed(Logger, way, RequestLimits.AddressOf(Context), why);
            await journal.FailedAsync(way, RequestLimits.AddressOf(Context), why, cancellation);
            return AuthenticateResult.Fail("Sign-in failed.");
        }
        await journal.CalledAsync(caller, RequestLimits.AddressOf(Context), cancellation);
        return Success(caller);
    }

    private async Task<(string Way, Caller? Caller, string Why)> OfTokenAsync(string token, CancellationToken cancellation)
    {
        try
        {
            return ("token", await resolver.OfTokenAsync(token, cancellation), "");
        }
        catch (TokenRefusedException refused)
        {
            return ("token", null, refused.Message);
        }
    }

    private static AuthenticateResult Success(Caller caller) => AuthenticateResult.Success(new AuthenticationTicket(CallerClaims.Principal(caller, SchemeName), SchemeName));

    private static string? SentIn(HttpRequest request) => AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
        ? header.Scheme.ToUpperInvariant() switch
        {
            "BEARER" => header.Parameter,
            "BASIC" when TakesPassword(request) => PasswordIn(header.Parameter),
            _ => null,
        }
        : request.Headers[HeaderName].ToString();

    // A browser sends a Basic password along by itself, also when another site makes it ask: so only where asking changes nothing.
    internal static bool TakesPassword(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<PageForPersons>() is not null;

    private static string? PasswordIn(string? parameter)
    {
        var bytes = new byte[parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(parameter ?? "", bytes, out var length))
            return null;
        var userAndPassword = Encoding.UTF8.GetString(bytes, 0, length);
        return userAndPassword.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? userAndPassword[(colon + 1)..] : null;
    }

    [LoggerMessage(4110, LogLevel.Warning, "A sign-in by {Way} from {Address} failed: {Why}")]
    private static partial void LogFailed(ILogger log, string way, string address, string why);
}

/// <summary>Sign-in from this address is not looked at for so long.</summary>
internal sealed record SignInPause(TimeSpan Wait);

/// <summary>Marks a page that is opened in a browser, where the API key may be given as a password.</summary>
internal sealed class PageForPersons;

/// <summary>For pages that the host brings.</summary>
public static class PagesForPersons
{
    /// <summary>A page that a person opens: a browser that is not signed in is brought to the sign-in page, and anything else may give the API key as password, where asking changes nothing.</summary>
    public static TBuilder ForPersons<TBuilder>(this TBuilder pages)
        where TBuilder : IEndpointConventionBuilder => pages.WithMetadata(new PageForPersons());
}
