using System.Collections.Immutable;
using OrleansBackup.Domain.Results;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Components;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Tenants;

/// <summary>Searches and orders what the provider's grain says of all tenants; draws only a page of it.</summary>
internal static class TenantsReader
{
    private const int RowsOnAPage = 50, DaysOfWeek = 7;

    public static TenantsModel Read(ImmutableArray<ListedStanding> all, TenantsQuery query, PortalRequest portal)
    {
        var found = all.Where(tenant => Matches(tenant, query)).ToList();
        var pages = Math.Max(1, (found.Count + RowsOnAPage - 1) / RowsOnAPage);
        var page = Math.Clamp(query.Page, 1, pages);
        var ordered = Ordered(found, query, portal.Today);
        ImmutableArray<DateOnly> week = [.. HeatWriting.DaysUntil(portal.Today)[^DaysOfWeek..]];
        return new TenantsModel(query with { Page = page }, [.. ordered.Skip((page - 1) * RowsOnAPage).Take(RowsOnAPage).Select(tenant => new TenantRow(
            tenant.Listing, TenantStates.Of(tenant.Standing), tenant.Standing, ShareOf(tenant.Standing, portal.Today), portal.Cells(tenant.Standing?.Results ?? ResultTally.Nothing, week)))],
            found.Count, all.Length, pages);
    }

    public static double? ShareOf(TenantStanding? standing, DateOnly today)
    {
        var sum = standing is null ? default : Enumerable.Range(1, HeatWriting.Days).Select(back => standing.Results.On(today.AddDays(-back))).Aggregate(default(DayTally), (one, other) => one + other);
        return sum.Good + sum.Noticed + sum.Failed is > 0 and var ended ? (double)(sum.Good + sum.Noticed) / ended : null;
    }

    private static bool Matches(ListedStanding tenant, TenantsQuery query) =>
        (query.Search.Length == 0 || tenant.Listing.Name.Contains(query.Search, StringComparison.OrdinalIgnoreCase) || tenant.Listing.Tenant.ToString().Contains(query.Search, StringComparison.OrdinalIgnoreCase))
        && (query.Only is not { } only || TenantStates.Of(tenant.Standing) == only);

    private static IEnumerable<ListedStanding> Ordered(List<ListedStanding> tenants, TenantsQuery query, DateOnly today)
    {
        double Key(ListedStanding tenant) => query.Order switch
        {
            TenantsOrder.State => (int)TenantStates.Of(tenant.Standing),
            TenantsOrder.Protected => tenant.Standing?.Resources.Protected ?? -1,
            TenantsOrder.Data => tenant.Standing?.LogicalBytes ?? -1,
            TenantsOrder.Share => ShareOf(tenant.Standing, today) ?? -1,
            _ => 0,
        };
        var byName = query is { Order: TenantsOrder.Name, Descending: true }
            ? tenants.OrderByDescending(tenant => tenant.Listing.Name, StringComparer.OrdinalIgnoreCase) : tenants.OrderBy(tenant => tenant.Listing.Name, StringComparer.OrdinalIgnoreCase);
        return query.Order == TenantsOrder.Name ? byName : query.Descending ? byName.OrderByDescending(Key) : byName.OrderBy(Key);
    }
}
