using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Reports;

namespace OrleansBackup.Grains.Reports;

/// <summary>What metering knows of a month. Several may be registered; the first that knows the tenant is asked no further.</summary>
internal interface IBillingBasisSource
{
    /// <returns>Null: nothing is metered for this tenant.</returns>
    Task<BillingBasis?> OfAsync(IGrainFactory grains, TenantId tenant, ReportMonth month, CancellationToken cancellation);
}

/// <summary>Restore rehearsals of a month: those over all tenants and those of this one.</summary>
internal interface IRehearsalSource
{
    Task<ImmutableArray<RehearsalLine>> OfAsync(IGrainFactory grains, TenantId tenant, ReportMonth month, CancellationToken cancellation);
}
