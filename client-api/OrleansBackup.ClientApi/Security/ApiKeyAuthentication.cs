using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansBackup.ClientApi.Security;

/// <summary>Sign-in with an API key: as a bearer token, in <c>X-Api-Key</c>, or, for pages that a person opens, as the password of HTTP Basic.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string HeaderName = "X-Api-Key";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        KeyOf(Request) is not { Length: > 0 } key ? AuthenticateResult.NoResult()
        : keys.CallerOf(key) is not { } caller ? AuthenticateResult.Fail("Unknown API key.")
        : AuthenticateResult.Success(new AuthenticationTicket(CallerClaims.Principal(caller, SchemeName), SchemeName)));

    private static string? KeyOf(HttpRequest request) => AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
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
}

/// <summary>Marks a page that is opened in a browser, where the API key may be given as a password.</summary>
internal sealed class PageForPersons;

/// <summary>For pages that the host brings.</summary>
public static class PagesForPersons
{
    /// <summary>Lets a person sign in with the API key as password, where asking changes nothing.</summary>
    public static TBuilder ForPersons<TBuilder>(this TBuilder pages)
        where TBuilder : IEndpointConventionBuilder => pages.WithMetadata(new PageForPersons());
}
