using System.Runtime.CompilerServices;
using OrleansBackup.Vault.Ledger;
using OrleansBackup.Vault.Log;

namespace OrleansBackup.Vault;

/// <summary>Ledgers: documents that must outlive the database, encrypted like the backups they stand beside.</summary>
public sealed partial class VaultRepository
{
    /// <summary>Enters a document that never changes. Safe to repeat with the same text. Durable when this returns.</summary>
    /// <exception cref="DocumentTakenException">It is there with another text.</exception>
    /// <exception cref="TenantKeyMissingException">The tenant was never created, or its key destroyed.</exception>
    public async Task EnterAsync(string tenant, DocumentName document, string text, CancellationToken cancellation) =>
        await (await DocumentAsync(tenant, document, cancellation)).EnterAsync(text, time.GetUtcNow(), cancellation);

    /// <summary>Puts a document in the place of the one before. Safe to repeat. Durable when this returns.</summary>
    /// <exception cref="TenantKeyMissingException">The tenant was never created, or its key destroyed.</exception>
    public async Task ReplaceAsync(string tenant, DocumentName document, string text, CancellationToken cancellation) =>
        await (await DocumentAsync(tenant, document, cancellation)).ReplaceAsync(text, time.GetUtcNow(), cancellation);

    /// <returns>The newest edition that can be read; null: there is no such document.</returns>
    /// <exception cref="DamagedObjectException">There are editions, and none can be read.</exception>
    /// <exception cref="TenantKeyMissingException">The tenant was never created, or its key destroyed.</exception>
    public async Task<VaultDocument?> ReadDocumentAsync(string tenant, DocumentName document, CancellationToken cancellation) =>
        await (await DocumentAsync(tenant, document, cancellation)).ReadAsync(cancellation);

    /// <summary>Deletes a document with all its editions: its term is over. Safe to repeat.</summary>
    /// <exception cref="ObjectRetainedException">The store may not delete it yet.</exception>
    public async Task DeleteDocumentAsync(string tenant, DocumentName document, CancellationToken cancellation) =>
        await (await DocumentAsync(tenant, document, cancellation)).DeleteAsync(cancellation);

    /// <summary>The names of the documents whose names begin so, in ordinal order.</summary>
    /// <param name="prefix">Whole parts with the '/' behind them, or nothing.</param>
    public async IAsyncEnumerable<DocumentName> ListDocumentsAsync(string tenant, string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        var (place, names) = (ResourceNames.LedgerOf(tenant), new SortedSet<string>(StringComparer.Ordinal));
        await foreach (var name in store.ListAsync(place + prefix, cancellation))
            names.Add(name.Value[place.Length..name.Value.LastIndexOf('/')]);
        foreach (var name in names)
            yield return new(name);
    }

    /// <summary>Reads every object of the tenant's ledger.</summary>
    /// <returns>Those that are damaged, by the names of their objects.</returns>
    public async Task<IReadOnlyList<DamagedObjectException>> CheckLedgerAsync(string tenant, CancellationToken cancellation)
    {
        var damaged = new List<DamagedObjectException>();
        await foreach (var name in ListDocumentsAsync(tenant, "", cancellation))
            damaged.AddRange(await (await DocumentAsync(tenant, name, cancellation)).CheckAsync(cancellation));
        return damaged;
    }

    /// <summary>Writes down that these items must not come back. Safe to repeat. Durable when this returns.</summary>
    public Task EnterErasedAsync(ResourceName resource, Guid erasure, IEnumerable<string> itemIds, CancellationToken cancellation) =>
        EnterAsync(resource.Tenant, ErasedItems.NameOf(resource, erasure), ErasedItems.Write(resource, itemIds), cancellation);

    /// <summary>What all erasures of a resource have written down.</summary>
    /// <exception cref="DamagedObjectException">One of them cannot be read: nobody knows what must not come back.</exception>
    public async Task<ErasedItems> ReadErasedAsync(ResourceName resource, CancellationToken cancellation)
    {
        var texts = new List<string>();
        await foreach (var name in ListDocumentsAsync(resource.Tenant, ErasedItems.Prefix(resource), cancellation))
            texts.Add((await ReadDocumentAsync(resource.Tenant, name, cancellation))!.Text);
        return texts.Count == 0 ? ErasedItems.None(resource) : ErasedItems.Read(resource, texts);
    }

    private async Task<DocumentShelf> DocumentAsync(string tenant, DocumentName document, CancellationToken cancellation)
    {
        ResourceName.EnsureValid(tenant);
        return new(await FilesOfAsync(tenant, cancellation), tenant, document);
    }
}
