using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Access;

/// <summary>From the service's ids to the vault's names, and from the vault's errors to the service's.</summary>
internal sealed class VaultAccess(VaultStores stores, IGrainFactory grains)
{
    /// <summary>Gives the tenant its data key in the store that it is to be in.</summary>
    public static Task CreateTenantAsync(TenantId tenant, NamedStore store, CancellationToken cancellation) => store.Repository.CreateTenantAsync(tenant.ToString(), cancellation);

    public async Task<ResourceVault> OpenAsync(ResourceId resource, CancellationToken cancellation) =>
        await (await StoreOfAsync(resource.Tenant, cancellation)).Repository.OpenAsync(NameOf(resource), cancellation);

    /// <summary>Keeps what has to be known of a resource beside its backups.</summary>
    public async Task PutCardAsync(ResourceId resource, string card, CancellationToken cancellation) =>
        await (await StoreOfAsync(resource.Tenant, cancellation)).Repository.PutCardAsync(NameOf(resource), card, cancellation);

    /// <summary>Writes down that items which were erased must not come back.</summary>
    public async Task EnterErasedAsync(ResourceId resource, Guid erasure, IEnumerable<string> itemIds, CancellationToken cancellation) =>
        await (await StoreOfAsync(resource.Tenant, cancellation)).Repository.EnterErasedAsync(NameOf(resource), erasure, itemIds, cancellation);

    public async Task<ErasedItems> ReadErasedAsync(ResourceId resource, CancellationToken cancellation) =>
        await (await StoreOfAsync(resource.Tenant, cancellation)).Repository.ReadErasedAsync(NameOf(resource), cancellation);

    private async Task<NamedStore> StoreOfAsync(TenantId tenant, CancellationToken cancellation) =>
        stores.IsOne ? stores.Default : stores.Of((await grains.Tenant(tenant).GetPlace(cancellation)).Store);

    /// <summary>Why nothing of the tenant may be written to the vault now, or null.</summary>
    public async Task<string?> PausedAsync(TenantId tenant, CancellationToken cancellation) => (await grains.Tenant(tenant).GetPlace(cancellation)).Paused;

    /// <summary>Why no run begins now, or null.</summary>
    public async Task<string?> RunsHaltedAsync(TenantId tenant, CancellationToken cancellation) => await grains.Tenant(tenant).GetPlace(cancellation) is var place ? place.Paused ?? place.RunsHalted : null;

    /// <summary>Why no restore point expires now, or null.</summary>
    public async Task<string?> ExpiryHaltedAsync(TenantId tenant, CancellationToken cancellation) => await grains.Tenant(tenant).GetPlace(cancellation) is var place ? place.Paused ?? place.ExpiryHalted : null;

    /// <summary>The vault's name of a resource. Stored: the form never changes.</summary>
    public static ResourceName NameOf(ResourceId resource) => new(resource.Tenant.ToString(), $"{resource.Kind.Token()}-{WordOf(resource)}");

    // A site's id is a host name and two GUIDs with commas between, and can be longer than a name: its two GUIDs are unique in the tenant.
    private static string WordOf(ResourceId resource) => resource.Kind == ResourceKind.Site && resource.ObjectId.Split(',') is [_, var collection, var web]
        ? $"{collection}.{web}".ToLowerInvariant()
        : resource.ObjectId.ToLowerInvariant();

    /// <summary>What a caller may see of a vault error.</summary>
    public static ServiceException Translate(VaultException exception) => exception switch
    {
        RestorePointNotFoundException => new NotFoundException("This restore point does not exist, or has expired."),
        _ => new VaultUnavailableException(exception.Message),
    };
}
