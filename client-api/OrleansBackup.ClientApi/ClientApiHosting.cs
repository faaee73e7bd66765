using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Billing;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Checks;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.ClientApi.Coverage;
using OrleansBackup.ClientApi.Erasures;
using OrleansBackup.ClientApi.Json;
using OrleansBackup.ClientApi.Keeping;
using OrleansBackup.ClientApi.Notices;
using OrleansBackup.ClientApi.OpenApi;
using OrleansBackup.ClientApi.Openings;
using OrleansBackup.ClientApi.Operations;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Reports;
using OrleansBackup.ClientApi.Rehearsals;
using OrleansBackup.ClientApi.Requests;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Restores;
using OrleansBackup.ClientApi.Runs;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.Keys;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.ClientApi.Security.SignIn;
using OrleansBackup.ClientApi.Subscriptions;
using OrleansBackup.ClientApi.Tenants;

namespace OrleansBackup.ClientApi;

/// <summary>Puts the REST API into a web server. What the API needs from there: grains, an operations source and a clock.</summary>
public static class ClientApiHosting
{
    /// <summary>The largest body that a caller may send: a restore of ten thousand single items fits well.</summary>
    private const long MaxBodyBytes = 4 * 1024 * 1024;

    public static IServiceCollection AddClientApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PdfOptions>().Bind(configuration.GetSection(PdfOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PdfPrinter>();
        services.AddAccess(configuration);
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true); // so that the handler above names the field
        services.Configure<KestrelServerOptions>(server =>
        {
            server.Limits.MaxRequestBodySize = MaxBodyBytes;
            server.ConfigureEndpointDefaults(endpoint => endpoint.Use(PlainRefusals.Explain));
            server.AddServerHeader = false;
        });
        services.AddOptions<ApiLimitOptions>().Bind(configuration.GetSection(ApiLimitOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ApiLimitOptions>>((server, limits) => limits.Value.ApplyTo(server.Limits));
        services.AddOpenApi("v1", ApiDocument.Configure);
        return services;
    }

    /// <exception cref="ConfigurationProblemException">The API key file cannot be used.</exception>
    public static WebApplication MapClientApi(this WebApplication app)
    {
        app.Services.GetRequiredService<ApiKeys>(); // the first key is there, or the start fails, before anybody can ask
        app.Use(PlainRefusals.Mark);
        app.UseAccessHeaders();
        app.UseExceptionHandler(_ => { }); // the registered handler answers; this is the form that takes no path of its own
        app.UseStatusCodePages(context => ProblemWriter.WriteAsync(context.HttpContext, Problem.OfStatus(
            context.HttpContext.Response.StatusCode, context.HttpContext.Request.Method, context.HttpContext.Request.Path)));
        // Before sign-in: the page is the same for everybody and holds nothing of a customer.
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "OrleansBackup API";
            page.SwaggerEndpoint("/openapi/v1.json", "OrleansBackup v1");
        });
        app.UseRouting();
        app.UseAccess();
        app.UseMiddleware<IdempotentRequests>();
        app.Use(UnreadableParameters.Refuse);

        app.MapOpenApi().AllowAnonymous();
        app.MapSignIn();
        app.MapOperations();
        var service = app.MapGroup("").WithProblems().WithCleanTexts();
        var api = service.MapGroup("/api/v1");
        api.MapTenants();
        api.MapCertificates();
        api.MapTenantPlaces();
        api.MapTenantHolds();
        api.MapResources();
        api.MapErasures();
        api.MapErasureSearches();
        api.MapExports();
        api.MapRestorability();
        api.MapRuns();
        api.MapPoints();
        api.MapOpenings();
        api.MapRestores();
        api.MapRestoreRequests();
        api.MapRehearsals();
        api.MapCoverage();
        api.MapNotices();
        api.MapSubscriptions();
        api.MapAudit();
        api.MapInvoices();
        api.MapKeeping();
        api.MapWorkAndPrices();
        api.MapPlans();
        api.MapContracts();
        api.MapConsequences();
        api.MapReports();
        api.MapChecks();
        api.MapKeys();
        api.MapProposals();
        api.MapDue();
        api.MapProblemTypes();
        service.MapProviderJobs();
        service.MapClock(); // the document and its page keep this order: what a caller comes for stands first
        app.MapHealth();
        return app;
    }

    private static RouteGroupBuilder WithProblems(this RouteGroupBuilder group)
    {
        int[] statuses =
        [
            StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
            StatusCodes.Status422UnprocessableEntity, StatusCodes.Status429TooManyRequests, StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable,
        ];
        foreach (var status in statuses)
            group.ProducesProblem(status);
        return group;
    }
}
