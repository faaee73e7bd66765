using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Results;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Components;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Alerts;
using OrleansBackup.Portal.Pages.Tenants;

namespace OrleansBackup.Portal.Pages.Estate;

/// <summary>Reads the front page. However many tenants there are, it asks the same few grains.</summary>
internal sealed class EstateReader(IGrainFactory grains, PortalRequest portal)
{
    private const int RowsOnAPage = 50, MostNeeds = 8;

    /// <summary>The tenants that the caller may see, in the order of their names.</summary>
    public async Task<ImmutableArray<ListedStanding>> TenantsAsync(CancellationToken cancellation) =>
        [.. (await grains.Provider().ListStandings(cancellation)).Where(tenant => portal.Caller.Reaches(tenant.Listing.Tenant))];

    /// <summary>What needs a person, the worst first.</summary>
    public async Task<ImmutableArray<Need>> NeedsAsync(ImmutableArray<ListedStanding> tenants, CancellationToken cancellation)
    {
        var seesAll = portal.Caller.AllTenants && portal.May(Permission.SeeEstate);
        return NeedReader.Of(portal, tenants, seesAll ? await NewestCheckAsync(cancellation) : null, seesAll ? await grains.Rehearsals().List(cancellation) : []);
    }

    /// <param name="page">Of the map, counted from 1.</param>
    public async Task<EstateModel> ReadAsync(int page, CancellationToken cancellation)
    {
        var tenants = await TenantsAsync(cancellation);
        var needs = await NeedsAsync(tenants, cancellation);
        var told = tenants.Select(tenant => tenant.Standing).OfType<TenantStanding>().ToList();
        var days = HeatWriting.DaysUntil(portal.Today);
        var all = told.Select(standing => standing.Results).Aggregate(ResultTally.Nothing, (sum, one) => sum + one);
        var pages = Math.Max(1, (tenants.Length + RowsOnAPage - 1) / RowsOnAPage);
        page = Math.Clamp(page, 1, pages);
        var rows = tenants.OrderByDescending(tenant => TenantStates.Of(tenant.Standing).Level()).ThenByDescending(tenant => Lately(tenant.Standing)).ThenBy(tenant => tenant.Listing.Name, StringComparer.OrdinalIgnoreCase)
            .Skip((page - 1) * RowsOnAPage).Take(RowsOnAPage)
            .Select(tenant => new HeatRow(tenant.Listing.Name, $"/tenants/{tenant.Listing.Tenant}", portal.Cells(tenant.Standing?.Results ?? ResultTally.Nothing, days)));
        ImmutableArray<HeatRow> shown = tenants.Length > 1 && page == 1 ? [new(portal.Texts["estate.all-tenants"], null, portal.Cells(all, days)), .. rows] : [.. rows];
        return new EstateModel(
            told.Aggregate(ResourceCounts.None, (sum, one) => sum + one.Resources), tenants.Length, told.Count, told.Sum(one => one.LogicalBytes), ShareOf(all.On(portal.Today.AddDays(-1))),
            [.. needs.Take(MostNeeds)], needs.Length, new HeatMapModel(days, shown), page, pages, await RunningAsync(cancellation));
    }

    // Those that missed most in the last week stand first among equals.
    private int Lately(TenantStanding? standing) => standing is null ? 0 : Enumerable.Range(0, 7).Sum(back => standing.Results.On(portal.Today.AddDays(-back)).Failed);

    private static double? ShareOf(DayTally day) => day.Good + day.Noticed + day.Failed is > 0 and var ended ? (double)(day.Good + day.Noticed) / ended : null;

    private async Task<DailyCheck?> NewestCheckAsync(CancellationToken cancellation)
    {
        if (await grains.CheckDiary().ListDays(null, 1, cancellation) is not [var newest, ..])
            return null;
        try
        {
            return await grains.DailyCheck(newest).Get(cancellation);
        }
        catch (NotFoundException)
        {
            return null; // its first tenants are asked at this moment
        }
    }

    private async Task<int?> RunningAsync(CancellationToken cancellation)
    {
        if (!portal.Caller.AllTenants || !portal.May(Permission.SeeEstate))
            return null;
        var processes = await grains.GetGrain<IProcessBoardGrain>(GrainKeys.ProcessBoard).Read(cancellation);
        return processes.Where(process => process.SilentFor is null).Sum(process => process.Snapshot.Admission.Running.Length + process.Snapshot.Admission.WaitingInAll);
    }
}
