using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Security.SecondPersons;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Erasures;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Erasures;

/// <summary>Erasing one person over all resources of a customer: looked for, chosen from a list, confirmed by a second person.</summary>
internal static class ErasureSearchEndpoints
{
    private const int AskedAtOnce = 16;
    private static readonly ListOrder<ErasureSearch> Order = new(search => $"{search.Id:D}", ("-askedAt", search => SortText.Of(search.Asked.At)), ("stage", search => $"{search.Stage}"));

    public static void MapErasureSearches(this IEndpointRouteBuilder api)
    {
        var searches = api.MapGroup("/tenants/{tenant}/erasure-searches").WithTags("Erasure searches");
        searches.MapPost("", Start).Needs(Permission.ProposeDestructive).Audited(AuditActs.SearchPerson)
            .WithSummary("Looks through every restore point of every resource for one person by e-mail address: the own mailbox and OneDrive, and items elsewhere that the person sent, received, organised or wrote. Nothing is erased.");
        searches.MapGet("", List).Needs(Permission.ProposeDestructive).WithSummary("Lists the searches for a person and how far they are, newest first.");
        searches.MapGet("/{search}", Get).Needs(Permission.ProposeDestructive).WithSummary("Says how a search for a person stands, and what was erased.");
        searches.MapGet("/{search}/items", ListItems).Needs(Permission.SeeContent).Audited(AuditActs.Search)
            .WithSummary("Lists the items that a search for a person found, page by page, with their names, to choose from.");
        searches.MapPost("/{search}/erasure", Erase).Needs(Permission.ProposeDestructive).BySecondPerson(AuditActs.ErasePerson).Audited(AuditActs.ErasePerson, withBody: true)
            .WithSummary("Proposes to erase what was chosen of a search's list from every restore point, for ever; every other item stays. A second person sends the same with confirm, and then it begins. What is still in Microsoft 365 does not come back with later backups.");
        searches.MapDelete("/{search}", Drop).Needs(Permission.ProposeDestructive).Audited(AuditActs.DropProposal).WithSummary("Drops the list of a search that nobody wants to act on. Safe to repeat.");
    }

    internal static async Task<Accepted<ErasureSearchBody>> Start(string tenant, ErasureSearchOrderBody body, ClaimsPrincipal caller, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var (address, why) = (Given(body.Address, "address"), Given(body.Why, "why"));
        var (id, now) = (await TenantOf(tenant, grains, cancellation), time.GetUtcNow());
        var (searches, asked) = (grains.ErasureSearches(id), new PersonsDecision(caller.Identity?.Name ?? "", why, now));
        var search = body.Continues is { } earlier ? await searches.Continue(earlier, Guid.CreateVersion7(now), address.Trim(), asked, cancellation)
            : await searches.Start(Guid.CreateVersion7(now), address.Trim(), asked, cancellation);
        return TypedResults.Accepted($"/api/v1/tenants/{id}/erasure-searches/{search.Id:D}", ErasureSearchBody.Of(search));
    }

    internal static async Task<Ok<ErasureSearchListBody>> List(string tenant, IGrainFactory grains, CancellationToken cancellation, bool? open = null, string? sort = null, string? after = null, int? limit = null)
    {
        var searches = await grains.ErasureSearches(await TenantOf(tenant, grains, cancellation)).List(cancellation);
        var (part, next) = Order.Take(searches.Where(search => open is null || (search.EndedAt is null) == open), sort, after, ListParts.Limit(limit));
        return TypedResults.Ok(new ErasureSearchListBody([.. part.Select(ErasureSearchBody.Of)]) { Next = next });
    }

    internal static async Task<Ok<ErasureSearchBody>> Get(string tenant, string search, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Id(search);
        return TypedResults.Ok(ErasureSearchBody.Of(await grains.ErasureSearches(await TenantOf(tenant, grains, cancellation)).Get(id, cancellation)));
    }

    internal static async Task<Ok<ErasureItemListBody>> ListItems(string tenant, string search, IGrainFactory grains, CancellationToken cancellation, string? after = null, int? limit = null)
    {
        var (id, most) = (Id(search), AddressParts.Limit(limit));
        var from = after is null ? 0 : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : throw new ProblemException(Problem.InvalidField("after", "'after' is what 'next' of the page before says."));
        var found = await grains.ErasureSearches(await TenantOf(tenant, grains, cancellation)).ListFound(id, from, most + 1, cancellation);
        var items = new List<ErasureItemBody>();
        foreach (var some in found.Take(most).Chunk(AskedAtOnce))
            items.AddRange(await Task.WhenAll(some.Select(item => NamedAsync(item, grains, cancellation))));
        return TypedResults.Ok(new ErasureItemListBody([.. items], found.Length > most ? (from + most).ToString(CultureInfo.InvariantCulture) : null));
    }

    internal static async Task<Ok<ErasureSearchBody>> Erase(string tenant, string search, PersonErasureBody body, ClaimsPrincipal caller, IGrainFactory grains, TimeProvider time, CancellationToken cancellation)
    {
        var id = Id(search);
        var choice = new ErasureChoice(body.List!, body.Whole.OrEmpty(), body.AllFound ?? false, Chosen(body.Items), Chosen(body.Except), new PersonsDecision(caller.Identity?.Name ?? "", body.Why!, time.GetUtcNow()));
        return TypedResults.Ok(ErasureSearchBody.Of(await grains.ErasureSearches(await TenantOf(tenant, grains, cancellation)).Erase(id, choice, cancellation)));
    }

    internal static async Task<NoContent> Drop(string tenant, string search, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = Id(search);
        await grains.ErasureSearches(await TenantOf(tenant, grains, cancellation)).Drop(id, cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Names are read from the point when somebody asks: no list of them is kept.</summary>
    private static async Task<ErasureItemBody> NamedAsync(FoundItem found, IGrainFactory grains, CancellationToken cancellation)
    {
        try
        {
            var item = await grains.Point(new RestorePointId(found.Resource, found.Point)).GetItem(found.ItemId, cancellation);
            return new(found.Resource.LocalName, found.ItemId, found.Kind, found.Places, item.Subject, item.From, item.Received ?? item.Sent);
        }
        catch (NotFoundException)
        {
            return new(found.Resource.LocalName, found.ItemId, found.Kind, found.Places, null, null, null); // its newest point has expired since
        }
    }

    private static ImmutableArray<ChosenItems> Chosen(ImmutableArray<ChosenItemsBody>? items) => [.. items.OrEmpty().Select(one => new ChosenItems(one.Resource ?? "", one.ItemIds.OrEmpty()))];

    private static ImmutableArray<T> OrEmpty<T>(this ImmutableArray<T>? given) => given is { IsDefault: false } some ? some : [];

    // Searches of a tenant that is none would be kept and never looked at.
    private static async Task<TenantId> TenantOf(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        await grains.Tenant(id).GetName(cancellation);
        return id;
    }

    private static Guid Id(string text) => Guid.TryParseExact(text, "D", out var id) ? id : throw new ProblemException(Problem.InvalidField("search", "'search' must be an id as the list gives it: a GUID."));

    private static string Given(string? text, string field) => string.IsNullOrWhiteSpace(text) ? throw new ProblemException(Problem.FieldMissing(field)) : text;
}
