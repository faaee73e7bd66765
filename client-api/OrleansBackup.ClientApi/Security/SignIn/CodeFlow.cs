using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Security.OpenId;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Access;

namespace OrleansBackup.ClientApi.Security.SignIn;

/// <summary>Brings a browser to the organisation's sign-in and takes it back: authorization code with PKCE, state and nonce.</summary>
/// <remarks>
/// What a sign-in was begun with travels in a cookie of its own, encrypted, for ten minutes, so that a code that was begun in one browser cannot be ended in another.
/// Sources: OpenID Connect Core 3.1; RFC 7636 (PKCE); RFC 9207 (issuer in the answer); RFC 9700 (best practices).
/// </remarks>
internal sealed class CodeFlow(OpenIdProvider provider, CallerResolver resolver, IOptions<OpenIdOptions> openId, IOptions<AccessOptions> access, IDataProtectionProvider protection, TimeProvider time)
{
    public const string Callback = "/sign-in/callback";
    private const string Cookie = "orleansbackup-sign-in";

    /// <summary>So that no neighbouring site can put a sign-in that it began itself into somebody's browser (RFC 6265bis, 4.1.3).</summary>
    private const string SecureCookie = "__Host-" + Cookie;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly IDataProtector _protector = protection.CreateProtector("OrleansBackup.SignIn.1");

    private sealed record Begun(string State, string Nonce, string Verifier, string ReturnTo, DateTimeOffset Until);

    /// <returns>Where the browser is to go.</returns>
    public async Task<string> BeginAsync(HttpContext context, string returnTo, CancellationToken cancellation)
    {
        var document = await provider.DocumentAsync(cancellation);
        var begun = new Begun(Random(), Random(), Random(), returnTo, time.GetUtcNow() + Patience);
        context.Response.Cookies.Append(NameIn(context), _protector.Protect(JsonSerializer.Serialize(begun)), CookieOptions(context));
        var query = new QueryBuilder
        {
            { "response_type", "code" }, { "client_id", openId.Value.ClientId! }, { "redirect_uri", Redirect(context) }, { "scope", openId.Value.Scopes },
            { "state", begun.State }, { "nonce", begun.Nonce },
            { "code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(begun.Verifier))) }, { "code_challenge_method", "S256" },
        };
        return document.Authorization.AbsoluteUri + (document.Authorization.Query.Length > 0 ? "&" + query.ToString()[1..] : query.ToString());
    }

    /// <summary>Ends a sign-in with what the provider sent the browser back with.</summary>
    /// <exception cref="TokenRefusedException">It was not begun in this browser, the provider refused, or the account has no role here.</exception>
    public async Task<(SignedInAccount Account, Caller Caller, string ReturnTo)> EndAsync(HttpContext context, CancellationToken cancellation)
    {
        var begun = Read(context.Request.Cookies[NameIn(context)]);
        context.Response.Cookies.Delete(NameIn(context), CookieOptions(context)); // one answer for one beginning, whatever comes of it
        var query = context.Request.Query;
        if (begun is null || time.GetUtcNow() >= begun.Until || !Same(query["state"].ToString(), begun.State))
            throw new TokenRefusedException("it was not begun in this browser, or too long ago");
        var document = await provider.DocumentAsync(cancellation);
        if (query.TryGetValue("iss", out var issuer) ? issuer != document.Issuer : document.NamesIssuerInAnswer)
            throw new TokenRefusedException("the answer is of another issuer");
        if (query["code"].ToString() is not { Length: > 0 } code)
            throw new TokenRefusedException("the provider did not sign anybody in");
        var token = await provider.RedeemAsync(code, begun.Verifier, Redirect(context), cancellation);
        var account = AccountReader.Read(await provider.VerifyAsync(token, openId.Value.ClientId!, begun.Nonce, cancellation), openId.Value);
        var caller = await resolver.OfAccountAsync(account, SignInMethod.Session, cancellation) ?? throw new TokenRefusedException("the account has no role here");
        return (account, caller, begun.ReturnTo);
    }

    private Begun? Read(string? cookie)
    {
        try
        {
            return cookie is null ? null : JsonSerializer.Deserialize<Begun>(_protector.Unprotect(cookie));
        }
        catch (Exception error) when (error is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private string Redirect(HttpContext context) => access.Value.BaseOf(context.Request) + Callback;

    private CookieOptions CookieOptions(HttpContext context) =>
        new() { HttpOnly = true, Secure = access.Value.IsHttps(context.Request), SameSite = SameSiteMode.Lax, Path = "/", MaxAge = Patience, IsEssential = true };

    private string NameIn(HttpContext context) => access.Value.IsHttps(context.Request) ? SecureCookie : Cookie;

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
