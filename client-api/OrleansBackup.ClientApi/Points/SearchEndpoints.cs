using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Points;

/// <summary>Searches in one restore point, or in every resource of a tenant as it was on a day. What is found is sent as it is found.</summary>
internal static class SearchEndpoints
{
    public static void MapSearch(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tenants/{tenant}/search", InTenant).Needs(Permission.SeeContent).WithTags("Restore points").Produces<FoundBody>(contentType: "text/event-stream")
            .WithSummary("Searches all resources of a tenant, by words in subject, sender and names of attachments, and by time: server-sent events 'found', then one 'end'.");
        api.MapGet("/tenants/{tenant}/resources/{resource}/points/{point}/search", InPoint).Needs(Permission.SeeContent).WithTags("Restore points").Produces<FoundBody>(contentType: "text/event-stream")
            .WithSummary("Searches one restore point: server-sent events 'found', then one 'end'.");
    }

    private static async Task<IResult> InTenant(
        string tenant, HttpContext context, IGrainFactory grains, string? text = null, string? day = null,
        DateTimeOffset? from = null, DateTimeOffset? until = null, int? limit = null)
    {
        var (id, search) = (AddressParts.Tenant(tenant), new PointSearch(grains, SearchRequest.Parse(text, from, until), AddressParts.Limit(limit)));
        DateOnly? onDay = day is null ? null : PointAddress.Parse(day, "day").Day ?? throw new ProblemException(Problem.InvalidField("day", "'day' must be a day such as 2026-03-14."));
        await grains.Tenant(id).GetOverview(context.RequestAborted); // one that does not exist is a 404, not an empty search
        return await EventStream.StartAsync(context, token => search.InTenantAsync(id, onDay, token), found => found, _ => Task.FromResult<object>(search.End), "found");
    }

    private static async Task<IResult> InPoint(
        string tenant, string resource, string point, HttpContext context, IGrainFactory grains, string? text = null,
        DateTimeOffset? from = null, DateTimeOffset? until = null, int? limit = null)
    {
        var search = new PointSearch(grains, SearchRequest.Parse(text, from, until), AddressParts.Limit(limit));
        var open = await OpenPoint.FindAsync(tenant, resource, point, grains, context.RequestAborted);
        return await EventStream.StartAsync(context, token => search.InPointAsync(AddressParts.Resource(tenant, resource), open.Summary, token),
            found => found, _ => Task.FromResult<object>(search.End), "found");
    }
}
