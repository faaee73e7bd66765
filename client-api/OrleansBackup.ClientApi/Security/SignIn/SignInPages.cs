using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Security.SignIn;

/// <summary>What the page on which a person signs in or out has to show. Whoever draws it draws this.</summary>
/// <param name="ReturnTo">Where to go afterwards: an address of this server.</param>
/// <param name="Provider">Where the organisation's sign-in begins; null: there is none.</param>
/// <param name="Failed">The key was not taken.</param>
/// <param name="Caller">Who is signed in; null: nobody.</param>
/// <param name="Token">The form's token, under <see cref="AntiforgeryTokenSet.FormFieldName"/>.</param>
public sealed record SignInView(string ReturnTo, string? Provider, bool Failed, Caller? Caller, AntiforgeryTokenSet Token);

/// <summary>Draws the sign-in and sign-out pages. The portal puts its own in the place of the plain one.</summary>
public interface ISignInPages
{
    Task<IResult> SignInAsync(HttpContext context, SignInView view);

    Task<IResult> SignOutAsync(HttpContext context, SignInView view);
}

/// <summary>The plain pages of a server without a portal: one form, no script, readable by anything.</summary>
internal sealed class PlainSignInPages(HtmlEncoder encoder) : ISignInPages
{
    public Task<IResult> SignInAsync(HttpContext context, SignInView view) => Page("Sign in", $"""
        <h1>OrleansBackup</h1>
        {(view.Failed ? "<p role=\"alert\">This key is not taken: it is unknown, has expired, or was revoked.</p>" : "")}
        {(view.Provider is { } provider ? $"<p><a href=\"{encoder.Encode(provider)}\">Sign in with your organisation's account</a></p>" : "")}
        <form method="post" action="/sign-in">
        {Hidden(view)}
        <p><label for="key">API key</label><br><input id="key" name="key" type="password" autocomplete="current-password" required></p>
        <p><button type="submit">Sign in</button></p>
        </form>
        """, view.Failed ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK);

    public Task<IResult> SignOutAsync(HttpContext context, SignInView view) => Page("Sign out", $"""
        <h1>OrleansBackup</h1>
        <p>{(view.Caller is { } caller ? $"You are signed in as {encoder.Encode(caller.Name)}." : "You are not signed in.")}</p>
        <form method="post" action="/sign-out">
        {Hidden(view)}
        <p><button type="submit">Sign out</button></p>
        </form>
        """, StatusCodes.Status200OK);

    private string Hidden(SignInView view) => $"""
        <input type="hidden" name="{encoder.Encode(view.Token.FormFieldName)}" value="{encoder.Encode(view.Token.RequestToken!)}">
        <input type="hidden" name="returnTo" value="{encoder.Encode(view.ReturnTo)}">
        """;

    private static Task<IResult> Page(string title, string body, int status) => Task.FromResult<IResult>(TypedResults.Content($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} · OrleansBackup</title></head>
        <body><main>
        {body}
        </main></body></html>
        """, "text/html; charset=utf-8", statusCode: status));
}
