using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Grains.Checks;

/// <summary>For an installation that keeps no contracts: checks and reports go by <see cref="CheckOptions"/>, and a report says that no contract is recorded.</summary>
internal sealed class NoTenantPlans : ITenantPlans
{
    public Task<ServicePlan?> OfAsync(IGrainFactory grains, TenantId tenant, DateOnly day, CancellationToken cancellation) => Task.FromResult<ServicePlan?>(null);
}
