using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Erasures;
using OrleansBackup.ClientApi.Resources;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Erasures;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Consequences;
using OrleansBackup.Portal.Pages.SecondPersons;

namespace OrleansBackup.Portal.Pages.Erasures;

/// <summary>Erasing what the law demands to be gone: a person looked for everywhere and chosen from a list, or items of one resource. Two persons have to want the same.</summary>
internal static class ErasurePages
{
    private const string Address = "/tenants/{tenant}/erasures", OfResource = "/tenants/{tenant}/resources/{resource}/erase";

    /// <summary>More than that nobody looks through on a page; the command line and the API give all of them.</summary>
    private const int MostItems = 500;

    public static void MapErasurePages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, List).Needs(Permission.ProposeDestructive);
        portal.MapPost($"{Address}/start", Start).Needs(Permission.ProposeDestructive).Audited(AuditActs.SearchPerson);
        portal.MapPage($"{Address}/{{search}}", Show).Needs(Permission.ProposeDestructive).Audited(AuditActs.Search);
        portal.MapPost($"{Address}/{{search}}/propose", Propose).Needs(Permission.ProposeDestructive); // written down where the proposal is kept
        portal.MapPost($"{Address}/{{search}}/drop", Drop).Needs(Permission.ProposeDestructive).Audited(AuditActs.DropProposal);
        portal.MapPage(OfResource, Ask).Needs(Permission.ProposeDestructive);
        portal.MapPost(OfResource, ProposeOfResource).Needs(Permission.ProposeDestructive);
    }

    private static Task<IResult> List(string tenant, IGrainFactory grains, CancellationToken cancellation) => ListAsync(tenant, FormInput.Empty, null, grains, cancellation);

    private static async Task<IResult> Start(string tenant, ActForm form, ClaimsPrincipal caller, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            var begun = (await ErasureSearchEndpoints.Start(tenant, new ErasureSearchOrderBody(form["address"], form["why"]), caller, grains, time, cancellation)).Value!;
            return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/erasures/{begun.Id}");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await ListAsync(tenant, form.Input, Refusals.TextOf(refused), grains, cancellation);
        }
    }

    private static Task<IResult> Show(string tenant, Guid search, IGrainFactory grains, PortalRequest portal, LossReader names, CancellationToken cancellation) =>
        ShowAsync(tenant, search, FormInput.Empty, null, grains, portal, names, cancellation);

    private static async Task<IResult> Propose(string tenant, Guid search, HttpContext context, IGrainFactory grains, DestructiveActs acts, PortalRequest portal, LossReader names, CancellationToken cancellation)
    {
        var (id, input, form) = (AddressParts.Tenant(tenant), await FormInput.ReadAsync(context), await context.Request.ReadFormAsync(cancellation));
        ImmutableArray<string> whole = [.. form["whole"].OfType<string>()];
        var kept = form["keep"].OfType<string>().Select(one => one.Split('|', 2)).Where(one => one.Length == 2).GroupBy(one => one[0]).Select(one => new ChosenItemsBody(one.Key, [.. one.Select(item => item[1])])).ToImmutableArray();
        var all = input["items"] == "yes";
        try
        {
            await acts.ProposeAsync(portal.Caller, id, AuditActs.ErasePerson, $"/api/v1/tenants/{id}/erasure-searches/{search}/erasure",
                new PersonErasureBody(input["list"], whole, all, null, all && !kept.IsEmpty ? kept : null, input["why"], input["confirmation"]), cancellation);
            return PageResults.SeeOther(ProposalPages.AddressOf(id, "proposed"));
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await ShowAsync(tenant, search, input, Refusals.TextOf(refused), grains, portal, names, cancellation);
        }
    }

    private static async Task<IResult> Drop(string tenant, string search, IGrainFactory grains, CancellationToken cancellation)
    {
        await ErasureSearchEndpoints.Drop(tenant, search, grains, cancellation);
        return PageResults.SeeOther($"/tenants/{AddressParts.Tenant(tenant)}/erasures");
    }

    private static Task<IResult> Ask(string tenant, string resource, IGrainFactory grains, LossReader names, CancellationToken cancellation, string? item = null) =>
        AskAsync(tenant, resource, FormInput.Empty.With("items", item ?? ""), null, grains, names, cancellation);

    private static async Task<IResult> ProposeOfResource(string tenant, string resource, ActForm form, IGrainFactory grains, DestructiveActs acts, PortalRequest portal, LossReader names, CancellationToken cancellation)
    {
        var (id, everything) = (AddressParts.Resource(tenant, resource), form["what"] == "everything");
        ImmutableArray<string> items = everything ? [] : [.. form["items"].Split(['\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        try
        {
            await acts.ProposeAsync(portal.Caller, id.Tenant, AuditActs.Erase, $"/api/v1/tenants/{id.Tenant}/resources/{id.LocalName}/erasures",
                new ErasureOrderBody(everything ? null : items, everything ? true : null, form["why"], form["confirmation"]), cancellation);
            return PageResults.SeeOther(ProposalPages.AddressOf(id.Tenant, "proposed"));
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await AskAsync(tenant, resource, form.Input, Refusals.TextOf(refused), grains, names, cancellation);
        }
    }

    private static async Task<IResult> ListAsync(string tenant, FormInput input, string? refused, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        return PageResults.Show<ErasuresPage, ErasuresModel>(new ErasuresModel(id, await grains.Tenant(id).GetName(cancellation), await grains.ErasureSearches(id).List(cancellation), input, refused), Status(refused));
    }

    private static async Task<IResult> ShowAsync(string tenant, Guid search, FormInput input, string? refused, IGrainFactory grains, PortalRequest portal, LossReader names, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var (name, found) = (await grains.Tenant(id).GetName(cancellation), await grains.ErasureSearches(id).Get(search, cancellation));
        var items = found.Stage == ErasureSearchStage.Found && portal.May(Permission.SeeContent, id)
            ? (await ErasureSearchEndpoints.ListItems(tenant, search.ToString("D"), grains, cancellation, limit: MostItems)).Value!.Items : [];
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var resource in items.Select(item => item.Resource).Concat(found.Own.Select(own => own.Resource.LocalName)).Distinct(StringComparer.Ordinal).Take(MostItems))
            known[resource] = await names.NameAsync(id, resource, cancellation);
        return PageResults.Show<ErasurePage, ErasureModel>(new ErasureModel(id, name, found, items, known, input, refused), Status(refused));
    }

    private static async Task<IResult> AskAsync(string tenant, string resource, FormInput input, string? refused, IGrainFactory grains, LossReader names, CancellationToken cancellation)
    {
        var id = AddressParts.Resource(tenant, resource);
        var (name, about, points) = (await grains.Tenant(id.Tenant).GetName(cancellation), await names.NameAsync(id.Tenant, id.LocalName, cancellation), await grains.Resource(id).ListPoints(cancellation));
        return PageResults.Show<ErasePage, EraseModel>(new EraseModel(id, name, about, points.Length, input, refused), Status(refused));
    }

    private static int Status(string? refused) => refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
}

/// <param name="Searches">Newest first.</param>
public sealed record ErasuresModel(TenantId Tenant, string TenantName, ImmutableArray<ErasureSearch> Searches, FormInput Input, string? Refused);

/// <summary>A search for one person and what was found.</summary>
/// <param name="Items">The first of them, with their names; empty for who may not see content.</param>
/// <param name="Names">Of resources, as people know them.</param>
public sealed record ErasureModel(
    TenantId Tenant, string TenantName, ErasureSearch Search, ImmutableArray<ErasureItemBody> Items, IReadOnlyDictionary<string, string> Names, FormInput Input, string? Refused);

/// <summary>Items of one resource, or all of it.</summary>
public sealed record EraseModel(ResourceId Resource, string TenantName, string About, int Points, FormInput Input, string? Refused);
