using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Components;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.SecondPersons;

namespace OrleansBackup.Portal.Pages.Tenants;

/// <summary>Reads a tenant's page in a handful of grain calls, however many resources the tenant has.</summary>
internal sealed class TenantReader(IGrainFactory grains, ProposalsReader waiting, PortalRequest portal)
{
    private const int RowsOnAPage = 25, ListedAtOnce = 1_000, MostListed = 5_000, NewestNotices = 5, DaysMeasured = 90;

    /// <exception cref="GrainInterfaces.NotFoundException">The tenant was never onboarded.</exception>
    public async Task<TenantModel> ReadAsync(ResourcesQuery query, string? done, CancellationToken cancellation)
    {
        var tenant = grains.Tenant(query.Tenant);
        var overview = await tenant.GetOverview(cancellation);
        var (all, isCut) = await ListAsync(query.Tenant, cancellation);
        var found = all.Where(resource => Matches(resource, query)).OrderByDescending(resource => ResourceStates.Of(resource, portal.Now))
            .ThenBy(resource => resource.DisplayName, StringComparer.OrdinalIgnoreCase).ToList();
        var pages = Math.Max(1, (found.Count + RowsOnAPage - 1) / RowsOnAPage);
        query = query with { Page = Math.Clamp(query.Page, 1, pages) };
        ImmutableArray<ResourceListing> shown = [.. found.Skip((query.Page - 1) * RowsOnAPage).Take(RowsOnAPage)];
        var days = HeatWriting.DaysUntil(portal.Today);
        var heat = new HeatMapModel(days, [.. shown.Where(resource => resource is { Protected: true }).Select(resource => new HeatRow(
            resource.DisplayName, AddressOf(resource.Resource), portal.Cells(resource.Health?.Results ?? default, days), portal.Texts[$"tenant.kind-{resource.Resource.Kind}"]))]);
        var measures = await tenant.GetMeasures(cancellation);
        var notices = await grains.NoticeBook(query.Tenant).ListNotices(null, NewestNotices, cancellation);
        return new TenantModel(overview, query, shown, found.Count, all.Count, isCut, pages, heat, CoverageOf(all), [.. measures.Where(day => day.Day > portal.Today.AddDays(-DaysMeasured))], notices.Notices, done)
        {
            WaitsForSecond = portal.May(Permission.ProposeDestructive, query.Tenant) && await waiting.IsAnythingAsync(query.Tenant, cancellation),
        };
    }

    /// <summary>The page of a resource.</summary>
    public static string AddressOf(ResourceId resource) => $"/tenants/{resource.Tenant}/resources/{Uri.EscapeDataString(resource.LocalName)}";

    private async Task<(List<ResourceListing> All, bool IsCut)> ListAsync(TenantId tenant, CancellationToken cancellation)
    {
        var all = new List<ResourceListing>();
        string? after = null;
        do
        {
            var page = await grains.Tenant(tenant).ListResources(after, ListedAtOnce, cancellation);
            all.AddRange(page.Resources);
            after = page.Next;
        }
        while (after is not null && all.Count < MostListed);
        return (all, after is not null);
    }

    private bool Matches(ResourceListing resource, ResourcesQuery query) =>
        (query.Search.Length == 0 || resource.DisplayName.Contains(query.Search, StringComparison.OrdinalIgnoreCase) || resource.Address.Contains(query.Search, StringComparison.OrdinalIgnoreCase))
        && query.Show switch
        {
            ResourceFilter.Protected => resource.Protected,
            ResourceFilter.Unprotected => !resource.Protected,
            ResourceFilter.Running => resource.Health?.Running == true,
            ResourceFilter.Overdue => ResourceStates.Of(resource, portal.Now) == ResourceState.Overdue,
            ResourceFilter.Failing => ResourceStates.Of(resource, portal.Now) is ResourceState.Failing or ResourceState.Overdue,
            _ => true,
        };

    private static ImmutableArray<KindCoverage> CoverageOf(IEnumerable<ResourceListing> all) =>
    [
        .. all.GroupBy(resource => resource.Resource.Kind).OrderBy(kind => kind.Key).Select(kind => new KindCoverage(
            kind.Key, kind.Count(resource => resource.Protected), kind.Count(resource => !resource.Protected),
            [.. kind.Where(resource => !resource.Protected).GroupBy(resource => resource.Reason).Select(reason => (reason.Key, reason.Count())).OrderByDescending(reason => reason.Item2)])),
    ];
}
