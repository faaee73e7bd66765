using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Consequences;
using OrleansBackup.Portal.Pages.SecondPersons;

namespace OrleansBackup.Portal.Pages.Holds;

/// <summary>Legal holds and brakes: one person places a hold, and lets go of nothing without a second.</summary>
internal static class HoldPages
{
    private const string OfTenant = "/tenants/{tenant}/holds", OfResource = "/tenants/{tenant}/resources/{resource}";
    private const int ListedAtOnce = 1_000;

    public static void MapHoldPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(OfTenant, Show).Needs(Permission.SeeTenant);
        portal.MapPost($"{OfTenant}/place", Place).Needs(Permission.ManageHolds).Audited(AuditActs.PlaceHold, withBody: true);
        portal.MapPage($"{OfTenant}/release", AskOfTenant).Needs(Permission.ProposeDestructive);
        portal.MapPost($"{OfTenant}/release", ProposeOfTenant).Needs(Permission.ProposeDestructive); // written down where it is kept, once for each proposal
        portal.MapPage($"{OfResource}/release/{{what}}", Ask).Needs(Permission.ProposeDestructive);
        portal.MapPost($"{OfResource}/release/{{what}}", Propose).Needs(Permission.ProposeDestructive); // written down where it is kept, once for each proposal
        portal.MapPost($"{OfResource}/hold", PlaceOnResource).Needs(Permission.ManageHolds).Audited(AuditActs.PlaceHold, withBody: true);
    }

    private static Task<IResult> Show(string tenant, IGrainFactory grains, CancellationToken cancellation, string? done = null) =>
        PageAsync(tenant, FormInput.Empty, null, done is "placed" ? done : null, grains, cancellation);

    private static async Task<IResult> Place(string tenant, ActForm form, ClaimsPrincipal caller, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var (id, input) = (AddressParts.Tenant(tenant), form.Input);
        var resource = input["resource"].Length == 0 ? null : (await ListAsync(id, grains, cancellation)).FirstOrDefault(one => Is(one, input["resource"]));
        if (input["where"] == "resource" && resource is null)
            input = input.WithProblem("resource", portal.Texts["holds.resource-problem"]);
        if (input["why"].Length == 0)
            input = input.WithProblem("why", portal.Texts["holds.why-problem"]);
        if (input.HasProblems)
            return await PageAsync(tenant, input, null, null, grains, cancellation);
        try
        {
            if (input["where"] == "resource")
                await ResourceEndpoints.PlaceHold(tenant, resource!.Resource.LocalName, new WhyBody(input["why"]), caller, grains, cancellation);
            else
                await TenantHoldEndpoints.Place(tenant, new WhyBody(input["why"]), grains, cancellation);
            return PageResults.SeeOther($"/tenants/{id}/holds?done=placed");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, input, Refusals.TextOf(refused), null, grains, cancellation);
        }
    }

    private static async Task<IResult> PlaceOnResource(string tenant, string resource, ActForm form, ClaimsPrincipal caller, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Resource(tenant, resource);
        await ResourceEndpoints.PlaceHold(tenant, resource, new WhyBody(form["why"]), caller, grains, cancellation);
        return PageResults.SeeOther($"{Tenants.TenantReader.AddressOf(id)}?done=hold");
    }

    private static async Task<IResult> Ask(string tenant, string resource, string what, IGrainFactory grains, LossReader losses, CancellationToken cancellation) =>
        await ReleaseAsync(AddressParts.Resource(tenant, resource), Which(what), FormInput.Empty, null, grains, losses, cancellation);

    private static async Task<IResult> Propose(
        string tenant, string resource, string what, ActForm form, IGrainFactory grains, LossReader losses, DestructiveActs acts, PortalRequest portal, CancellationToken cancellation)
    {
        var (id, release) = (AddressParts.Resource(tenant, resource), Which(what));
        var (act, part) = release switch
        {
            Release.Hold => (AuditActs.LiftHold, "legal-hold/lifts"),
            Release.Brake => (AuditActs.ReleaseBrake, "brake/releases"),
            _ => (AuditActs.AcceptVault, "vault/acceptances"),
        };
        try
        {
            await acts.ProposeAsync(portal.Caller, id.Tenant, act, $"/api/v1/tenants/{id.Tenant}/resources/{id.LocalName}/{part}", new ReleaseOrderBody(form["why"]), cancellation);
            return PageResults.SeeOther(ProposalPages.AddressOf(id.Tenant, "proposed"));
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await ReleaseAsync(id, release, form.Input, Refusals.TextOf(refused), grains, losses, cancellation);
        }
    }

    private static Task<IResult> AskOfTenant(string tenant, IGrainFactory grains, CancellationToken cancellation) => ReleaseOfTenantAsync(AddressParts.Tenant(tenant), FormInput.Empty, null, grains, cancellation);

    private static async Task<IResult> ProposeOfTenant(string tenant, ActForm form, IGrainFactory grains, DestructiveActs acts, PortalRequest portal, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        try
        {
            await acts.ProposeAsync(portal.Caller, id, AuditActs.LiftHold, $"/api/v1/tenants/{id}/legal-hold/lifts", new ReleaseOrderBody(form["why"]), cancellation);
            return PageResults.SeeOther(ProposalPages.AddressOf(id, "proposed"));
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await ReleaseOfTenantAsync(id, form.Input, Refusals.TextOf(refused), grains, cancellation);
        }
    }

    private static Release Which(string what) => Enum.TryParse<Release>(what, ignoreCase: true, out var release) && Enum.IsDefined(release) ? release : throw new ProblemException(Problem.NotFound("There is nothing of that name to let go of."));

    private static bool Is(ResourceListing one, string written) =>
        string.Equals(one.Address, written, StringComparison.OrdinalIgnoreCase) || string.Equals(one.DisplayName, written, StringComparison.OrdinalIgnoreCase) || one.Resource.LocalName == written;

    private static async Task<IResult> ReleaseAsync(ResourceId id, Release release, FormInput input, string? refused, IGrainFactory grains, LossReader losses, CancellationToken cancellation)
    {
        var (name, about) = (await grains.Tenant(id.Tenant).GetName(cancellation), await losses.NameAsync(id.Tenant, id.LocalName, cancellation));
        var lost = release == Release.Vault ? null : await losses.HeldBackAsync(id, cancellation);
        return PageResults.Show<ReleasePage, ReleaseModel>(new ReleaseModel(id.Tenant, name, id, about, release, lost, input, refused), Status(refused, input));
    }

    private static async Task<IResult> ReleaseOfTenantAsync(TenantId id, FormInput input, string? refused, IGrainFactory grains, CancellationToken cancellation)
    {
        var name = await grains.Tenant(id).GetName(cancellation);
        return PageResults.Show<ReleasePage, ReleaseModel>(new ReleaseModel(id, name, null, name, Release.Hold, null, input, refused), Status(refused, input));
    }

    private static async Task<IResult> PageAsync(string tenant, FormInput input, string? refused, string? done, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var (overview, all) = (await grains.Tenant(id).GetOverview(cancellation), await ListAsync(id, grains, cancellation));
        var hasContract = await grains.Contract(id).GetTimeline(cancellation) is not null;
        return PageResults.Show<HoldsPage, HoldsModel>(
            new HoldsModel(id, overview.Name, overview.Settings.Retention.LegalHold, hasContract, [.. all.Where(one => one.Health?.Held == true)], [.. all.Where(one => one.Health?.Braked == true)], input, refused, done), Status(refused, input));
    }

    private static async Task<List<ResourceListing>> ListAsync(TenantId tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var all = new List<ResourceListing>();
        string? after = null;
        do
        {
            var page = await grains.Tenant(tenant).ListResources(after, ListedAtOnce, cancellation);
            all.AddRange(page.Resources);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private static int Status(string? refused, FormInput input) => refused is null && !input.HasProblems ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
}
