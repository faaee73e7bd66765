using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using OrleansBackup.ClientApi.Security.Keys;

namespace OrleansBackup.ClientApi.Security.SignIn;

/// <summary>The cookie of a browser's session: 256 random bits that mean nothing but to the session book, which knows only their hash.</summary>
/// <remarks>It carries no time: how long a session counts is the session book's to say, by the server's clock, and a browser with another clock would throw it away at once.
/// With https its name begins with <c>__Host-</c>, so that no neighbouring site and no plain connection can set it (RFC 6265bis, 4.1.3).</remarks>
internal static class SessionCookie
{
    private const string Plain = "orleansbackup-session";
    private const string Secure = "__Host-" + Plain;
    private const int Bytes = 32;

    /// <returns>The hash under which the session is to be kept.</returns>
    public static string Issue(HttpContext context, AccessOptions options)
    {
        var value = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        context.Response.Cookies.Append(NameIn(context.Request, options), value, OptionsFor(context.Request, options));
        return KeySecret.Hash(value);
    }

    /// <summary>The hash of the cookie that was sent; null: none of this form.</summary>
    /// <remarks>With https the plain name is not looked at: any neighbouring site can set that one, and would sign a person in as somebody else.</remarks>
    public static string? HashIn(HttpRequest request, AccessOptions options) =>
        request.Cookies[NameIn(request, options)] is { } value && value.Length == Base64Url.GetEncodedLength(Bytes) && Base64Url.IsValid(value) ? KeySecret.Hash(value) : null;

    public static void Remove(HttpContext context, AccessOptions options) =>
        context.Response.Cookies.Delete(NameIn(context.Request, options), OptionsFor(context.Request, options));

    private static string NameIn(HttpRequest request, AccessOptions options) => options.IsHttps(request) ? Secure : Plain;

    private static CookieOptions OptionsFor(HttpRequest request, AccessOptions options) =>
        new() { HttpOnly = true, Secure = options.IsHttps(request), SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
