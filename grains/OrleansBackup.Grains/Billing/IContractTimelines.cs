using Orleans;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Billing;

/// <summary>Where billing learns which plan holds when.</summary>
internal interface IContractTimelines
{
    /// <summary>As it is known now; null: there is no contract.</summary>
    Task<ContractTimeline?> OfAsync(TenantId tenant, CancellationToken cancellation);
}

/// <summary>From the tenant's contract.</summary>
internal sealed class ContractTimelines(IGrainFactory grains) : IContractTimelines
{
    public Task<ContractTimeline?> OfAsync(TenantId tenant, CancellationToken cancellation) => grains.Contract(tenant).GetTimeline(cancellation);
}
