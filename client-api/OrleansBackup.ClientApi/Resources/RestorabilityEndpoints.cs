using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.ClientApi.Resources;

/// <summary>How sure it is, between rehearsals, that what is stored of a tenant comes back.</summary>
internal static class RestorabilityEndpoints
{
    private const int AskedAtOnce = 16;

    public static void MapRestorability(this IEndpointRouteBuilder api) => api.MapGet("/tenants/{tenant}/restorability", List).Needs(Permission.SeeTenant).WithTags("Resources")
        .WithSummary("Says of each resource what share of its bytes was read again lately, and when something of it last was restored; and the least of these shares.");

    /// <returns>Null: it has never been protected.</returns>
    public static async Task<Restorability?> FindAsync(IProtectedResourceGrain resource, CancellationToken cancellation)
    {
        try
        {
            return await resource.GetRestorability(cancellation);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static async Task<Ok<RestorabilityListBody>> List(string tenant, IGrainFactory grains, CancellationToken cancellation, string? after = null, int? limit = null)
    {
        var page = await grains.Tenant(AddressParts.Tenant(tenant)).ListResources(after, AddressParts.Limit(limit), cancellation);
        var found = ImmutableArray.CreateBuilder<ResourceRestorabilityBody>();
        foreach (var some in page.Resources.Where(listing => listing.Health is not null).Chunk(AskedAtOnce))
            foreach (var (listing, figure) in await Task.WhenAll(some.Select(async listing => (listing, await FindAsync(grains.Resource(listing.Resource), cancellation)))))
                if (RestorabilityBody.Of(figure) is { } body)
                    found.Add(new(listing.Resource.LocalName, listing.DisplayName, body));
        return TypedResults.Ok(new RestorabilityListBody(found.Min(one => one.Restorability.Share), found.Min(one => one.Restorability.LastRestoreAt), found.ToImmutable(), page.Next));
    }
}

/// <summary>The figures of a tenant's resources.</summary>
/// <param name="LeastShare">The least share among the resources of this part; null: nothing is stored.</param>
/// <param name="OldestRestoreAt">Of those that ever saw a restore, the one whose last is longest ago.</param>
/// <param name="Next">What to ask for the next part with; null means the end.</param>
public sealed record RestorabilityListBody(double? LeastShare, DateTimeOffset? OldestRestoreAt, ImmutableArray<ResourceRestorabilityBody> Resources, string? Next);

/// <summary>One resource's figure.</summary>
public sealed record ResourceRestorabilityBody(string Resource, string DisplayName, RestorabilityBody Restorability);

/// <summary>How sure it is that what is stored comes back.</summary>
/// <param name="Share">Of the stored bytes, from 0 to 1: read back, decrypted and hashed again within so many days. Null: nothing is stored.</param>
/// <param name="Damaged">Objects that were found damaged and are not healed.</param>
/// <param name="LastRestoreAt">When an item last was put back into Microsoft 365.</param>
/// <param name="LastRehearsedAt">When an item last came back in a rehearsal as it was.</param>
public sealed record RestorabilityBody(DateTimeOffset AsOf, double? Share, int Days, int Damaged, DateTimeOffset? LastRestoreAt, DateTimeOffset? LastRehearsedAt)
{
    public static RestorabilityBody? Of(Domain.Rehearsals.Restorability? one) =>
        one is null ? null : new(one.AsOf, one.Share, one.Days, one.Damaged, one.LastRestoreAt, one.LastRehearsedAt);
}
