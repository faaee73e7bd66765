using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using OrleansBackup.GraphSimulator.Faults;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.GraphSimulator.Limits;

namespace OrleansBackup.GraphSimulator.World;

/// <summary>Everything the simulator knows: tenants with their history, the clock, the limits, the faults ordered and what was asked.</summary>
public sealed class SimulatedWorld(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, SimulatedTenant> _tenants = new();

    public SimulatorClock Clock { get; } = new(time);
    public ServiceLimits Limits { get; } = new(time);
    public FaultPlan Faults { get; } = new();
    public RequestStatistics Statistics { get; } = new();

    public IReadOnlyCollection<SimulatedTenant> Tenants => [.. _tenants.Values];

    /// <summary>Makes a tenant from a recipe. Equal recipes at an equal time give equal tenants.</summary>
    /// <exception cref="InvalidOperationException">A tenant of that seed and domain exists.</exception>
    public SimulatedTenant CreateTenant(TenantRecipe recipe)
    {
        var tenant = TenantGenerator.Create(recipe, Clock);
        CollaborationGenerator.Fill(tenant, recipe, Clock);
        return _tenants.TryAdd(tenant.Id, tenant) ? tenant : throw new InvalidOperationException($"Tenant {tenant.Id} of {tenant.Domain} exists.");
    }

    /// <summary>A tenant by its id or its domain.</summary>
    public bool TryFindTenant(string idOrDomain, [MaybeNullWhen(false)] out SimulatedTenant tenant)
    {
        tenant = Guid.TryParse(idOrDomain, out var id)
            ? _tenants.GetValueOrDefault(id)
            : _tenants.Values.FirstOrDefault(candidate => candidate.Domain.Equals(idOrDomain, StringComparison.OrdinalIgnoreCase));
        return tenant is not null;
    }
}
