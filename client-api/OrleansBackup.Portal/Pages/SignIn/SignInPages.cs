using Microsoft.AspNetCore.Http;
using OrleansBackup.ClientApi.Security.SignIn;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.SignIn;

/// <summary>The pages on which a person signs in and out, as the portal draws them. What they do is the access model's.</summary>
internal sealed class SignInPages : ISignInPages
{
    public Task<IResult> SignInAsync(HttpContext context, SignInView view)
    {
        PortalHosting.SetHeaders(context.Response);
        var model = new SignInModel(view.ReturnTo, view.Provider, view.Failed, view.Caller?.Name);
        return Task.FromResult(PageResults.Show<SignInPage, SignInModel>(model, view.Failed ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK));
    }

    public Task<IResult> SignOutAsync(HttpContext context, SignInView view)
    {
        PortalHosting.SetHeaders(context.Response);
        return Task.FromResult(PageResults.Show<SignOutPage, SignInModel>(new SignInModel("/", null, false, view.Caller?.Name)));
    }
}

/// <param name="Provider">Where the organisation's sign-in begins; null: there is none.</param>
/// <param name="Failed">The key was not taken.</param>
/// <param name="Name">Who is signed in; null: nobody.</param>
public sealed record SignInModel(string ReturnTo, string? Provider, bool Failed, string? Name);
