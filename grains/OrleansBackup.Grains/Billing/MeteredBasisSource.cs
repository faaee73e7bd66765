using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Reports;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.Grains.Reports;

namespace OrleansBackup.Grains.Billing;

/// <summary>Tells the monthly report what billing has metered.</summary>
internal sealed class MeteredBasisSource(IContractTimelines contracts) : IBillingBasisSource
{
    public async Task<BillingBasis?> OfAsync(IGrainFactory grains, TenantId tenant, CalendarMonth month, CancellationToken cancellation)
    {
        if (await contracts.OfAsync(tenant, cancellation) is not { } contract)
            return null;
        var usage = ImmutableArray.Create(await grains.Billing(tenant, month).GetUsage(cancellation));
        // Where nobody looked, the last count before it goes on.
        while (usage[^1].Observed == 0 && usage.Length < BillingAccountGrain.MonthsLookedBack)
            usage = usage.Add(await grains.Billing(tenant, usage[^1].Month.Previous).GetUsage(cancellation));
        var account = grains.BillingAccount(tenant);
        return BillingBasisRules.Of(month, contract, usage, (await account.GetProfile(cancellation))?.AgreedUsers, (await account.GetStanding(cancellation)).Charged);
    }
}
