using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Requests;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Requests;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Restores;

/// <summary>A customer's request for a restore: how it stands, the provider's decision, and whether it delivered.</summary>
internal static class RestoreRequestPages
{
    private const string Address = "/tenants/{tenant}/restore-requests/{request}";

    public static void MapRestoreRequestPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/approve", Approve).Needs(Permission.Restore).Audited(AuditActs.DecideRestore);
        portal.MapPost($"{Address}/decline", Decline).Needs(Permission.Restore).Audited(AuditActs.DecideRestore);
        portal.MapPost($"{Address}/confirm", Confirm).Needs(Permission.Restore).Audited(AuditActs.EndRestore);
    }

    private static Task<IResult> Show(string tenant, string request, IGrainFactory grains, CancellationToken cancellation) => PageAsync(tenant, request, null, grains, cancellation);

    private static Task<IResult> Approve(string tenant, string request, HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation) =>
        ActAsync(tenant, request, context, grains, (book, id, input) => book.Approve(id, portal.Caller.Name, Given(input, "why"), cancellation), cancellation);

    private static Task<IResult> Decline(string tenant, string request, HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation) =>
        ActAsync(tenant, request, context, grains, (book, id, input) => book.Decline(id, portal.Caller.Name, Given(input, "why"), cancellation), cancellation);

    private static Task<IResult> Confirm(string tenant, string request, HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation) =>
        ActAsync(tenant, request, context, grains, (book, id, input) => book.Confirm(
            id, portal.Caller.Name, input["satisfied"] == "yes", int.TryParse(input["minutes"], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : 0, Given(input, "note"), cancellation), cancellation);

    private static string Given(FormInput input, string field) => RestoreRequestEndpoints.Given(input[field], field);

    private static async Task<IResult> ActAsync(
        string tenant, string request, HttpContext context, IGrainFactory grains, Func<IRestoreRequestBookGrain, Guid, FormInput, Task<RequestListing>> act, CancellationToken cancellation)
    {
        var (id, input) = (RestoreRequestEndpoints.Id(request), await FormInput.ReadAsync(context));
        try
        {
            await act(await RestoreRequestEndpoints.Book(tenant, grains, cancellation), id, input);
            return PageResults.SeeOther(RestoreAddresses.Request(AddressParts.Tenant(tenant), id));
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(tenant, request, Refusals.TextOf(refused), grains, cancellation);
        }
    }

    private static async Task<IResult> PageAsync(string tenant, string request, string? refused, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var name = await grains.Tenant(id).GetName(cancellation);
        var listing = await grains.RestoreRequests(id).Get(RestoreRequestEndpoints.Id(request), cancellation);
        return PageResults.Show<RestoreRequestPage, RestoreRequestModel>(
            new RestoreRequestModel(id, name, await RestorePages.NameAsync(grains, listing.Restore.Point.Resource, cancellation), listing, refused), refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
