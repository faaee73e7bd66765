using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Reports;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Keeping;

/// <summary>Enters once what a release without ledgers left in the database only. What is there already stays as it is, so it may be repeated at any time.</summary>
internal sealed partial class DocumentKeepingGrain
{
    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        await GrainFactory.PriceBook().EnterLedger(cancellation);
        await GrainFactory.InvoiceBook().EnterLedger(cancellation);
        var customers = (await GrainFactory.Provider().ListTenants(cancellation)).Select(listing => listing.Tenant)
            .Concat((await GrainFactory.InvoiceBook().List(null, cancellation)).Select(one => one.Tenant))
            .Concat((await ends.ListRecordsAsync(cancellation)).Select(record => record.Tenant)).ToHashSet();
        foreach (var customer in customers.Where(customer => !State.CaughtUp.Contains(customer)).OrderBy(customer => customer.Value).ToList())
        {
            await EnterAsync(customer, cancellation);
            await _keeper.ChangeAsync(state => state with { CaughtUp = state.CaughtUp.Add(customer) });
        }
        if (customers.Count > 0)
            await GrainFactory.ProviderAudit().NoteAsync(AuditActs.Service, AuditActs.EnteredDocuments, "ledger", cancellation, ("tenants", $"{customers.Count}"));
        await _keeper.ChangeAsync(state => state with { CaughtUpAt = time.GetUtcNow(), CaughtUp = [] });
        LogCaughtUp(log, customers.Count);
    }

    private async Task EnterAsync(TenantId customer, CancellationToken cancellation)
    {
        await GrainFactory.BillingAccount(customer).EnterLedger(cancellation);
        await GrainFactory.Contract(customer).EnterLedger(cancellation);
        try
        {
            // In the tenant's own ledger. Where there is none any more, nothing of it is kept either.
            await GrainFactory.WorkOrders(customer).EnterLedger(cancellation);
            foreach (var month in await GrainFactory.Tenant(customer).ListReports(cancellation))
                await GrainFactory.MonthlyReport(customer, month).EnterLedger(cancellation);
        }
        catch (ServiceException exception) when (exception is NotFoundException or NotPossibleNowException)
        {
            LogNotEntered(log, customer, exception);
        }
    }

    [LoggerMessage(2853, LogLevel.Information, "What {Tenants} tenants had from before the ledgers is entered in them")]
    private static partial void LogCaughtUp(ILogger log, int tenants);

    [LoggerMessage(2854, LogLevel.Warning, "Tenant {Tenant} has no ledger of its own now; its work and reports are entered when they change")]
    private static partial void LogNotEntered(ILogger log, TenantId tenant, Exception exception);
}
