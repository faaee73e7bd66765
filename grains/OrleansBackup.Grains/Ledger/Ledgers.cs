using System.Collections.Immutable;
using System.Text.Json;
using Orleans;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Access;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;

namespace OrleansBackup.Grains.Ledger;

/// <summary>What has to outlive the database stands in two kinds of ledgers beside the backups.</summary>
/// <remarks>
/// <para>The provider's: invoices, credit notes, payments, price lists, how each account stands, contracts, and lists of consequences that were shown. They have a key of their own and
/// stay when a customer's data and key are destroyed: the law wants the books of a business kept for seven years (article 52 of the Dutch General Tax Act, AWR), and the contract
/// with what was shown before an act is the proof that the destruction was rightful. They hold whom the invoice goes to and who decided, ids and counts, never content of a backup.</para>
/// <para>A tenant's: who was there on which day, work, and frozen reports, which name employees. Under the tenant's key, so they go with it.</para>
/// <para>What is entered there first is acknowledged afterwards; what can only follow is tried again by the tick of who owes it.</para>
/// </remarks>
internal sealed class Ledgers(VaultStores stores, IGrainFactory grains)
{
    /// <summary>Stands where tenants stand; no tenant's id looks so.</summary>
    public const string Provider = "provider";

    private volatile bool _isThere;

    /// <summary>Enters what never changes in the provider's ledger. Durable when this returns.</summary>
    /// <exception cref="DocumentTakenException">It is there with another text.</exception>
    /// <exception cref="VaultUnavailableException">It could not be written.</exception>
    public Task EnterAsync(DocumentName document, string text, CancellationToken cancellation) => WriteAsync(repository => repository.EnterAsync(Provider, document, text, cancellation), cancellation);

    /// <inheritdoc cref="EnterAsync"/>
    public Task ReplaceAsync(DocumentName document, string text, CancellationToken cancellation) => WriteAsync(repository => repository.ReplaceAsync(Provider, document, text, cancellation), cancellation);

    /// <summary>Deletes a document of the provider's whose term is over, from every store. Safe to repeat.</summary>
    /// <exception cref="VaultUnavailableException">A store could not delete it, or may not yet.</exception>
    public async Task DeleteAsync(DocumentName document, CancellationToken cancellation)
    {
        foreach (var store in await ProvidersAsync(cancellation))
            await TryAsync(async () => { await store.Repository.DeleteDocumentAsync(Provider, document, cancellation); return true; });
    }

    /// <summary>Enters what never changes in a tenant's ledger.</summary>
    /// <exception cref="TenantKeyMissingException">The tenant has no backups here, or they were destroyed: then nothing of it is kept either.</exception>
    /// <exception cref="NotPossibleNowException">The tenant is being moved or destroyed.</exception>
    public Task EnterAsync(TenantId tenant, DocumentName document, string text, CancellationToken cancellation) =>
        WriteAsync(tenant, repository => repository.EnterAsync(tenant.ToString(), document, text, cancellation), cancellation);

    /// <inheritdoc cref="EnterAsync(TenantId, DocumentName, string, CancellationToken)"/>
    public Task ReplaceAsync(TenantId tenant, DocumentName document, string text, CancellationToken cancellation) =>
        WriteAsync(tenant, repository => repository.ReplaceAsync(tenant.ToString(), document, text, cancellation), cancellation);

    /// <summary>One document of the provider's, from whichever store has it; the newest of several.</summary>
    public async Task<VaultDocument?> ReadAsync(DocumentName document, CancellationToken cancellation)
    {
        VaultDocument? newest = null;
        foreach (var store in await ProvidersAsync(cancellation))
            if (await TryAsync(() => store.Repository.ReadDocumentAsync(Provider, document, cancellation)) is { } read && (newest is null || read.WrittenAt > newest.WrittenAt))
                newest = read;
        return newest;
    }

    public async Task<VaultDocument?> ReadAsync(TenantId tenant, DocumentName document, CancellationToken cancellation) =>
        await TryAsync(async () => await (await StoreOfAsync(tenant, cancellation)).Repository.ReadDocumentAsync(tenant.ToString(), document, cancellation));

    /// <summary>The provider's documents whose names begin so, in ordinal order.</summary>
    public async Task<ImmutableArray<DocumentName>> ListAsync(string prefix, CancellationToken cancellation)
    {
        var names = new HashSet<DocumentName>();
        foreach (var store in await ProvidersAsync(cancellation))
            names.UnionWith(await TryAsync(async () => await store.Repository.ListDocumentsAsync(Provider, prefix, cancellation).ToListAsync(cancellation)));
        return [.. names.OrderBy(name => name.Value, StringComparer.Ordinal)];
    }

    /// <param name="store">Where the tenant is; it may not be in service yet.</param>
    public static async Task<ImmutableArray<DocumentName>> ListAsync(NamedStore store, TenantId tenant, string prefix, CancellationToken cancellation) =>
        [.. await TryAsync(async () => await store.Repository.ListDocumentsAsync(tenant.ToString(), prefix, cancellation).ToListAsync(cancellation))];

    /// <summary>Reads a document, and tells of one that cannot be read instead of leaving it out silently.</summary>
    /// <returns>Null: it is not there, or told among the problems.</returns>
    public async Task<T?> ReadOrTellAsync<T>(DocumentName document, ICollection<string> problems, CancellationToken cancellation)
        where T : class => await OrTellAsync<T>(document, () => ReadAsync(document, cancellation), problems);

    /// <inheritdoc cref="ReadOrTellAsync{T}(DocumentName, ICollection{string}, CancellationToken)"/>
    public static async Task<T?> ReadOrTellAsync<T>(NamedStore store, TenantId tenant, DocumentName document, ICollection<string> problems, CancellationToken cancellation)
        where T : class => await OrTellAsync<T>(document, () => TryAsync(() => store.Repository.ReadDocumentAsync(tenant.ToString(), document, cancellation)), problems);

    /// <summary>Puts the provider's ledgers under another key-encryption key.</summary>
    public async Task RotateKeyAsync(IKeyEncryption next, CancellationToken cancellation)
    {
        foreach (var store in await ProvidersAsync(cancellation))
            await TryAsync(() => store.Repository.RotateKeyAsync(Provider, next, cancellation));
    }

    private static async Task<T?> OrTellAsync<T>(DocumentName document, Func<Task<VaultDocument?>> read, ICollection<string> problems)
        where T : class
    {
        try
        {
            if (await read() is not { } found)
                return null;
            if (!found.IsNewest)
                problems.Add($"What was written last of '{document}' cannot be read; what stood there before is taken.");
            return typeof(T) == typeof(string) ? (T)(object)found.Text : LedgerJson.Read<T>(found);
        }
        catch (Exception wrong) when (wrong is ServiceException or JsonException)
        {
            problems.Add($"'{document}' of the ledger cannot be read: {wrong.Message}");
            return null;
        }
    }

    private async Task WriteAsync(Func<VaultRepository, Task> write, CancellationToken cancellation)
    {
        if (!_isThere)
        {
            await TryAsync(async () => { await stores.Default.Repository.CreateTenantAsync(Provider, cancellation); return true; });
            _isThere = true;
        }
        await TryAsync(async () => { await write(stores.Default.Repository); return true; });
    }

    private async Task WriteAsync(TenantId tenant, Func<VaultRepository, Task> write, CancellationToken cancellation)
    {
        var place = await grains.Tenant(tenant).GetPlace(cancellation);
        if (place.Paused is { } why)
            throw new NotPossibleNowException(why);
        await TryAsync(async () => { await write(stores.IsOne ? stores.Default.Repository : stores.Of(place.Store).Repository); return true; });
    }

    private async Task<NamedStore> StoreOfAsync(TenantId tenant, CancellationToken cancellation) =>
        stores.IsOne ? stores.Default : stores.Of((await grains.Tenant(tenant).GetPlace(cancellation)).Store);

    private async Task<List<NamedStore>> ProvidersAsync(CancellationToken cancellation)
    {
        var found = new List<NamedStore>();
        foreach (var store in stores.All)
            if (await TryAsync(() => store.Repository.TenantExistsAsync(Provider, cancellation)))
                found.Add(store);
        return found;
    }

    // What is taken and what has no key are answers; everything else is a store that does not work now.
    private static async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is IOException or (VaultException and not (DocumentTakenException or TenantKeyMissingException)))
        {
            throw exception is VaultException wrong ? VaultAccess.Translate(wrong) : new VaultUnavailableException(exception.Message);
        }
    }
}
