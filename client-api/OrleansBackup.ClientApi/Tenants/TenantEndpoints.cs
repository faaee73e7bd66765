using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Changes;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>Customers: who there are, taking one into service, how one stands.</summary>
internal static class TenantEndpoints
{
    public const int MaxNameLength = 200;

    private static readonly ListOrder<TenantListing> Order = new(tenant => tenant.Tenant.ToString(), ("name", tenant => SortText.Of(tenant.Name)), ("id", _ => ""));

    public static void MapTenants(this IEndpointRouteBuilder api)
    {
        var tenants = api.MapGroup("/tenants").WithTags("Tenants");
        tenants.MapGet("", List).Needs(Permission.SeeTenant, Reach.CallersTenants).WithSummary("Lists every tenant, in the order of their names.");
        tenants.MapPost("", Onboard).Needs(Permission.ManageTenants).Audited(AuditActs.Onboard).WithSummary("Takes a tenant into service, or replaces its credential and settings. Safe to repeat.");
        tenants.MapGet("/{tenant}", Get).Needs(Permission.SeeTenant).WithName("GetTenant").WithSummary("Says how a tenant stands.");
        tenants.MapGet("/{tenant}/forecast", Forecast).Needs(Permission.SeeTenant).WithSummary("Foretells when the first backup of the whole tenant ends, and what that depends on most.");
        tenants.MapGet("/{tenant}/settings", GetSettings).Needs(Permission.SeeTenant).Tagged().WithSummary("Gives what is protected, how long points are kept, and when runs start; with an ETag.");
        tenants.MapGet("/{tenant}/storage", GetStorage).Needs(Permission.SeeTenant).Tagged().WithSummary("Gives where the backups may lie; with an ETag.");
        tenants.MapPut("/{tenant}/settings", ChangeSettings).Needs(Permission.ManageTenants).Audited(AuditActs.ChangeSettings, withBody: true).ChangesTagged(ReadSettings).WithSummary("Changes what is protected, how long points are kept, and when runs start.");
        tenants.MapPut("/{tenant}/storage", ChangeStorage).Needs(Permission.ManageTenants).Audited(AuditActs.ChangeStorage, withBody: true).ChangesTagged(ReadStorage).WithSummary("Changes where the backups may lie; refused if the store that holds them lies elsewhere.");
        tenants.MapGet("/{tenant}/permissions", CheckPermissions).Needs(Permission.OperateBackups).WithSummary("Asks Microsoft 365 now which permissions the app has.");
        tenants.MapPost("/{tenant}/discoveries", Discover).Needs(Permission.OperateBackups).Audited(AuditActs.Discover).WithSummary("Looks for new, changed and vanished resources now; answers when it is done.");
        tenants.MapPost("/{tenant}/sweeps", Sweep).Needs(Permission.OperateBackups).Audited(AuditActs.Sweep).WithSummary("Starts every run that is due or was interrupted.");
    }

    private static async Task<Ok<TenantListBody>> List(
        HttpContext context, IGrainFactory grains, CancellationToken cancellation, string? name = null, string? sort = null, string? after = null, int? limit = null)
    {
        var (caller, tenants) = (context.Caller(), await grains.Provider().ListTenants(cancellation));
        var (part, next) = Order.Take(tenants.Where(tenant => caller.Reaches(tenant.Tenant) && ListParts.Passes(name, tenant.Name)), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new TenantListBody([.. part.Select(TenantListingBody.Of)]) { Next = next });
    }

    private static async Task<Created<TenantBody>> Onboard(OnboardBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(Given(body.Id, "id"), "id");
        var name = Given(body.Name, "name").Trim();
        if (name.Length > MaxNameLength || name.Any(char.IsControl))
            throw new ProblemException(Problem.InvalidField("name", $"'name' must have at most {MaxNameLength} characters, on one line."));
        if (body is { Certificate: not null, ClientSecret: not null })
            throw new ProblemException(Problem.InvalidField("certificate", "Give 'certificate' or 'clientSecret', not both."));
        var (clientId, clientSecret) = (Given(body.ClientId, "clientId"), body.Certificate is null ? Given(body.ClientSecret, "clientSecret") : "");
        // Asking again to renew the secret must not set back what was agreed with the customer.
        var settings = SettingsReader.Partial(body.Settings, id, await PresentSettings(grains.Tenant(id), cancellation));
        var request = new TenantOnboarding(name, clientId, clientSecret, settings)
        {
            Certificate = body.Certificate, Store = body.Store, Storage = body.Storage is { } storage ? SettingsReader.Storage(storage, "storage.") : null,
        };
        var overview = await grains.Tenant(id).Onboard(request, cancellation);
        return TypedResults.Created($"/api/v1/tenants/{id}", TenantBody.Of(overview));
    }

    private static async Task<Ok<TenantBody>> Get(string tenant, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(TenantBody.Of(await grains.Tenant(AddressParts.Tenant(tenant)).GetOverview(cancellation)));

    private static async Task<Ok<ForecastBody>> Forecast(string tenant, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(ForecastBody.Of(await grains.Tenant(AddressParts.Tenant(tenant)).GetForecast(cancellation)));

    private static async Task<Ok<SettingsBody>> GetSettings(string tenant, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(SettingsBody.Of((await grains.Tenant(AddressParts.Tenant(tenant)).GetOverview(cancellation)).Settings));

    private static async Task<Ok<StorageBody>> GetStorage(string tenant, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(StorageBody.Of((await grains.Tenant(AddressParts.Tenant(tenant)).GetOverview(cancellation)).Storage));

    private static async Task<object> ReadSettings(HttpContext context, IGrainFactory grains) =>
        (await GetSettings(context.RouteText("tenant"), grains, context.RequestAborted)).Value!;

    private static async Task<object> ReadStorage(HttpContext context, IGrainFactory grains) =>
        (await GetStorage(context.RouteText("tenant"), grains, context.RequestAborted)).Value!;

    internal static async Task<Ok<TenantBody>> ChangeSettings(string tenant, SettingsBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        return TypedResults.Ok(TenantBody.Of(await grains.Tenant(id).ChangeSettings(SettingsReader.Whole(body, id, await PresentSettings(grains.Tenant(id), cancellation)), cancellation)));
    }

    private static async Task<Ok<TenantBody>> ChangeStorage(string tenant, StorageBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        return TypedResults.Ok(TenantBody.Of(await grains.Tenant(id).ChangeStorage(SettingsReader.Storage(body, ""), cancellation)));
    }

    private static async Task<Ok<PermissionListBody>> CheckPermissions(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var permissions = await grains.Tenant(AddressParts.Tenant(tenant)).CheckPermissions(cancellation);
        return TypedResults.Ok(new PermissionListBody([.. permissions.Select(PermissionBody.Of)]));
    }

    private static async Task<Ok<DiscoveryBody>> Discover(string tenant, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(DiscoveryBody.Of(await grains.Tenant(AddressParts.Tenant(tenant)).Discover(cancellation)));

    private static async Task<Accepted<SweepBody>> Sweep(string tenant, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Accepted((string?)null, new SweepBody(await grains.Tenant(AddressParts.Tenant(tenant)).SweepOverdue(cancellation)));

    internal static async Task<TenantSettings> PresentSettings(ITenantGrain tenant, CancellationToken cancellation)
    {
        try
        {
            return (await tenant.GetOverview(cancellation)).Settings;
        }
        catch (NotFoundException)
        {
            return TenantSettings.Default;
        }
    }

    private static string Given(string? text, string field) =>
        string.IsNullOrWhiteSpace(text) ? throw new ProblemException(Problem.FieldMissing(field)) : text;
}
