using System.Collections.Frozen;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Access;

/// <summary>One store by its name.</summary>
/// <param name="Region">As configured, or null.</param>
/// <param name="Factory">What made it; null for the store that the host brings itself.</param>
internal sealed record NamedStore(string Name, IBlobStore Store, string? Region, VaultRepository Repository, IStoreFactory? Factory);

/// <summary>The stores that tenants can be in.</summary>
internal sealed class VaultStores
{
    private readonly FrozenDictionary<string, NamedStore> _stores;

    private VaultStores(IEnumerable<NamedStore> stores, string defaultName)
    {
        _stores = stores.ToFrozenDictionary(store => store.Name, StringComparer.Ordinal);
        Default = _stores[defaultName];
    }

    /// <summary>Where a new tenant goes that names no store.</summary>
    public NamedStore Default { get; }

    /// <summary>Whether there is but one: then nobody has to be asked where a tenant is.</summary>
    public bool IsOne => _stores.Count == 1;

    /// <summary>In the order of their names.</summary>
    public IEnumerable<NamedStore> All => _stores.Values.OrderBy(store => store.Name, StringComparer.Ordinal);

    /// <param name="only">The store where none is configured.</param>
    public static VaultStores Open(
        StoresOptions options, Func<IBlobStore> only, IEnumerable<IStoreFactory> factories, IKeyEncryption keys, VaultOptions vault, TimeProvider time)
    {
        var stores = options.Stores.Count == 0
            ? [(Name: StoresOptions.OnlyStore, Store: only(), options.Region, Factory: null)]
            : options.Stores.Select(store =>
            {
                var factory = factories.Single(factory => factory.Kind == store.Value.Kind);
                return (Name: store.Key, Store: factory.Create(store.Value, time), store.Value.Region, Factory: (IStoreFactory?)factory);
            });
        return new(stores.Select(store => new NamedStore(
            store.Name, store.Store, store.Region, new VaultRepository(store.Store, keys, vault, time), store.Factory)), options.Default);
    }

    /// <exception cref="InvalidRequestException">No store has this name.</exception>
    public NamedStore Of(string name) => _stores.GetValueOrDefault(name)
        ?? throw new InvalidRequestException("store", $"There is no store '{name}'; configured are {string.Join(", ", _stores.Keys.Order(StringComparer.Ordinal))}.");

    /// <summary>Refuses a store that lies where the tenant's backups must not.</summary>
    /// <param name="field">What of the request is wrong then.</param>
    /// <exception cref="InvalidRequestException">It lies elsewhere, or nobody knows where.</exception>
    public static async Task RequireAsync(NamedStore store, StorageDemand demand, string field, CancellationToken cancellation)
    {
        if (demand.Countries.IsDefaultOrEmpty)
            return;
        var reported = await store.Store.ReportRegionAsync(cancellation);
        if (demand.Refusal(store.Name, store.Region, reported) is { } refusal)
            throw new InvalidRequestException(field, refusal);
    }
}
