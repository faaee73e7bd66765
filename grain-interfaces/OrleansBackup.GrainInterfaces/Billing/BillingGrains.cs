using Orleans;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.GrainInterfaces.Billing;

/// <summary>From an id to the grains of metering and invoicing, so that callers never put keys together.</summary>
public static class BillingGrains
{
    public static IWorkOrderBookGrain WorkOrders(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IWorkOrderBookGrain>(GrainKeys.Of(tenant));

    public static IBillingAccountGrain BillingAccount(this IGrainFactory grains, TenantId tenant) => grains.GetGrain<IBillingAccountGrain>(GrainKeys.Of(tenant));

    public static IBillingGrain Billing(this IGrainFactory grains, TenantId tenant, CalendarMonth month) => grains.GetGrain<IBillingGrain>(GrainKeys.Of(tenant, month));

    public static IInvoiceBookGrain InvoiceBook(this IGrainFactory grains) => grains.GetGrain<IInvoiceBookGrain>(GrainKeys.Provider);

    public static IPriceBookGrain PriceBook(this IGrainFactory grains) => grains.GetGrain<IPriceBookGrain>(GrainKeys.Provider);
}
