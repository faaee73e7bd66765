using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Items;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Log;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Sweep;

namespace OrleansBackup.Vault;

/// <summary>The backup repository: all tenants in one store. The store and the key-encryption key are enough to find and read everything.</summary>
/// <remarks>Holds no state of its own but keys that it unwrapped a short while ago; any number of instances, in any number of processes, may work on one store.</remarks>
public sealed partial class VaultRepository(IBlobStore store, IKeyEncryption keys, VaultOptions options, TimeProvider time)
{
    private readonly RetainingWrites? _retaining = options.RetainFor is not { } retainFor ? null
        : store is IRetainingBlobStore retaining ? new(new MeteredRetainingBlobStore(retaining, time), retainFor, time)
        : throw new RetentionNotSupportedException($"{store.GetType().Name} has no retention; take RetainFor out of the configuration, or use another store");

    private readonly UnwrappedKeys _unwrapped = new(keys, options.KeepTenantKeysFor, options.TenantKeysKept, time);

    /// <summary>How many tenants' keys lie in memory unwrapped, for the next opening (<see cref="VaultOptions.KeepTenantKeysFor"/>).</summary>
    public int TenantKeysInMemory => _unwrapped.Count;

    /// <summary>What the store said about how long it keeps the objects written so far; null: <see cref="VaultOptions.RetainFor"/> is not set.</summary>
    public RetentionReadBack? Retention => _retaining?.ReadBack;

    /// <summary>What gives objects of this store their retention and has the store keep them longer; null: <see cref="VaultOptions.RetainFor"/> is not set.</summary>
    public RetainingWrites? Keeping => _retaining;

    private IBlobStore Objects => (IBlobStore?)_retaining ?? new MeteredBlobStore(store, time);

    /// <summary>Gives the tenant its data key, unless it has one. Durable when this returns.</summary>
    public async Task CreateTenantAsync(string tenant, CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        var name = ResourceNames.KeysOf(tenant);
        if (await TenantExistsAsync(tenant, cancellation))
            return;
        if (await store.GetLengthAsync(new Keys.Destruction.DestructionSteps(store, tenant).Plan, cancellation) is not null)
            throw new DeletionRecordException(tenant, "it is not finished; finish it and forget it before the tenant is created again");
        var dataKey = System.Security.Cryptography.RandomNumberGenerator.GetBytes(TenantKeys.DataKeyBytes);
        var wrapped = await keys.WrapAsync(dataKey, tenant, cancellation);
        // False: somebody else created it meanwhile, and theirs is the key.
        await store.PutIfAbsentAsync(name, new KeyObject(null, wrapped).Encode(), cancellation);
    }

    public async Task<bool> TenantExistsAsync(string tenant, CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        return await new TenantKeyCopies(store, tenant).ListAsync(cancellation) is not [];
    }

    /// <summary>Puts the tenant's data key under another key-encryption key, without rewriting data. After a crash call it again.</summary>
    /// <remarks>From then on the tenant needs <paramref name="next"/>; use a <see cref="KeyRing"/> while some tenants are not rotated yet.</remarks>
    /// <exception cref="KeyRotationContestedException">Somebody else rotates it now.</exception>
    public async Task<KeyRotationResult> RotateKeyAsync(string tenant, IKeyEncryption next, CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            return await KeyRotation.RotateAsync(store, tenant, keys, next, cancellation);
        }
        finally
        {
            ForgetKey(tenant);
        }
    }

    /// <summary>Zeroes what lies in memory of the tenant's key here: it is being destroyed, or is another now.</summary>
    public void ForgetKey(string tenant) => _unwrapped.Forget(tenant);

    /// <summary>Opens a resource; one that holds nothing yet is empty. Nothing is written.</summary>
    /// <exception cref="TenantKeyMissingException">The tenant was never created, or its key destroyed.</exception>
    /// <exception cref="WrongKeyException">Another key-encryption key wrapped the tenant's key, or the key object is damaged.</exception>
    public async Task<ResourceVault> OpenAsync(ResourceName resource, CancellationToken cancellation)
    {
        ResourceName.EnsureValid(resource.Tenant);
        return new(new(await FilesOfAsync(resource.Tenant, cancellation), new(resource), options, time, new BoundedCache(options.CacheBytes)));
    }

    /// <summary>Condemns the tenant's shared content that no resource names, and deletes what earlier sweeps condemned and nobody wanted since.</summary>
    /// <remarks>Safe beside runs, readers, prunes and other sweeps, in any process; after a crash call it again. Reads the item tables of all resources.</remarks>
    /// <exception cref="DamagedObjectException">A list of condemned content and its copy cannot be read; nothing was condemned or deleted.</exception>
    public async Task<SweepResult> SweepAsync(string tenant, CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        return await new ContentSweep(await FilesOfAsync(tenant, cancellation), options, time).RunAsync(cancellation);
    }

    private async Task<ObjectFiles> FilesOfAsync(string tenant, CancellationToken cancellation)
    {
        try
        {
            var dataKey = await new TenantKeyCopies(store, tenant).OpenAsync(_unwrapped, cancellation);
            var tenantKeys = new TenantKeys(tenant, dataKey);
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(dataKey);
            return new(Objects, tenantKeys, new BlockCodec(options.Compression));
        }
        catch (TenantKeyMissingException)
        {
            ForgetKey(tenant); // destroyed, perhaps by another process
            throw;
        }
    }

    /// <summary>The tenants that have a key or data here.</summary>
    public IAsyncEnumerable<string> ListTenantsAsync(CancellationToken cancellation) => store.ListPartsAsync("", cancellation);

    /// <summary>The tenant's resources that hold anything.</summary>
    public async IAsyncEnumerable<string> ListResourcesAsync(string tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        await foreach (var resource in store.ListPartsAsync(ResourceNames.ResourcesOf(tenant), cancellation))
            yield return resource;
    }
}
