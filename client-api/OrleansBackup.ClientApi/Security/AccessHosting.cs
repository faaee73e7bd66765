using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security.Limits;
using OrleansBackup.ClientApi.Security.OpenId;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.ClientApi.Security.SignIn;

namespace OrleansBackup.ClientApi.Security;

/// <summary>Puts sign-in, roles, limits and headers into a web server, in the order in which each can rely on the one before.</summary>
internal static class AccessHosting
{
    /// <summary>A discovery document or a key set is a few kilobytes; a token less.</summary>
    private const int LargestProviderAnswer = 1024 * 1024;

    private static readonly TimeSpan ProviderPatience = TimeSpan.FromSeconds(10);

    public static void AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ApiKeyOptions>().Bind(configuration.GetSection(ApiKeyOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<LimitOptions>().Bind(configuration.GetSection(LimitOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<OpenIdOptions>().Bind(configuration.GetSection(OpenIdOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        var folder = configuration[ApiKeyOptions.FolderSetting] ?? ".";
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<ApiKeyOptions>>().Value;
            return new ApiKeys(FirstApiKey.ReadOrCreate(options.KeyFile ?? Path.Combine(folder, "api-key")), options,
                hasAccounts: provider.GetRequiredService<IOptions<OpenIdOptions>>().Value.IsOn);
        });
        services.AddSingleton<CallerResolver>().AddSingleton<ContactDirectory>().AddSingleton<RequestLimits>().AddSingleton<SignInJournal>().AddSingleton<CodeFlow>().AddSingleton<DestructiveActs>().AddSingleton<ProposedActs>();
        services.AddSingleton(provider => new OpenIdProvider(
            provider.GetRequiredService<IOptions<OpenIdOptions>>(), ProviderClient(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OpenIdProvider>>()));
        services.TryAddSingleton<ISignInPages, PlainSignInPages>();
        services.AddAuthentication(CallerAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, CallerAuthentication>(CallerAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(DeclaredAccess.Policy).SetDefaultPolicy(DeclaredAccess.Policy);
        services.AddSingleton<IAuthorizationHandler, DeclaredAccess>().AddSingleton<IAuthorizationMiddlewareResultHandler, AccessAnswers>();
        services.AddDataProtection().SetApplicationName("OrleansBackup")
            .PersistKeysToFileSystem(new DirectoryInfo(configuration[$"{AccessOptions.Section}:{nameof(AccessOptions.FormKeyFolder)}"] ?? Path.Combine(folder, "form-keys")));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "orleansbackup-form";
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true; // ours says more
        });
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<AccessOptions>>((forwarded, access) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in access.Value.Proxies())
                forwarded.KnownIPNetworks.Add(network);
        });
    }

    /// <summary>Before anything can answer, errors included.</summary>
    public static void UseAccessHeaders(this WebApplication app)
    {
        var access = app.Services.GetRequiredService<IOptions<AccessOptions>>().Value;
        if (access.Proxies().Any())
            app.UseForwardedHeaders();
        app.Use((HttpContext context, Func<Task> next) => SecurityHeaders.InvokeAsync(context, next, access));
    }

    /// <summary>Who asks, how much he asks, whether his browser meant it, and whether he may.</summary>
    public static void UseAccess(this WebApplication app)
    {
        var access = app.Services.GetRequiredService<IOptions<AccessOptions>>().Value;
        var limits = app.Services.GetRequiredService<RequestLimits>();
        app.UseAuthentication();
        app.Use((HttpContext context, Func<Task> next) => limits.InvokeAsync(context, next));
        app.Use((HttpContext context, Func<Task> next) => SameSiteCheck.InvokeAsync(context, next, access));
        app.UseAuthorization();
        app.UseAntiforgery();
        // Before anything reads the form: with another site's it would fail in as many ways as there are pages.
        app.Use((HttpContext context, Func<Task> next) =>
            context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } ? ProblemWriter.WriteAsync(context, Problem.NotFromThisSite()) : next());
    }

    private static HttpClient ProviderClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) })
    {
        Timeout = ProviderPatience, MaxResponseContentBufferSize = LargestProviderAnswer,
    };
}
