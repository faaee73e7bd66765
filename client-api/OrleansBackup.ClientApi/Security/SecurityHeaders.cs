using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace OrleansBackup.ClientApi.Security;

/// <summary>What every answer tells a browser: run and load nothing from elsewhere, show it in no frame, guess no type, keep nothing private.</summary>
/// <remarks>An endpoint that says something stricter of its own is left alone. Sources: OWASP Secure Headers; RFC 6797 (HSTS).</remarks>
public static partial class SecurityHeaders
{
    /// <summary>For pages whose scripts and styles are files of this server. Nothing inline runs.</summary>
    public const string Pages = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private const string Nothing = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>For a document with styles inside, and nothing else: exactly these styles.</summary>
    public static string ForDocument(string html)
    {
        var hashes = Style().Matches(html).Select(style => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style.Groups[1].Value)))}'").Distinct().ToList();
        return $"default-src 'none'; style-src {(hashes.Count == 0 ? "'none'" : string.Join(' ', hashes))}; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
    }

    internal static Task InvokeAsync(HttpContext context, Func<Task> next, AccessOptions options)
    {
        context.Response.OnStarting(() =>
        {
            Set(context, options);
            return Task.CompletedTask;
        });
        return next();
    }

    private static void Set(HttpContext context, AccessOptions options)
    {
        var headers = context.Response.Headers;
        Default(headers, "X-Content-Type-Options", "nosniff");
        Default(headers, "Content-Security-Policy", context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true ? Pages : Nothing);
        Default(headers, "X-Frame-Options", "DENY"); // for what knows no frame-ancestors
        Default(headers, "Referrer-Policy", "same-origin");
        Default(headers, "Cross-Origin-Opener-Policy", "same-origin");
        Default(headers, "Cross-Origin-Resource-Policy", "same-origin");
        Default(headers, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        if (options.IsHttps(context.Request))
            Default(headers, "Strict-Transport-Security", "max-age=31536000");
        // What somebody was shown because of who he is has no place in any cache, unless its endpoint says how.
        if (context.CallerOrNull() is not null)
            Default(headers, "Cache-Control", "no-store");
    }

    private static void Default(IHeaderDictionary headers, string name, string value)
    {
        if (StringValues.IsNullOrEmpty(headers[name]))
            headers[name] = value;
    }

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Style();
}
