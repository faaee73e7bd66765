using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security.SignIn;
using OrleansBackup.Portal.Pages.Alerts;
using OrleansBackup.Portal.Pages.Audit;
using OrleansBackup.Portal.Pages.Checks;
using OrleansBackup.Portal.Pages.Estate;
using OrleansBackup.Portal.Pages.Jobs;
using OrleansBackup.Portal.Pages.Notices;
using OrleansBackup.Portal.Pages.Onboarding;
using OrleansBackup.Portal.Pages.Preferences;
using OrleansBackup.Portal.Pages.Problems;
using OrleansBackup.Portal.Pages.Rehearsals;
using OrleansBackup.Portal.Pages.SignIn;
using OrleansBackup.Portal.Pages.Subscriptions;
using OrleansBackup.Portal.Pages.Tenants;

namespace OrleansBackup.Portal.Hosting;

/// <summary>Puts the portal into the web server that has the REST API: the same grains, sign-in and rules, as pages for persons.</summary>
public static class PortalHosting
{
    /// <summary>Nothing from elsewhere, nothing written into a page that a browser would run or be styled by.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static IServiceCollection AddPortal(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddScoped<PortalRequest>();
        services.AddScoped<EstateReader>().AddScoped<TenantReader>().AddScoped<OnboardingReader>().AddScoped<CarriedSecret>();
        services.AddContentPages();
        services.AddSingleton<IProblemPage, ProblemPages>();
        services.AddSingleton<ISignInPages, SignInPages>(); // in the place of the plain ones
        return services;
    }

    /// <summary>After <c>MapClientApi</c>, whose sign-in and error handling the pages share.</summary>
    public static WebApplication MapPortal(this WebApplication app)
    {
        app.MapAssets();
        var portal = app.MapGroup("").ExcludeFromDescription().WithPageHeaders();
        portal.MapPreferences();
        portal.MapEstate();
        portal.MapTenantPages();
        portal.MapNoticePages();
        portal.MapCheckPages();
        portal.MapAlerts();
        portal.MapJobPages();
        portal.MapRehearsalPages();
        portal.MapSubscriptionPages();
        portal.MapAuditPages();
        portal.MapOnboardingPages();
        portal.MapContentPages();
        return app;
    }

    /// <summary>What holds for every page: it is not kept by caches, the browser is told what it may load, and a form is taken only if it came from a page of ours.</summary>
    public static RouteGroupBuilder WithPageHeaders(this RouteGroupBuilder portal)
    {
        portal.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            SetHeaders(http.Response);
            // The middleware has looked already; that nobody took it out of the way is seen here.
            if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method) && http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true })
                throw new ProblemException(Problem.InvalidField("form", "This form is too old, or did not come from a page of this server. Read the page again and send it once more."));
            return await next(context);
        });
        return portal.WithMetadata(new RequireAntiforgeryTokenAttribute());
    }

    internal static void SetHeaders(HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache, no-store"; // as the form tokens write it, which else warn with each page
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
    }
}
