using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tenants;

/// <summary>The provider's list of customers.</summary>
internal sealed partial class ProviderGrain([PersistentState("provider", StateStores.Default)] IPersistentState<ProviderState> storage, TenantEnds ends,
    ProviderKeys keys, VaultStores stores, Ledgers ledgers, IHostApplicationLifetime process, TimeProvider time, ILogger<ProviderGrain> log) : Grain, IProviderGrain, IRemindable
{
    private readonly StateKeeper<ProviderState> _keeper = new(storage);

    public async Task Enlist(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (_keeper.State.Tenants.GetValueOrDefault(tenant.ToString()) != name)
            await _keeper.ChangeAsync(state => state with { Tenants = state.Tenants.SetItem(tenant.ToString(), name) });
    }

    public async Task Delist(TenantId tenant, CancellationToken cancellation)
    {
        if (_keeper.State.Tenants.ContainsKey(tenant.ToString()))
            await _keeper.ChangeAsync(state => state with { Tenants = state.Tenants.Remove(tenant.ToString()) });
        ForgetStanding(tenant);
    }

    public Task<string> GetDeletionKey(CancellationToken cancellation)
    {
        try
        {
            return Task.FromResult(ends.Signer.PublicKeyPem);
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }

    public Task<ImmutableArray<PermissionState>> ListPermissions(CancellationToken cancellation) => Task.FromResult(TenantSignIn.Asked);

    public Task<ImmutableArray<StoreListing>> ListStores(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<StoreListing>>([.. stores.All.Select(store => new StoreListing(store.Name, store.Region, store.Name == stores.Default.Name))]);

    public Task<ImmutableArray<TenantListing>> ListTenants(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<TenantListing>>([.. _keeper.State.Tenants
            .Select(entry => new TenantListing(TenantId.Parse(entry.Key), entry.Value))
            .OrderBy(listing => listing.Name, StringComparer.OrdinalIgnoreCase).ThenBy(listing => listing.Tenant.Value)]);
}

/// <summary>Names of tenants by their id.</summary>
[GenerateSerializer, Immutable, Alias("provider-state")]
internal sealed record ProviderState : StoredState
{
    [Id(0)] public ImmutableDictionary<string, string> Tenants { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The newest rotation of the provider's key.</summary>
    [Id(1)] public ProviderJobStatus? Rotation { get; init; }

    /// <summary>The newest recovery from the stores.</summary>
    [Id(2)] public ProviderJobStatus? Recovery { get; init; }
}
