using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Texts;

namespace OrleansBackup.Portal.Pages.Preferences;

/// <summary>The reader's choice of language and colours, kept in cookies of his browser: also before sign-in.</summary>
internal static class PreferencesEndpoints
{
    public const string Address = "/preferences";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public static void MapPreferences(this IEndpointRouteBuilder portal) => portal.MapPost(Address, (Delegate)Choose).AllowAnonymous(); // a delegate of a request alone would lose the answer

    private static async Task<IResult> Choose(HttpContext context)
    {
        var form = await FormInput.ReadAsync(context);
        if (Languages.Parse(form["language"]) is { } language)
            Keep(context, Languages.Cookie, language.Tag());
        if (form["colours"] is { Length: > 0 } colours)
            Keep(context, ColourSchemes.Cookie, ColourSchemes.Parse(colours).Token());
        return PageResults.SeeOther(LocalAddress.Of(form["return"]));
    }

    private static void Keep(HttpContext context, string name, string value) => context.Response.Cookies.Append(name, value, new CookieOptions
    {
        MaxAge = Kept, HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, IsEssential = true, Path = "/",
    });
}
