using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Resources;

/// <summary>Mailboxes of a tenant: what there is, how each stands, what it owes, and its upkeep.</summary>
internal static class ResourceEndpoints
{
    private static readonly ListOrder<ResourceListing> Order = new(
        listing => listing.Resource.LocalName, ("displayName", listing => SortText.Of(listing.DisplayName)), ("address", listing => SortText.Of(listing.Address)), ("kind", listing => listing.Resource.Kind.Token()),
        ("since", listing => SortText.Of(listing.Since)), ("lastSealedAt", listing => SortText.Of(listing.Health?.LastSealedAt)), ("logicalBytes", listing => SortText.Of(listing.Health?.LogicalBytes ?? 0)));

    private static readonly ListOrder<ItemDebt> DebtOrder = new(debt => debt.ItemId, ("since", debt => SortText.Of(debt.Since)), ("attempts", debt => SortText.Of(debt.Attempts)), ("subject", debt => SortText.Of(debt.Subject)));

    public static void MapResources(this IEndpointRouteBuilder api)
    {
        var resources = api.MapGroup("/tenants/{tenant}/resources").WithTags("Resources");
        resources.MapGet("", List).Needs(Permission.SeeTenant).WithSummary("Lists every resource ever seen, protected or not, ordered by display name.");
        resources.MapGet("/{resource}", Get).Needs(Permission.SeeTenant).WithSummary("Says how a resource stands.");
        resources.MapGet("/{resource}/why", Why).Needs(Permission.SeeTenant).WithSummary("Says in plain words, in Dutch or English, what a resource waits for or why it is not protected, and since when.");
        resources.MapGet("/{resource}/debts", ListDebts).Needs(Permission.SeeTenant).WithSummary("Lists the items that could not be read and are tried again at each run, the oldest first.");
        resources.MapPost("/{resource}/expiries", Expire).Needs(Permission.OperateBackups).Audited(AuditActs.Expire).WithSummary("Lets restore points go now that retention no longer owes.");
        resources.MapGet("/{resource}/brake", GetStanding).Needs(Permission.SeeTenant).WithSummary("Says whether the brake on expiry or a legal hold keeps points from expiring, and why.");
        resources.MapPost("/{resource}/brake/releases", ReleaseBrake).Needs(Permission.ProposeDestructive).BySecondPerson(AuditActs.ReleaseBrake).Audited(AuditActs.ReleaseBrake, withBody: true)
            .WithSummary("Proposes to release the brake, after somebody has looked; a second person sends the same with confirm, and points expire again.");
        resources.MapPost("/{resource}/legal-hold", PlaceHold).Needs(Permission.ManageHolds).Audited(AuditActs.PlaceHold, withBody: true).WithSummary("Places a legal hold: no restore point of the resource expires.");
        resources.MapPost("/{resource}/legal-hold/lifts", LiftHold).Needs(Permission.ProposeDestructive).BySecondPerson(AuditActs.LiftHold).Audited(AuditActs.LiftHold, withBody: true)
            .WithSummary("Proposes to lift the legal hold of the resource; a second person sends the same with confirm, and then retention goes on.");
        resources.MapPost("/{resource}/vault/acceptances", AcceptVault).Needs(Permission.ProposeDestructive).BySecondPerson(AuditActs.AcceptVault).Audited(AuditActs.AcceptVault, withBody: true)
            .WithSummary("Proposes to go on from the stored state as it is found, after somebody has looked why it is older than remembered or cannot be read to its end; a second person sends the same with confirm.");
        resources.MapPost("/{resource}/checks", Check).Needs(Permission.OperateBackups).Audited(AuditActs.Check, withBody: true).WithSummary("Checks the stored data: structure only, or every byte.");
    }

    private static async Task<Ok<ResourceListBody>> List(
        string tenant, IGrainFactory grains, CancellationToken cancellation, string? sort = null, string? after = null, int? limit = null,
        string? kind = null, bool? @protected = null, bool? failing = null, string? name = null)
    {
        var (id, most, filter) = (AddressParts.Tenant(tenant), AddressParts.Limit(limit), new ResourceFilter(kind, @protected, failing, name));
        if (sort is null && filter.TakesAll)
        {
            var page = await grains.Tenant(id).ListResources(after, most, cancellation);
            return TypedResults.Ok(new ResourceListBody([.. page.Resources.Select(ResourceBody.Of)], page.Next));
        }
        var all = new List<ResourceListing>();
        await foreach (var some in PartsAsync(grains.Tenant(id), cancellation))
            all.AddRange(some.Where(filter.Takes));
        var (part, next) = Order.Take(all, sort, after, most);
        return TypedResults.Ok(new ResourceListBody([.. part.Select(ResourceBody.Of)], next));
    }

    private static async IAsyncEnumerable<ImmutableArray<ResourceListing>> PartsAsync(ITenantGrain tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var page = await tenant.ListResources(after, AddressParts.MaxLimit, cancellation);
            yield return page.Resources;
            after = page.Next;
        }
        while (after is not null);
    }

    private static async Task<Ok<ResourceDetailBody>> Get(string tenant, string resource, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Resource(tenant, resource);
        var listing = await grains.Tenant(id.Tenant).GetResource(id, cancellation);
        return TypedResults.Ok(new ResourceDetailBody(ResourceBody.Of(listing), await Status(grains.Resource(id), cancellation))
        {
            Restorability = RestorabilityBody.Of(await RestorabilityEndpoints.FindAsync(grains.Resource(id), cancellation)),
        });
    }

    private static async Task<Ok<WhyWaitingBody>> Why(string tenant, string resource, IGrainFactory grains, HttpContext context, CancellationToken cancellation, string? language = null)
    {
        var (id, tongue) = (AddressParts.Resource(tenant, resource), RequestLanguage.Of(context.Request, language, NoticeLanguage.En));
        var listing = await grains.Tenant(id.Tenant).GetResource(id, cancellation);
        context.Response.Headers.ContentLanguage = tongue == NoticeLanguage.Nl ? "nl" : "en";
        context.Response.Headers.Vary = "Accept-Language";
        // Who was never protected waits for nothing; the reason stands in its tenant's list.
        return TypedResults.Ok(listing is { Protected: false, Health: null }
            ? WhyWaitingBody.Of(new WaitingReason(listing.Reason, listing.Since, Until: null), FaultKind.None, failed: false, tongue)
            : WhyWaitingBody.Of(await grains.Resource(id).GetStatus(cancellation), tongue));
    }

    private static async Task<Ok<DebtListBody>> ListDebts(
        string tenant, string resource, IGrainFactory grains, CancellationToken cancellation, string? name = null, string? sort = null, string? after = null, int? limit = null)
    {
        var debts = await Grain(grains, tenant, resource).ListDebts(cancellation);
        var (part, next) = DebtOrder.Take(debts.Where(debt => ListParts.Passes(name, debt.Subject)), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new DebtListBody([.. part.Select(DebtBody.Of)]) { Next = next });
    }

    private static async Task<Ok<ExpiryBody>> Expire(string tenant, string resource, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(ExpiryBody.Of(await Grain(grains, tenant, resource).ExpirePoints(cancellation)));

    private static async Task<Ok<ExpiryStandingBody>> GetStanding(string tenant, string resource, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(ExpiryStandingBody.Of(await Grain(grains, tenant, resource).GetExpiryStanding(cancellation)));

    internal static async Task<Ok<ExpiryStandingBody>> ReleaseBrake(
        string tenant, string resource, ReleaseOrderBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(ExpiryStandingBody.Of(await Grain(grains, tenant, resource).ReleaseBrake(caller.Identity?.Name ?? "", body.Why!, cancellation)));

    internal static async Task<Ok<ExpiryStandingBody>> PlaceHold(
        string tenant, string resource, WhyBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(ExpiryStandingBody.Of(await Grain(grains, tenant, resource).PlaceLegalHold(caller.Identity?.Name ?? "", Reason(body), cancellation)));

    internal static async Task<Ok<ExpiryStandingBody>> LiftHold(
        string tenant, string resource, ReleaseOrderBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(ExpiryStandingBody.Of(await Grain(grains, tenant, resource).LiftLegalHold(caller.Identity?.Name ?? "", body.Why!, cancellation)));

    internal static async Task<Ok<VaultAcceptanceBody>> AcceptVault(
        string tenant, string resource, ReleaseOrderBody body, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation) =>
        TypedResults.Ok(VaultAcceptanceBody.Of(await Grain(grains, tenant, resource).AcceptVault(caller.Identity?.Name ?? "", body.Why!, cancellation)));

    private static string Reason(WhyBody body) => string.IsNullOrWhiteSpace(body.Why) ? throw new ProblemException(Problem.FieldMissing("why")) : body.Why;

    private static async Task<Ok<CheckBody>> Check(
        string tenant, string resource, CheckRequestBody body, IGrainFactory grains, CancellationToken cancellation)
    {
        var everyByte = body.EveryByte ?? throw new ProblemException(Problem.FieldMissing("everyByte"));
        return TypedResults.Ok(CheckBody.Of(await Grain(grains, tenant, resource).CheckVault(everyByte, cancellation)));
    }

    // A resource that its tenant lists but that was never protected has no status of its own.
    private static async Task<StatusBody?> Status(IProtectedResourceGrain resource, CancellationToken cancellation)
    {
        try
        {
            return StatusBody.Of(await resource.GetStatus(cancellation));
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static IProtectedResourceGrain Grain(IGrainFactory grains, string tenant, string resource) =>
        grains.Resource(AddressParts.Resource(tenant, resource));
}
