using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Billing;

/// <summary>From an id to the grains of metering and invoicing, so that callers never put keys together.</summary>
public static class BillingGrains
{
    public static IWorkOrderBookGrain WorkOrders(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IWorkOrderBookGrain>(GrainKeys.Of(tenant));
}
